import { distanceOf, type FeatureEvidence } from '../detector/index.ts'

/** A standardised mean difference in a word; bounds 0.2, 0.5, 0.8 after Cohen (1988), 2 after Sawilowsky (2009). */
export function describeEffect(hedgesG: number): string {
  const size = Math.abs(hedgesG)
  if (size < 0.2) return 'negligible'
  if (size < 0.5) return 'small'
  if (size < 0.8) return 'medium'
  return size < 2 ? 'large' : 'very large'
}

/** Whether a feature's own test still stands after adjusting for all the others (Holm, level 0.05). */
export function isSignificant(feature: FeatureEvidence): boolean {
  return feature.adjustedPValue <= 0.05
}

/** The significant feature that changed most; null when none is significant. */
export function strongestFeature(features: readonly FeatureEvidence[]): FeatureEvidence | null {
  const significant = features.filter(isSignificant)
  return significant.reduce<FeatureEvidence | null>(
    (best, feature) => (best === null || effectSize(feature) > effectSize(best) ? feature : best),
    null,
  )
}

/**
 * Mean shift or, where the shape changed more, a shift that would part the distributions as far (KS ≈ g / 2.5); of
 * categories, which have no mean, the latter.
 */
export function effectSize(feature: FeatureEvidence): number {
  const byDistance = 2.5 * distanceOf(feature)
  return feature.kind === 'category' ? byDistance : Math.max(Math.abs(feature.hedgesG), byDistance)
}
