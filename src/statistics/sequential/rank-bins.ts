import { checkMatrix } from '../omnibus/groups.ts'

/** Most bins of a column. */
export const MOST_BINS = 512

/** Where the bins of each column end: columns × (MOST_BINS − 1), ascending, unused ones Infinity. */
export type RankBins = {
  readonly columnCount: number
  readonly edges: Float32Array
}

/** Values nearest to either end that are edges of their own, so that what lies beyond all of them stands out. */
const TAIL = 8

/**
 * Bins with about as many values each, finer at both ends, for rows × columnCount numbers. Ranks by bins are exact only
 * for images that these rows are not among (Vovk et al. 2005: the bins are then fixed before any of them is seen).
 */
export function fitRankBins(values: Float32Array, columnCount: number): RankBins {
  const rows = checkMatrix(values, columnCount, 'rows set aside')
  const edges = new Float32Array(columnCount * (MOST_BINS - 1)).fill(Infinity)
  const column = new Float32Array(rows)
  for (let k = 0; k < columnCount; k++) {
    for (let row = 0; row < rows; row++) column[row] = values[row * columnCount + k]
    column.sort()
    const own = new Set(placesOfEdges(rows).map((place) => column[place]))
    edges.set(Float32Array.from(own).toSorted(), k * (MOST_BINS - 1))
  }
  return { columnCount, edges }
}

/** Places among ascending values: the outermost of both ends, and evenly spread ones between. */
function placesOfEdges(rows: number): number[] {
  if (rows < MOST_BINS) return Array.from({ length: rows }, (_, i) => i)
  const even = MOST_BINS - 1 - 2 * TAIL
  const spread = (rows - 2 * TAIL) / (even + 1)
  return [
    ...Array.from({ length: TAIL }, (_, i) => i),
    ...Array.from({ length: even }, (_, i) => TAIL + Math.floor((i + 1) * spread)),
    ...Array.from({ length: TAIL }, (_, i) => rows - TAIL + i),
  ]
}

/** The bin of a value: how many of the column's edges lie below it. */
export function binOf({ edges }: RankBins, column: number, value: number): number {
  const start = column * (MOST_BINS - 1)
  let below = 0
  // MOST_BINS is a power of two, so that every step halves what is left.
  for (let step = MOST_BINS >>> 1; step > 0; step >>>= 1) {
    if (edges[start + below + step - 1] < value) below += step
  }
  return below
}

/** How many values lie in each bin, columns × MOST_BINS, as trees of partial sums (Fenwick 1994). */
export type BinCounts = Uint32Array<ArrayBuffer>

/** Counts one value more in a bin of a column, or with −1 one less; O(log bins). */
export function countInBin(
  counts: BinCounts,
  { column, bin }: { readonly column: number; readonly bin: number },
  by: 1 | -1 = 1,
): void {
  const start = column * MOST_BINS - 1
  for (let i = bin + 1; i <= MOST_BINS; i += i & -i) counts[start + i] += by
}

/** How many values lie in the first `bins` bins of a column; O(log bins). */
export function countBefore(counts: BinCounts, column: number, bins: number): number {
  const start = column * MOST_BINS - 1
  let sum = 0
  for (let i = bins; i > 0; i &= i - 1) sum += counts[start + i]
  return sum
}
