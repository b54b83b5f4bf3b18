import type { FeatureGroup } from '../../representations/index.ts'

/** What is to be known of a family of features. */
export type FeatureGroupTraits = {
  /** How the window test compares it: by ranks, by values too, or by the shares of a name. */
  readonly test: 'rank' | 'rank+raw' | 'category'
  /** Learned from the reference: it says what images show rather than how files were made. */
  readonly isLearned?: true
  /** Made of what the user's model says. */
  readonly isOfModel?: true
}

/** Groups in the order they are reported; all but the class prediction are numbers. */
export const FEATURE_GROUPS: Readonly<Record<FeatureGroup, FeatureGroupTraits>> = {
  property: { test: 'rank' },
  reconstruction: { test: 'rank+raw', isLearned: true },
  code: { test: 'rank', isLearned: true },
  component: { test: 'rank', isLearned: true },
  outlier: { test: 'rank+raw' },
  classifier: { test: 'rank', isOfModel: true },
  prediction: { test: 'category', isOfModel: true },
}

/** Whether a group is made of what the user's model says. */
export function isModelGroup(group: FeatureGroup): boolean {
  return FEATURE_GROUPS[group].isOfModel === true
}
