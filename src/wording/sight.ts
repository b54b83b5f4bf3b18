/**
 * What a person would see where a feature changes. Predicates follow “the images …” or “they …” and begin with `are`
 * or `have`.
 */
export type Sight = {
  readonly name: string
  /** `seen` with the eye, `processing`: left by software, `abstract`: what only a model knows. */
  readonly kind: 'seen' | 'processing' | 'abstract'
  /** Its features, by column name: quoted is the first of those that changed about as much as any. */
  readonly columns: readonly Column[]
  /** Further features that make it stronger where they went the same way. */
  readonly also?: readonly string[]
  /** Where the features rose; none where that can't be told in words of its own. */
  readonly up?: string
  /** Where they fell. */
  readonly down?: string
  /** Where next to nothing is left of them. */
  readonly gone?: string
  /** Where they changed this way and that; without it that is not told of this sight. */
  readonly mixed?: string
  /** Where it usually comes from; follows “look at …”. */
  readonly cause?: string
}

/** A feature's name, what it is called before its figures (nothing where the predicate says it), and how those are written. */
export type Column = readonly [name: string, measure: string, unit?: Unit]

/** Shares as percentages of what they are of; `count`: whole numbers. Plain numbers without it. */
export type Unit = 'pixels' | 'levels' | 'width' | 'height' | 'count'
