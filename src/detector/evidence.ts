import { type CategoryEffect, columnEffects, type ColumnEffect } from '../statistics/index.ts'
import type { FeatureGroup } from '../representations/index.ts'
import { distanceOf, nameShares } from './class-shares.ts'
import type { FeatureTest } from './window-test.ts'
import type { DetectorParts } from './storage.ts'
import type { FeatureEvidence, GroupEvidence } from './verdict.ts'

/** Groups and features, named and sized. */
export type Evidence = {
  readonly groups: readonly GroupEvidence[]
  readonly features: readonly FeatureEvidence[]
}

/** Names and sizes what the window test saw, strongest first. */
export function gatherEvidence(
  { stack, manifest }: DetectorParts,
  window: Float32Array,
  test: FeatureTest,
): Evidence {
  const { prepared } = test.comparison
  const categories = new Set(
    stack.columns.flatMap(({ group }, column) => (group === 'prediction' ? [column] : [])),
  )
  const effects = columnEffects(prepared, window, categories)
  const rows = { n: window.length / stack.columns.length, m: prepared.rows }
  const features = test.columns.map(({ column, pValue, adjustedPValue }): FeatureEvidence => {
    // The manifest's titles hold the names of the classes.
    const { name, group, title } = manifest.columns[column]
    const described = { name, group, title, pValue, adjustedPValue }
    const effect = effects[column]
    return 'shares' in effect
      ? { ...described, ...ofCategories(effect, manifest.classNames, rows) }
      : { ...described, ...ofQuantity(effect, rows) }
  })
  return {
    groups: test.groups.map(({ name, adjustedPValue, strongestColumn }) => ({
      group: name as FeatureGroup,
      pValue: adjustedPValue,
      strongest: stack.columns[strongestColumn].name,
    })),
    features: features.toSorted(byEvidence),
  }
}

type Rows = { readonly n: number; readonly m: number }

function ofQuantity({ windowMean, ...effect }: ColumnEffect, { n, m }: Rows) {
  // 95% quantile of the gap between samples of one distribution (Smirnov 1939).
  const margin = 1.358 * Math.sqrt(1 / n + 1 / m)
  return {
    kind: 'quantity' as const,
    ...effect,
    batchMean: windowMean,
    changedShare: Math.max(0, effect.kolmogorovSmirnov - margin),
  }
}

function ofCategories(
  { shares, ...effect }: CategoryEffect,
  names: readonly string[] | undefined,
  { n, m }: Rows,
) {
  // 95% bound on the distance between samples of one distribution (Weissman et al. 2003).
  const margin = Math.sqrt(((shares.length * Math.LN2 + Math.log(20)) / 2) * (1 / n + 1 / m))
  return {
    kind: 'category' as const,
    shares: nameShares(shares, names),
    ...effect,
    changedShare: Math.max(0, effect.totalVariation - margin),
  }
}

function byEvidence(a: FeatureEvidence, b: FeatureEvidence): number {
  return a.adjustedPValue - b.adjustedPValue || distanceOf(b) - distanceOf(a)
}
