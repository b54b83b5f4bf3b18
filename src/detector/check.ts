import type { ImageSource } from '../images/index.ts'
import {
  type Baseline,
  type ImageScore,
  judge,
  type Judgement,
  scoreImages,
  type Verdict,
} from '../judging/index.ts'
import { type Extractor, measure } from '../measuring/index.ts'
import { foldMeasurements, type Measurements } from '../measuring/values/index.ts'
import { describe, tellNote } from '../wording/index.ts'
import type { DetectorManifest } from './artifact/manifest.ts'
import { notesOnDecoding } from './decoding-note.ts'
import { type Clock, installedVersions, systemClock } from './provenance.ts'
import { parseCheckOptions } from './settings/options.ts'
import type { CheckInput } from './settings/settings.ts'

/** Settings of a judgement, and when it is said to be made. */
export type JudgingOptions = Omit<CheckInput, 'strict'> & {
  /** Says when the check was made; the system's clock by default. */
  readonly now?: Clock
}

/** Settings of a check, and what it is told while it runs. */
export type CheckOptions = JudgingOptions &
  Pick<CheckInput, 'strict'> & {
    /** Ends the check with DriftError('cancelled') once it is aborted. Default: nothing does. */
    readonly signal?: AbortSignal
    /** Called with the number of images measured so far. */
    readonly onProgress?: (read: number) => void
    /** Called with the scores of every image, in reading order, however large the batch. */
    readonly onScores?: (scores: readonly ImageScore[]) => void
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
  const { policy = manifest.policy, mode, seed } = parseCheckOptions(input)
  const judgement = judge(baseline, measurements, policy, { mode, seed })
  const onDecoding = notesOnDecoding(manifest.versions, measurements.sources)
  const versions = await installedVersions()
  return {
    ...inWords({ ...judgement, notes: [...onDecoding, ...judgement.notes] }),
    checkedAt: now().toISOString(),
    versions,
    batch: { location: locationsOf(measurements) },
    detector: describeDetector(manifest),
  }
}

/** Where the images came from, as the user wrote it. */
function locationsOf({ sources }: Measurements): string {
  return [...new Set(sources.map(({ location }) => location))].join(', ')
}

/** The judgement with its sentences. */
function inWords(
  judgement: Judgement,
): Omit<Verdict, 'checkedAt' | 'versions' | 'batch' | 'detector'> {
  const { summary, findings } = describe(judgement)
  const notes = judgement.notes.map(tellNote)
  return { schemaVersion: 1, ...judgement, summary, findings, notes }
}

function describeDetector(manifest: DetectorManifest): Verdict['detector'] {
  const { id, libraryVersion, fittedAt, location, seed, shape, counts } = manifest
  return {
    id,
    libraryVersion,
    ...(fittedAt !== undefined && { fittedAt }),
    location,
    counts,
    seed,
    shape,
    referenceCount: counts.reference,
  }
}
