import type { Tensor } from '../../tensor/index.ts'

/** What a user's own model may have said of an image. */
export const VECTOR_NAMES = ['probabilities', 'logits', 'embeddings'] as const

/** `probabilities` and `logits` have one number per class, `embeddings` as many as the model makes. */
export type VectorName = (typeof VECTOR_NAMES)[number]

/** What is known of N images beside their pixels, N×K each. */
export type GivenVectors = {
  /** What the user's own model said of them: probabilities or logits, never both. */
  readonly [name in VectorName]?: Tensor
} & {
  /** What their files say, by the columns of `FILE_COLUMNS`. */
  readonly files?: Tensor
}

const ROW_NAMES = [...VECTOR_NAMES, 'files'] as const

/** The name of anything that is known of images beside their pixels. */
export type RowName = (typeof ROW_NAMES)[number]

/** Names of all rows there are. */
export function rowNamesOf(given: GivenVectors): RowName[] {
  return ROW_NAMES.filter((name) => given[name] !== undefined)
}

/** Names of the model's vectors there are. */
export function vectorNamesOf(given: { readonly [name in VectorName]?: unknown }): VectorName[] {
  return VECTOR_NAMES.filter((name) => given[name] !== undefined)
}

/** The same of other rows, as `choose` picks them. */
export function mapVectors(
  given: GivenVectors,
  choose: (rows: Tensor, name: RowName) => Tensor,
): GivenVectors {
  const entries = ROW_NAMES.flatMap((name) => {
    const rows = given[name]
    return rows === undefined ? [] : [[name, choose(rows, name)] as const]
  })
  return Object.fromEntries(entries)
}
