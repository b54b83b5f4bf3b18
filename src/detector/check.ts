import type { ImageSource } from '../images/index.ts'
import { type Baseline, type ImageScore, judge, policyId, scoreImages } from '../judging/index.ts'
import { type Extractor, measure } from '../measuring/index.ts'
import { foldMeasurements, type Measurements } from '../measuring/values/index.ts'
import { type Judgement, type Verdict, VERDICT_VERSION } from '../verdict/index.ts'
import { describe } from '../wording/index.ts'
import type { DetectorManifest } from './artifact/manifest.ts'
import { notesOnDecoding } from './decoding-note.ts'
import { type Clock, installedVersions, systemClock } from './provenance.ts'
import { parseCheckOptions } from './settings/options.ts'
import type { CheckInput } from './settings/settings.ts'

/** Settings of a judgement, and when it is said to be made. */
export type JudgingOptions = Omit<CheckInput, 'strict'> & {
  /** Says when the check was made; the system's clock by default. */
  readonly now?: Clock | undefined
}

/** Settings of a check, and what it is told while it runs. */
export type CheckOptions = JudgingOptions &
  Pick<CheckInput, 'strict'> & {
    /** Ends the check with DriftError('cancelled') once it is aborted. Default: nothing does. */
    readonly signal?: AbortSignal | undefined
    /** Called with the number of images measured so far. */
    readonly onProgress?: ((read: number) => void) | undefined
    /** Called with the scores of every image, in reading order, however large the batch. */
    readonly onScores?: ((scores: readonly ImageScore[]) => void) | undefined
  }

/** What a check needs of a detector. */
export type Checker = {
  readonly manifest: DetectorManifest
  readonly extractor: Extractor
  readonly baseline: Baseline
}

/** Measures a batch, tests it against the held-out reference and says what was found. */
export async function checkBatch(
  detector: Checker,
  batch: ImageSource,
  { signal, onProgress, onScores, ...options }: CheckOptions = {},
): Promise<Verdict> {
  const { extractor, baseline } = detector
  const { now: _, ...input } = options
  const { strict } = parseCheckOptions(input)
  const fold = foldMeasurements({ extractorId: extractor.id, columns: extractor.columns })
  let read = 0
  for await (const part of measure(extractor, batch, { strict, signal })) {
    fold.add(part)
    if (part.count > 0) onScores?.(scoreImages(baseline, part))
    read += part.count
    onProgress?.(read)
  }
  const { strict: __, ...judging } = options
  return judgeMeasurements(detector, fold.taken(), judging)
}

/** Judges what was measured before, and says what was found. */
export async function judgeMeasurements(
  { manifest, baseline }: Omit<Checker, 'extractor'>,
  measurements: Measurements,
  { now = systemClock, ...input }: JudgingOptions = {},
): Promise<Verdict> {
  const { policy: rule = manifest.policy, tolerateFiles, ...options } = parseCheckOptions(input)
  const policy = tolerateFiles.length === 0 ? rule : { ...rule, tolerateFiles }
  const judged = judge(baseline, measurements, policy, options)
  const onDecoding = notesOnDecoding(manifest.versions, measurements.sources)
  const judgement: Judgement = { ...judged, notes: [...onDecoding, ...judged.notes] }
  const { from = null, to = null } = measurements.period ?? {}
  return {
    version: VERDICT_VERSION,
    period: { from, to, judgedAt: now().toISOString() },
    source: sourceOf(measurements),
    ids: { extractor: baseline.extractorId, baseline: baseline.id, policy: policyId(policy) },
    policy,
    judgement,
    words: describe(judgement),
    detector: describeDetector(manifest),
    versions: await installedVersions(),
  }
}

function sourceOf({ sources }: Measurements): Verdict['source'] {
  return {
    location: [...new Set(sources.map(({ location }) => location))].join(', '),
    kinds: [...new Set(sources.map(({ kind }) => kind))],
  }
}

function describeDetector(manifest: DetectorManifest): Verdict['detector'] {
  const { id, libraryVersion, fittedAt, location, counts, seed, shape } = manifest
  return { id, libraryVersion, fittedAt, location, counts, seed, shape }
}
