import type { Draws } from './run-batches.ts'

/** Shares of a batch that are changed. */
export const SHARES = [0.1, 0.5, 1] as const

/** The product, and two simpler rules on the same batches. */
const RULES = ['check', 'ks-columns', 'three-sigma']

export type DrawLimits = {
  readonly share: number
  /** Batches of a size at most. */
  readonly most: number
  /** Images of all batches of a size together where `most` is 20: of large batches there are fewer. */
  readonly images: number
}

/** Batches of each size, as many as are affordable. */
export function drawsOf(sizes: readonly number[], { share, most, images }: DrawLimits): Draws[] {
  return sizes.map((size) => {
    const affordable = Math.max(1, Math.floor((images * most) / 20 / size))
    return { size, share, count: Math.min(most, affordable), rules: RULES }
  })
}
