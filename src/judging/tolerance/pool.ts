import type { FeatureTable } from '../../measuring/values/index.ts'
import { concatenateValues } from '../../tensor/index.ts'

/** Features of changed copies of the reference images: what the reference looks like inside a tolerance. */
export type TolerancePool = {
  readonly rows: number
  /** rows × columns, row-major. */
  readonly values: Float32Array
  /** The reference row each copy was made of. */
  readonly originals: Uint32Array
  /** rows × dimensions: where each copy's change lies among the others; near copies were changed nearly alike. */
  readonly positions: Float32Array
}

/** Features of the first reference rows under one change, as artifacts of version 0.1 hold them. */
export type ToleratedTable = { readonly title: string; readonly table: FeatureTable }

/** Tables of single changes as one pool: rows of a table lie together, far from those of any other. */
export function poolOfTables(tables: readonly ToleratedTable[]): TolerancePool {
  const counts = tables.map(({ table }) => table.rows)
  return {
    rows: counts.reduce((sum, count) => sum + count, 0),
    values: concatenateValues(tables.map(({ table }) => table.values)),
    originals: Uint32Array.from(
      counts.flatMap((count) => Array.from({ length: count }, (_, row) => row)),
    ),
    positions: Float32Array.from(
      counts.flatMap((count, i) => Array.from({ length: count }, () => i)),
    ),
  }
}
