import type { ImageRecord, ImageSource } from '../images/index.ts'
import {
  type Baseline,
  behindRows,
  blocksOf,
  type CheckedWindow,
  chooseExemplars,
  columnIndex,
  compareLoss,
  createRecogniser,
  createShiftJudge,
  decide,
  type FeatureTest,
  FEWEST_IN_BATCH,
  gatherEvidence,
  type ImageScore,
  measureShare,
  measureSize,
  noteOnBlocks,
  notesOnLargeBatch,
  notesOnOutputs,
  notesOnUnused,
  type Policy,
  rankedColumns,
  rowBlocks,
  scoreColumn,
  setAside,
  type ShiftReference,
  testFeatures,
  untestedThreshold,
  type Verdict,
  type WindowImages,
} from '../judging/index.ts'
import { conformalPValue } from '../statistics/index.ts'
import { notesOnDecoding } from './decoding-note.ts'
import { findings, notesOnBatch, summarise } from './findings.ts'
import { requireVectors } from '../measuring/index.ts'
import { type CheckSettings, parseCheckOptions } from './settings/options.ts'
import type { CheckInput } from './settings/settings.ts'
import { type Clock, installedVersions, systemClock } from './provenance.ts'
import { readWindow } from './read-window.ts'
import type { DetectorParts } from './artifact/storage.ts'

/** Settings of a check, and what it is told while it runs. */
export type CheckOptions = CheckInput & {
  /** Ends the check with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal
  /** Called with the number of images measured so far. */
  readonly onProgress?: (read: number) => void
  /** Called with the scores of every image, in reading order, however large the batch. */
  readonly onScores?: (scores: readonly ImageScore[]) => void
  /** Says when the check was made; the system's clock by default. */
  readonly now?: Clock
}

type Checker = DetectorParts & { readonly baseline: Baseline }

/** Measures a batch, tests it against the held-out reference and says what was found. */
export async function checkBatch(
  detector: Checker,
  batch: ImageSource,
  options: CheckOptions = {},
): Promise<Verdict> {
  const { signal, onProgress, onScores, now = systemClock, ...input } = options
  const settings = parseCheckOptions(input)
  const { manifest, stack } = detector
  const [channels, height, width] = manifest.shape
  const layout = {
    columnCount: stack.columns.length,
    lossColumn: columnIndex(stack.columns, 'loss'),
  }
  const all = await readWindow(batch, {
    shape: { channels, height, width },
    resize: manifest.resize,
    depth: manifest.depth,
    strict: settings.strict,
    seed: settings.seed,
    ...layout,
    recogniser: createRecogniser(detector.known),
    transform: (pixels, given) => {
      requireVectors(stack.given, given, batch.location)
      return stack.transform(pixels, given)
    },
    ...(signal && { signal }),
    ...(onProgress && { onRead: onProgress }),
    ...(onScores && {
      onFeatures: (records, values) => onScores(scoreImages(detector, records, values)),
    }),
  })
  const policy = settings.policy ?? manifest.policy
  const window = setAside(all, detector.known, layout)
  const judged =
    window.judged.rows.length < FEWEST_IN_BATCH
      ? assemble(detector, window, { ...untested, threshold: untestedThreshold(policy) })
      : judgeWindow(detector, window, { ...settings, policy })
  const versions = await installedVersions()
  return {
    ...judged,
    checkedAt: now().toISOString(),
    versions,
    notes: [...notesOnDecoding(manifest.versions, versions, batch), ...judged.notes],
    batch: { location: batch.location },
  }
}

function judgeWindow(
  detector: Checker,
  checked: CheckedWindow,
  { policy, mode, seed }: CheckSettings & { readonly policy: Policy },
): Finding {
  const { manifest } = detector
  const { all, judged: window } = checked
  const level = policy.kind === 'false-alarm-rate' ? policy.rate : DEFAULT_LEVEL
  const blocks = windowBlocks(detector, window)
  const test = testFeatures(detector, window.values, {
    mode,
    level,
    seed,
    ...(blocks && { blocks }),
  })
  const loss = compareLoss(detector.baseline.loss, window.loss)
  const tested = { window: window.values, test }
  const rows = rowBlocks(detector.blocks, blocks, test.comparison)
  const share = once(() => measureShare(manifest.columns, tested, { seed, blocks: rows }))
  const decision = decide({
    policy,
    loss,
    test,
    ranked: rankedColumns(manifest.columns),
    changedShare: () => share().estimate,
    referenceCount: manifest.counts.reference,
    unreadableShare: all.skipped.total / (all.count + all.skipped.total),
  })
  const found = decision.score >= 1
  const evidence = gatherEvidence(manifest, tested, found ? share() : null)
  const extent: Pick<Judged, 'changedShare' | 'size'> = found
    ? {
        changedShare: { atLeast: share().atLeast, estimate: share().estimate, level: SHARE_LEVEL },
        size: measureSize(manifest.columns, test.comparison.prepared, window.values),
      }
    : NOT_FOUND
  const judgeShift = test.pValue > level ? null : createShiftJudge(shiftReference(detector, test))
  const shift = judgeShift?.(window.values, { level, seed, blocks }) ?? null
  const verdict = assemble(detector, checked, { ...decision, ...extent, ...evidence, loss, shift })
  const onOutputs = notesOnOutputs({
    trust: manifest.outputsTrust ?? undefined,
    columns: manifest.columns,
    reference: detector.reference.values,
    window: window.values,
    groups: evidence.groups,
    level,
    isAlarm: test.pValue <= level,
  })
  const caution =
    blocks && detector.blocks && policy.kind === 'false-alarm-rate'
      ? noteOnBlocks(detector.blocks, blocks, level)
      : undefined
  const cautions = caution === undefined ? [] : [caution]
  return { ...verdict, notes: [...cautions, ...verdict.notes, ...onOutputs] }
}

/** The reference as the test compared it, with the labels and blocks of its rows. */
function shiftReference(
  { manifest, labels, blocks }: Checker,
  { comparison }: FeatureTest,
): ShiftReference {
  return {
    manifest,
    reference: comparison.prepared,
    labels: labels && behindRows(comparison, labels),
    blocks: blocks && behindRows(comparison, blocks),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function windowBlocks(
  { manifest: { blockBy } }: Checker,
  { rows }: WindowImages,
): Uint32Array | undefined {
  if (blockBy === undefined) return undefined
  return blocksOf(
    rows.map(({ record }) => record),
    blockBy,
  )
}

/** The level whose draws a `relative` policy's evidence is computed with. */
const DEFAULT_LEVEL = 0.01

/** Of the bound on the share of images that changed. */
const SHARE_LEVEL = 0.95

const NOT_FOUND = { changedShare: null, size: null } as const

const untested = {
  severity: 'insufficient-data',
  ...NOT_FOUND,
  score: 0,
  scoreDerivation: 'not tested',
  pValue: null,
  loss: null,
  groups: [],
  features: [],
  shift: null,
} as const

type Judged = Pick<
  Verdict,
  | 'severity'
  | 'score'
  | 'scoreDerivation'
  | 'changedShare'
  | 'size'
  | 'pValue'
  | 'loss'
  | 'threshold'
  | 'groups'
  | 'features'
  | 'shift'
>

/** A verdict but for when and where it was made. */
type Finding = Omit<Verdict, 'checkedAt' | 'versions' | 'batch'>

function assemble(
  detector: Checker,
  { all, judged: window, recognised, notes }: CheckedWindow,
  judged: Judged,
): Finding {
  const { id, libraryVersion, fittedAt, location, seed, shape, counts } = detector.manifest
  return {
    schemaVersion: 1,
    drift: judged.severity === 'drift',
    ...judged,
    summary: summarise(judged, window),
    findings: findings(judged),
    notes: [
      ...notes,
      ...all.notes,
      ...notesOnUnused(detector.stack.given, all.given),
      ...notesOnBatch(all, window.rows.length),
      ...notesOnLargeBatch(detector.manifest, window.rows.length),
    ],
    count: all.count,
    recognised,
    images: scoreImages(
      detector,
      all.rows.map(({ record }) => record),
      all.values,
    ),
    exemplars: chooseExemplars(detector.stack.columns, window, judged.features),
    skipped: all.skipped.named,
    skippedCounts: all.skipped.counts,
    detector: {
      id,
      libraryVersion,
      ...(fittedAt !== undefined && { fittedAt }),
      location,
      counts,
      seed,
      shape,
      referenceCount: counts.reference,
    },
  }
}

function scoreImages(
  { stack, baseline }: Checker,
  records: readonly ImageRecord[],
  values: Float32Array,
): ImageScore[] {
  const width = stack.columns.length
  const [lossAt, excessAt] = [
    columnIndex(stack.columns, 'loss'),
    columnIndex(stack.columns, 'excess-loss'),
  ]
  const scoreAt = scoreColumn(stack.columns)
  return records.map((record, i) => {
    const score = values[i * width + scoreAt]
    return {
      record,
      loss: values[i * width + lossAt],
      excessLoss: values[i * width + excessAt],
      score,
      pValue: conformalPValue(baseline.sortedScores, score),
    }
  })
}
