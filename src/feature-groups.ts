/** What is to be known of a family of features, for the test and for the words. */
export type FeatureGroupTraits = {
  /** As a reader would call it. */
  readonly title: string
  /** How the window test compares it: by ranks, by values too, by the shares of a name, or place by place. */
  readonly test: 'rank' | 'rank+raw' | 'category' | 'map'
  /** What is heard of it besides: too many images among the most extreme, or columns that move a little together. */
  readonly also?: 'few' | 'together'
  /** What images are said to be where a column changed that has no words of its own; follows “the images …”. */
  readonly named: string
  /** Learned from the reference: it says what images show rather than how files were made. */
  readonly isLearned?: true
  /** What of the user's own model it is made of, any of these; without it, of the images alone. */
  readonly madeOf?: readonly ModelPart[]
  /** Of the files that images come in, not of what these show. */
  readonly isOfFiles?: true
}

/** What a user's own model may say of an image. */
export type ModelPart = 'outputs' | 'embeddings'

const LEARNED_OTHERWISE = 'have changed in what the autoencoder learned of them'

/** Groups in the order they are reported. */
const GROUPS = {
  file: {
    title: 'size and compression of the files',
    test: 'rank',
    named: 'come in other files',
    isOfFiles: true,
  },
  'file-kind': {
    title: 'kinds of files',
    test: 'category',
    named: 'come in other files',
    isOfFiles: true,
  },
  place: {
    title: 'fixed places of the frame',
    test: 'map',
    named: 'differ at a fixed place of the frame',
  },
  property: { title: 'image properties', test: 'rank', named: LEARNED_OTHERWISE },
  reconstruction: {
    title: 'reconstruction',
    test: 'rank+raw',
    named: LEARNED_OTHERWISE,
    isLearned: true,
  },
  code: { title: 'autoencoder code', test: 'rank', named: LEARNED_OTHERWISE, isLearned: true },
  component: {
    title: 'principal components',
    test: 'rank',
    named: LEARNED_OTHERWISE,
    isLearned: true,
  },
  witness: {
    title: 'signs of known changes',
    test: 'rank+raw',
    named: 'show signs of known changes',
  },
  outlier: {
    title: 'overall unusualness',
    test: 'rank+raw',
    also: 'few',
    named: LEARNED_OTHERWISE,
  },
  classifier: {
    title: 'classifier outputs',
    test: 'rank',
    also: 'together',
    named: 'are judged otherwise by the classifier',
    madeOf: ['outputs', 'embeddings'],
  },
  prediction: {
    title: 'predicted classes',
    test: 'category',
    named: 'are predicted in other shares',
    madeOf: ['outputs'],
  },
} as const satisfies Readonly<Record<string, FeatureGroupTraits>>

/** The family a column belongs to; the window test takes its maximum within a group. */
export type FeatureGroup = keyof typeof GROUPS

/** The traits of every group. */
export const FEATURE_GROUPS: Readonly<Record<FeatureGroup, FeatureGroupTraits>> = GROUPS

/** Names of the groups, in the order they are reported. */
export const GROUP_NAMES = Object.keys(GROUPS) as readonly FeatureGroup[]

/** Whether a group is made of what the user's model says. */
export function isModelGroup(group: FeatureGroup): boolean {
  return FEATURE_GROUPS[group].madeOf !== undefined
}

/** Whether a group is made of what the files say. */
export function isFileGroup(group: FeatureGroup): boolean {
  return FEATURE_GROUPS[group].isOfFiles === true
}

/** Whether a group is maps of the frame, which no column of an image belongs to. */
export function isMapGroup(group: FeatureGroup): boolean {
  return FEATURE_GROUPS[group].test === 'map'
}

/** Whether the numbers of a group are codes of names, of which only the shares can be compared. */
export function isCategoryGroup(group: FeatureGroup): boolean {
  return FEATURE_GROUPS[group].test === 'category'
}
