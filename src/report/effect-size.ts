import type { FeatureEvidence } from '../detector/index.ts'

/** Whether a feature's own test still stands after adjusting for all the others (level 0.05). */
export function isSignificant(feature: FeatureEvidence): boolean {
  return feature.adjustedPValue <= 0.05
}
