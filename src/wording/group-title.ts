const TITLES: Readonly<Record<string, string>> = {
  property: 'image properties',
  reconstruction: 'reconstruction',
  code: 'autoencoder code',
  component: 'principal components',
  outlier: 'overall unusualness',
  classifier: 'classifier outputs',
  prediction: 'predicted classes',
}

/** A family of features as a reader would call it. */
export function groupTitle(group: string): string {
  return TITLES[group] ?? group
}
