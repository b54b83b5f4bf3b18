import type { Tensor } from '../tensor/index.ts'

/** The family a column belongs to; the window test takes its maximum within a group. */
export type FeatureGroup =
  | 'property'
  | 'reconstruction'
  | 'code'
  | 'component'
  | 'outlier'
  | 'classifier'
  | 'prediction'

/** One named number per image. */
export type FeatureColumn = {
  /** Unique in a table, kebab-case: `loss`, `excess-loss`, `zero-fraction`. */
  readonly name: string
  readonly group: FeatureGroup
  /** What it measures and which way it rises, in words a user reads: `brightness (mean pixel)`. */
  readonly title: string
}

/** Features of N images: N × K row-major, one column description each. */
export type FeatureTable = {
  readonly columns: readonly FeatureColumn[]
  readonly rows: number
  readonly values: Float32Array
}

/** Where some columns of a row-major table belong: row r, column k at values[r · stride + offset + k]. */
export type ColumnTarget = {
  readonly values: Float32Array
  readonly stride: number
  readonly offset: number
}

/** A fitted map from images to named numbers. */
export interface Representation {
  readonly kind: string
  readonly columns: readonly FeatureColumn[]
  /** Pixels N×C×H×W in [0, 1] to N × columns.length values, row-major. */
  transform(pixels: Tensor): Promise<Float32Array>
  /** The same numbers, written into a larger table; without it they are copied there. */
  transformInto?(pixels: Tensor, target: ColumnTarget): Promise<void>
  /** Plain files that rebuild it, keyed by name inside the artifact. */
  save(): ReadonlyMap<string, Uint8Array>
}
