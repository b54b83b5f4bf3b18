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
  const { level, seed } = options
  const groups = testGroups(manifest.columns, manifest.features)
  const exact = { permutations: drawsFor(level), random: createRandom(seed) }
  const fast = options.blocks === undefined ? fastFor(comparison, groups, values, options) : null
  const result =
    fast === null
      ? omnibusExact(comparison.prepared, values, groups, {
          ...exact,
          blocks: rowBlocks(blocks, options.blocks, comparison),
        })
      : omnibusFast(fast, values, { ...exact, level })
  return { ...result, comparison }
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

/** The nulls to screen with, where they are ready or were asked for; null where the exact test is to be used at once. */
// oxlint-disable-next-line eslint/max-params -- three values, then the options object
function fastFor(
  { prepared, fast }: Comparison,
  groups: readonly OmnibusGroup[],
  values: Float32Array,
  { mode = 'auto', seed }: FeatureTestOptions,
): FastOmnibus | null {
  const rows = values.length / prepared.columnCount
  const isReady = fast?.nulls.some(({ size }) => size === rows) === true
  if (mode === 'exact' || (mode === 'auto' && !isReady)) return null
  if (isReady) return fast
  return prepareFastOmnibus(prepared, groups, { sizes: [rows], random: createRandom(seed) })
}

/** The baseline with the nulls of these batch sizes drawn ahead, so that clearing a quiet batch costs a millisecond. */
export function prepareSizes(
  { manifest, baseline }: Tested,
  sizes: readonly number[],
  seed: number,
): Baseline {
  const groups = testGroups(manifest.columns, manifest.features)
  return mapComparisons(baseline, (comparison) => {
    const random = createRandom(seed)
    const { fast, prepared } = comparison
    return {
      ...comparison,
      fast:
        fast === undefined
          ? prepareFastOmnibus(prepared, groups, { sizes, random })
          : extendFastOmnibus(fast, { sizes, random }),
    }
  })
}
