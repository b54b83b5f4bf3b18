import type { GroupEvidence } from '../detector/index.ts'

type FeatureGroup = GroupEvidence['group']

const TITLES: Readonly<Record<FeatureGroup, string>> = {
  property: 'image properties',
  reconstruction: 'reconstruction',
  code: 'autoencoder code',
  component: 'principal components',
  outlier: 'overall unusualness',
  classifier: 'classifier outputs',
  prediction: 'predicted classes',
}

/** A family of features as a reader would call it. */
export function groupTitle(group: FeatureGroup): string {
  return TITLES[group]
}
