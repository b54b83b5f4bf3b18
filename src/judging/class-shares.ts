import type { CategoryEffect } from '../statistics/index.ts'
import type { ClassShare, FeatureEvidence } from '../verdict/index.ts'

/** The classes, with names where they have any, largest difference first. */
export function nameShares(
  shares: CategoryEffect['shares'],
  names: readonly string[] | undefined,
): ClassShare[] {
  return shares
    .map(({ category, reference, window }) => ({
      index: category,
      name: names?.[category] ?? null,
      reference,
      batch: window,
    }))
    .toSorted((a, b) => gapOf(b) - gapOf(a) || a.index - b.index)
}

function gapOf({ reference, batch }: ClassShare): number {
  return Math.abs(batch - reference)
}

/** How far a feature's two distributions are apart, in [0, 1]: of quantities and of categories. */
export function distanceOf(feature: FeatureEvidence): number {
  return feature.kind === 'category' ? feature.totalVariation : feature.kolmogorovSmirnov
}
