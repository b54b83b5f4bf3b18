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
import type { Random } from '../tensor/index.ts'

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
export function testGroups(columns: readonly FeatureColumn[]): OmnibusGroup[] {
  return (Object.keys(kinds) as FeatureGroup[]).flatMap((group) => {
    const members = columns.flatMap((column, i) => (column.group === group ? [i] : []))
    return members.length === 0 ? [] : [{ name: group, columns: members, kind: kinds[group] }]
  })
}

export type WindowTestOptions = {
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
export function testWindow(
  reference: OmnibusReference,
  window: Float32Array,
  groups: readonly OmnibusGroup[],
  { mode, level, random, fast }: WindowTestOptions,
): OmnibusResult {
  if (mode === 'fast' && fast !== undefined) return omnibusFast(fast, window)
  return omnibusExact(reference, window, groups, { permutations: drawsFor(level), random })
}
