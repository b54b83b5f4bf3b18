import type { FeatureColumn, FeatureGroup } from '../representations/index.ts'
import {
  type FastOmnibus,
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  type OmnibusGroupKind,
  type OmnibusReference,
  type OmnibusResult,
} from '../statistics/index.ts'
import { createRandom, type Random } from '../tensor/index.ts'
import type { Baseline, Comparison } from './baseline.ts'
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
function testGroups(
  columns: readonly FeatureColumn[],
  tested: readonly FeatureGroup[],
): OmnibusGroup[] {
  return (Object.keys(kinds) as FeatureGroup[]).filter((group) => tested.includes(group)).flatMap((group) => {
    const members = columns.flatMap((column, i) => (column.group === group ? [i] : []))
    return members.length === 0 ? [] : [{ name: group, columns: members, kind: kinds[group] }]
  })
}

type WindowTestOptions = {
  readonly mode: 'auto' | 'exact' | 'fast'
  /** Smallest p-value that must be reachable: the alarm level. */
  readonly level: number
  readonly random: Random
  readonly fast?: FastOmnibus
}

/** Draws that resolve a tail of one alarm level ten times over; at least 999. */
function drawsFor(level: number): number {
  return Math.max(999, Math.ceil(10 / level) - 1)
}

/** Tests whether the window could have been drawn with the reference. */
function testWindow(
  reference: OmnibusReference,
  window: Float32Array,
  groups: readonly OmnibusGroup[],
  { mode, level, random, fast }: WindowTestOptions,
): OmnibusResult {
  if (mode === 'fast' && fast !== undefined) return omnibusFast(fast, window)
  return omnibusExact(reference, window, groups, { permutations: drawsFor(level), random })
}

export type FeatureTestOptions = {
  readonly mode?: 'auto' | 'exact' | 'fast'
  /** The alarm level the p-value will be held against. */
  readonly level: number
  readonly seed: number
}

/** A window test, and what the batch resembles most. */
export type FeatureTest = OmnibusResult & { readonly comparison: Comparison }

/**
 * The window test alone, on features already measured: n × columns, row-major. With tolerated changes the largest
 * p-value over the reference and its tolerated variants counts: drift is what none of them explains.
 */
export function testFeatures(
  { manifest, baseline }: Pick<DetectorParts, 'manifest'> & { readonly baseline: Baseline },
  values: Float32Array,
  { mode = 'auto', level, seed }: FeatureTestOptions,
): FeatureTest {
  const groups = testGroups(manifest.columns, manifest.features)
  const against = (comparison: Comparison): FeatureTest => ({
    ...testWindow(comparison.prepared, values, groups, { mode, level, random: createRandom(seed) }),
    comparison,
  })
  const [reference, ...tolerated] = baseline.comparisons
  return tolerated.reduce((best, comparison) => {
    const next = against(comparison)
    return next.pValue > best.pValue ? next : best
  }, against(reference))
}
