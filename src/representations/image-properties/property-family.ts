import type { FeatureColumn } from '../representation.ts'

/** One image while its properties are measured. */
export type ImageView = {
  /** C×H×W in [0, 1]. */
  readonly values: Float32Array
  /** H×W: the mean of the channels; `values` itself when there is one. */
  readonly grey: Float32Array
}

/** Columns that share their loops over an image; its scratch memory is reused, so it is not re-entrant. */
export type PropertyFamily = {
  readonly columns: readonly FeatureColumn[]
  /** Writes columns.length numbers from `out[at]` on. */
  measure(image: ImageView, out: Float32Array, at: number): void
}

/** A column of the group `property`. */
export function property(name: string, title: string): FeatureColumn {
  return { name, group: 'property', title }
}

/** numerator / denominator, or `otherwise` where the denominator is not positive. */
export function ratio(numerator: number, denominator: number, otherwise = 0): number {
  return denominator > 0 ? numerator / denominator : otherwise
}
