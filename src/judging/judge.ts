import { DriftError } from '../errors.ts'
import { isFileGroup, type Measurements, sampleMeasurements } from '../measuring/values/index.ts'
import type { Judgement, Note } from '../verdict/index.ts'
import type { Baseline } from './baseline.ts'
import { notesOnLargeBatch } from './batch-limit.ts'
import { notesOnBatch } from './batch-notes.ts'
import { blocksOf, noteOnBlocks } from './blocks.ts'
import { behindRows } from './comparison.ts'
import { camerasOf } from './cameras.ts'
import { decide, untestedThreshold } from './decide.ts'
import { measureSize } from './drift-size.ts'
import { gatherEvidence, type MeasuredShare, measureShare, type TestedWindow } from './evidence.ts'
import { chooseExemplars } from './exemplars.ts'
import { arraysOf, columnsOfTraits, compareFiles, notesOnFiles } from './file-comparison.ts'
import { findForeign } from './foreign-images.ts'
import { compareLoss } from './loss-comparison.ts'
import { once } from './once.ts'
import { type PlacesInAlarm, placesInAlarm, placesOf } from './place-evidence.ts'
import { notesOnOutputs } from './outputs-notes.ts'
import { levelOf, type Policy } from './policy.ts'
import { findRepeats } from './repeats/find-repeats.ts'
import { type CheckedWindow, type JudgedWindow, setAside } from './set-aside.ts'
import { createShiftJudge, type ShiftReference } from './shift-kind.ts'
import type { OmnibusReference } from '../statistics/index.ts'
import { notesOnUnused } from './unused-outputs.ts'
import type { TestSettings } from './test-settings.ts'
import {
  type FeatureTest,
  rankedColumns,
  rowBlocks,
  testedGroups,
  testFeatures,
} from './window-test.ts'

export type JudgeOptions = {
  /** `auto`: cleared by the drawn null where there is one for this size, else tested exactly. Default `auto`. */
  readonly mode?: 'auto' | 'exact' | 'fast' | undefined
  /** Seed of the test's random draws, a whole number. Default 0. */
  readonly seed?: number | undefined
  /** Images may have been drawn more than once, so that repeats say nothing. Default false. */
  readonly areRedrawn?: boolean | undefined
}

/**
 * Holds what was measured of a batch against the baseline. Pure: the same values give the same judgement, wherever the
 * images were measured. Throws DriftError('config.invalid') where they were measured by another extractor.
 */
// oxlint-disable-next-line eslint/max-params -- three values, then the options object
export function judge(
  baseline: Baseline,
  measurements: Measurements,
  policy: Policy,
  { mode = 'auto', seed = 0, areRedrawn = false }: JudgeOptions = {},
): Judgement {
  requireExtractor(baseline.extractorId, measurements)
  const all = sampleMeasurements(measurements, policy.largestWindow)
  const { different, repeats, copies } = areRedrawn
    ? { different: all, copies: 0 }
    : findRepeats(all, baseline, policy)
  const checked = setAside(different, baseline.known)
  const { images, count, setAside: left } = checked.judged
  const areMany = repeats?.areMany === true
  const foreign = findForeign(all.columns, checked.judged, baseline)
  const found =
    images.length < policy.fewestImages
      ? leaveUntested(policy, areMany && all.images.length >= policy.fewestImages)
      : judgeWindow(baseline, { all, checked, areMany }, { policy, mode, seed })
  const { cautions, onOutputs, reference, ...judged } = found
  const tested = reference && {
    features: judged.features,
    reference,
    isFound: judged.score >= 1,
  }
  return {
    drift: judged.severity === 'drift',
    ...judged,
    ...(repeats && { repeats }),
    ...(foreign && { foreign }),
    notes: [
      ...cautions,
      ...checked.notes,
      ...all.notes.map((text): Note => ({ code: 'source', text })),
      ...notesOnUnused(baseline.settings.neededOutputs, all.modelOutputs),
      ...notesOnBatch(all, images.length),
      ...notesOnLargeBatch(baseline.settings, images.length),
      ...onOutputs,
    ],
    count: all.count,
    tested: {
      images: images.length,
      of: count,
      setAside: left,
      fewest: policy.fewestImages,
      reference: baseline.settings.counts.reference,
    },
    recognised: { ...checked.recognised, copies },
    exemplars: chooseExemplars(all.columns, checked.judged, tested),
    skipped: all.skipped.named,
    skippedCounts: all.skipped.counts,
  }
}

/** Throws DriftError('config.invalid') where images were measured by another extractor than this. */
export function requireExtractor(
  expected: string | undefined,
  { extractorId }: Pick<Measurements, 'extractorId'>,
): void {
  if (extractorId === expected) return
  throw new DriftError(
    'config.invalid',
    `expected measurements by the extractor ${expected} of this detector, got some by ${extractorId}`,
    { hint: 'Measure the images with this detector: npx pixeldrift measure <detector> <images>.' },
  )
}

type Batch = {
  readonly all: Measurements
  readonly checked: CheckedWindow
  /** Many of its images repeat others. */
  readonly areMany: boolean
}

type Settings = {
  readonly policy: Policy
  readonly mode: 'auto' | 'exact' | 'fast'
  readonly seed: number
}

/** What the window test and the policy make of a batch, and what is to be said first and last. */
type Found = Pick<
  Judgement,
  | 'severity'
  | 'score'
  | 'scoreBasis'
  | 'changedShare'
  | 'size'
  | 'pValue'
  | 'loss'
  | 'threshold'
  | 'groups'
  | 'features'
  | 'places'
  | 'shift'
> & {
  readonly cautions: readonly Note[]
  readonly onOutputs: readonly Note[]
  /** What the batch was compared with; null where it was not. */
  readonly reference: OmnibusReference | null
}

function judgeWindow(
  baseline: Baseline,
  { all, checked: { judged: window }, areMany }: Batch,
  { policy, mode, seed }: Settings,
): Found {
  const { settings, files } = comparableSettings(baseline, window, policy)
  const level = levelOf(policy)
  const blocks = blocksOfWindow(baseline, window)
  const own = { manifest: settings, baseline, blocks: baseline.blocks }
  const test = testFeatures(own, window.values, {
    mode,
    level,
    seed,
    blocks,
    places: window.places,
  })
  const loss = compareLoss(baseline.loss, window.loss)
  const tested = { window: window.values, test }
  const rows = rowBlocks(baseline.blocks, blocks, test.comparison)
  const share = once(() => measureShare(settings.columns, tested, { seed, blocks: rows }))
  const placed = placesInAlarm(test, level)
  const decision = decide({
    policy,
    loss,
    test,
    ranked: rankedColumns(settings.columns),
    changedShare: () => share().estimate,
    isPlaced: placed !== 'none',
    isSuspect:
      areMany || all.skipped.total / (all.count + all.skipped.total) > policy.manyUnreadable,
  })
  const found = decision.score >= 1
  const cameras = camerasOf(baseline.records, window.images)
  const described = { ...settings, maps: baseline.maps, cameras }
  const evidence = gatherEvidence(described, tested, found ? share() : null)
  const extent = found ? extentOf(settings, tested, { share, placed }) : NOT_FOUND
  const judgeShift = hasOtherContent(evidence.groups, level)
    ? createShiftJudge(shiftReference(baseline, test))
    : null
  const shift = judgeShift?.(window.values, { level, seed, blocks }) ?? null
  const cautions = [
    ...cautionsOnBlocks(baseline, blocks, policy),
    ...notesOnFiles(arraysOf(baseline, all, files)),
  ]
  const places = placesOf(baseline, window, test)
  return {
    ...decision,
    ...extent,
    ...evidence,
    ...(places && { places }),
    loss,
    shift,
    cautions,
    onOutputs: outputNotes(settings, baseline, { window, test, evidence, level }),
    reference: test.comparison.prepared,
  }
}

function cautionsOnBlocks(
  { blocks: known }: Baseline,
  blocks: Uint32Array | undefined,
  policy: Policy,
): Note[] {
  if (blocks === undefined || known === undefined || policy.kind !== 'false-alarm-rate') return []
  const caution = noteOnBlocks(known, blocks, policy.rate)
  return caution === undefined ? [] : [caution]
}

type Shared = { readonly share: () => MeasuredShare; readonly placed: PlacesInAlarm }

type Judged = {
  readonly window: JudgedWindow
  readonly test: FeatureTest
  readonly evidence: Pick<Judgement, 'groups'>
  readonly level: number
}

function outputNotes(
  { outputsTrust: trust, columns }: Baseline['settings'],
  { table }: Baseline,
  { window, test, evidence: { groups }, level }: Judged,
) {
  const isAlarm = test.pValue <= level
  const reference = table.values
  return notesOnOutputs({
    trust,
    columns,
    reference,
    window: window.values,
    groups,
    level,
    isAlarm,
  })
}

/** How many images changed, and how bad that is; where only places changed, the columns say nothing of how many. */
function extentOf(
  { columns }: TestSettings,
  { window, test }: TestedWindow,
  { share, placed }: Shared,
): Pick<Found, 'changedShare' | 'size'> {
  return {
    changedShare:
      placed === 'alone'
        ? null
        : { atLeast: share().atLeast, estimate: share().estimate, level: SHARE_LEVEL },
    size: measureSize(columns, test.comparison.prepared, window),
  }
}

/** What of the settings this batch can be held against. Throws DriftError('config.invalid') where that is nothing. */
function comparableSettings(
  { settings: all, table }: Baseline,
  { values }: JudgedWindow,
  { tolerateFiles }: Policy,
) {
  const files = compareFiles(all.columns, table.values, values)
  const leftOut = [...files.leftOut, ...columnsOfTraits(all.columns, tolerateFiles)]
  const settings = { ...all, leftOut }
  requireTested(settings)
  return { settings, files }
}

/** Whether more than the files alarmed. */
function hasOtherContent(groups: Found['groups'], level: number): boolean {
  return groups.some(({ group, pValue }) => !isFileGroup(group) && pValue <= level)
}

function requireTested(settings: TestSettings): void {
  if (testedGroups(settings).length > 0) return
  throw new DriftError(
    'config.invalid',
    `expected features to compare, got none: of ${settings.features.join(', ')} the batch or the reference has nothing, or all may change`,
    { hint: 'Test other groups of features too (--features at the fit), or tolerate less.' },
  )
}

/** The reference as the test compared it, with the labels and blocks of its rows. */
function shiftReference(
  { settings, labels, blocks }: Baseline,
  { comparison }: FeatureTest,
): ShiftReference {
  return {
    manifest: settings,
    reference: comparison.prepared,
    labels: labels && behindRows(comparison, labels),
    blocks: blocks && behindRows(comparison, blocks),
  }
}

function blocksOfWindow(
  { settings: { blockBy } }: Baseline,
  { images }: JudgedWindow,
): Uint32Array | undefined {
  if (blockBy === undefined) return undefined
  return blocksOf(
    images.map(({ record }) => record),
    blockBy,
  )
}

/** Too few images for a test; where that is because the others repeat them, the batch is a suspect one. */
function leaveUntested(policy: Policy, isSuspect: boolean): Found {
  const severity = isSuspect ? 'warning' : 'insufficient-data'
  return { ...UNTESTED, severity, threshold: untestedThreshold(policy) }
}

/** Of the bound on the share of images that changed. */
const SHARE_LEVEL = 0.95

const NOT_FOUND = { changedShare: null, size: null } as const

const UNTESTED = {
  ...NOT_FOUND,
  score: 0,
  scoreBasis: 'none',
  pValue: null,
  loss: null,
  groups: [],
  features: [],
  shift: null,
  cautions: [],
  onOutputs: [],
  reference: null,
} as const
