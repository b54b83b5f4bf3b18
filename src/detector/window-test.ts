import type { FeatureColumn, FeatureGroup } from '../representations/index.ts'
import {
  extendFastOmnibus,
  type FastOmnibus,
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  type OmnibusGroupKind,
  type OmnibusResult,
  prepareFastOmnibus,
  type RowLabels,
} from '../statistics/index.ts'
import { createRandom } from '../tensor/index.ts'
import { type Baseline, type Comparison, mapComparisons } from './baseline.ts'
import type { DetectorManifest } from './manifest.ts'
import type { DetectorParts } from './storage.ts'

/** Groups in the order they are reported; all but the class prediction are numbers. */
const kinds: Readonly<Record<FeatureGroup, OmnibusGroupKind>> = {
  property: 'rank',
  reconstruction: 'rank+raw',
  code: 'rank',
  component: 'rank',
  outlier: 'rank+raw',
  classifier: 'rank',
  prediction: 'category',
}

/** The columns of each group there is, for the window test. */
export function testGroups(
  columns: readonly FeatureColumn[],
  tested: readonly FeatureGroup[],
): OmnibusGroup[] {
  return (Object.keys(kinds) as FeatureGroup[])
    .filter((group) => tested.includes(group))
    .flatMap((group) => {
      const members = columns.flatMap((column, i) => (column.group === group ? [i] : []))
      return members.length === 0 ? [] : [{ name: group, columns: members, kind: kinds[group] }]
    })
}

/** Draws that resolve a tail of one alarm level ten times over; at least 999. */
export function drawsFor(level: number): number {
  return Math.max(999, Math.ceil(10 / level) - 1)
}

export type FeatureTestOptions = {
  readonly mode?: 'auto' | 'exact' | 'fast'
  /** The alarm level the p-value will be held against. */
  readonly level: number
  readonly seed: number
  /** Block of each row, where rows depend on each other; needs a reference with blocks. */
  readonly blocks?: Uint32Array
}

/** A window test, and what the batch resembles most. */
export type FeatureTest = OmnibusResult & { readonly comparison: Comparison }

/** What the test needs of a detector. */
type Tested = Pick<DetectorParts, 'blocks'> & {
  readonly manifest: Pick<DetectorManifest, 'columns' | 'features'>
  readonly baseline: Baseline
}

/**
 * The window test alone, on features already measured: n × columns, row-major. With tolerated changes the largest
 * p-value over the reference and its tolerated variants counts: drift is what none of them explains.
 */
export function testFeatures(
  detector: Tested,
  values: Float32Array,
  options: FeatureTestOptions,
): FeatureTest {
  const [reference, ...tolerated] = detector.baseline.comparisons
  return tolerated.reduce(
    (best, comparison) => {
      const next = testAgainst({ ...detector, comparison }, values, options)
      return next.pValue > best.pValue ? next : best
    },
    testAgainst({ ...detector, comparison: reference }, values, options),
  )
}

function testAgainst(
  { manifest, blocks, comparison }: Tested & { readonly comparison: Comparison },
  values: Float32Array,
  options: FeatureTestOptions,
): FeatureTest {
  const { mode = 'auto', level, seed } = options
  const groups = testGroups(manifest.columns, manifest.features)
  const rows = values.length / manifest.columns.length
  const random = createRandom(seed)
  const fast = fastFor(comparison, groups, { mode, rows, level, seed })
  if (fast !== undefined && options.blocks === undefined)
    return { ...omnibusFast(fast, values), comparison }
  const exact = omnibusExact(comparison.prepared, values, groups, {
    permutations: drawsFor(level),
    random,
    blocks: rowBlocks(blocks, options.blocks, comparison),
  })
  return { ...exact, comparison }
}

/** The blocks of a comparison's rows and of a batch's; undefined where rows are on their own. */
export function rowBlocks(
  reference: Uint32Array | undefined,
  window: Uint32Array | undefined,
  { prepared }: Comparison,
): RowLabels | undefined {
  if (reference === undefined || window === undefined) return undefined
  return { reference: reference.subarray(0, prepared.rows), window }
}

type FastOptions = {
  readonly mode: 'auto' | 'exact' | 'fast'
  readonly rows: number
  readonly level: number
  readonly seed: number
}

/** Fast mode where it was asked for, or where its null is ready. */
function fastFor(
  { prepared, fast }: Comparison,
  groups: readonly OmnibusGroup[],
  { mode, rows, level, seed }: FastOptions,
): FastOmnibus | undefined {
  // A null of fewer draws could not reach a level lower than it was drawn for.
  const isReady =
    fast?.nulls.some(({ size }) => size === rows) === true && fast.draws >= drawsFor(level)
  if (mode === 'exact' || (mode === 'auto' && !isReady)) return undefined
  if (isReady) return fast
  const random = createRandom(seed)
  return prepareFastOmnibus(prepared, groups, { sizes: [rows], draws: fastDrawsFor(level), random })
}

/** Draws of a null that is kept: they are made once, so they may resolve more. */
function fastDrawsFor(level: number): number {
  return Math.max(10_000, Math.ceil(100 / level))
}

/** The baseline with the nulls of these batch sizes drawn ahead, so that a check costs a millisecond. */
export function prepareSizes(
  { manifest, baseline }: Tested,
  sizes: readonly number[],
  { level, seed }: { readonly level: number; readonly seed: number },
): Baseline {
  const groups = testGroups(manifest.columns, manifest.features)
  return mapComparisons(baseline, (comparison) => {
    const random = createRandom(seed)
    const { fast, prepared } = comparison
    return {
      ...comparison,
      fast:
        fast === undefined
          ? prepareFastOmnibus(prepared, groups, { sizes, draws: fastDrawsFor(level), random })
          : extendFastOmnibus(fast, { sizes, random }),
    }
  })
}
