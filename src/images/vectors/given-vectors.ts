import type { Tensor } from '../../tensor/index.ts'

/** What a user's own model may have said of an image. */
export const VECTOR_NAMES = ['probabilities', 'logits', 'embeddings'] as const

/** `probabilities` and `logits` have one number per class, `embeddings` as many as the model makes. */
export type VectorName = (typeof VECTOR_NAMES)[number]

/** What the user's own model said of N images, N×K each; probabilities or logits, never both. */
export type GivenVectors = { readonly [name in VectorName]?: Tensor }

/** Names of the vectors there are. */
export function vectorNamesOf(given: { readonly [name in VectorName]?: unknown }): VectorName[] {
  return VECTOR_NAMES.filter((name) => given[name] !== undefined)
}

/** The same vectors of other rows, as `choose` picks them. */
export function mapVectors(
  given: GivenVectors,
  choose: (rows: Tensor, name: VectorName) => Tensor,
): GivenVectors {
  const entries = VECTOR_NAMES.flatMap((name) => {
    const rows = given[name]
    return rows === undefined ? [] : [[name, choose(rows, name)] as const]
  })
  return Object.fromEntries(entries)
}
