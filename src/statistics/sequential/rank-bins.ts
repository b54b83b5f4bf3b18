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

/** The bins of rows × columnCount values: all that the tests of a stream need of them. */
export function binRows({ columnCount, edges }: RankBins, values: Float32Array): Uint16Array {
  const bins = new Uint16Array(values.length)
  for (let row = 0; row < values.length; row += columnCount) {
    const end = row + columnCount
    findBins(edges, values.subarray(row, end), bins.subarray(row, end))
  }
  return bins
}

/** Writes how many edges of each column lie below its value. */
function findBins(edges: Float32Array, row: Float32Array, bins: Uint16Array): void {
  // MOST_BINS is a power of two, so that every step halves what is left. All columns take a step together, without a
  // branch: that is three times as fast as one value after the other.
  for (let step = MOST_BINS >>> 1; step > 0; step >>>= 1) {
    for (let k = 0; k < row.length; k++) {
      bins[k] += Number(edges[k * (MOST_BINS - 1) + bins[k] + step - 1] < row[k]) * step
    }
  }
}
