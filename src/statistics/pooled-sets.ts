import { type OmnibusReference, sortedColumn, takeColumn } from './omnibus/reference.ts'
import { countNotAbove } from './sorted.ts'

/** A column's values of reference and window together, sorted into bins that sets are made of. */
export type PooledColumn = {
  /** Bin of each pooled row, the reference's rows first. */
  readonly bins: Uint16Array
  /** Pooled rows in each bin. */
  readonly sizes: Uint32Array
  /** True for quantities, whose bins ascend; false for categories, one in each bin. */
  readonly ordered: boolean
}

/** Edges of the bins lie this factor apart in rank, counted from either end. */
const STEP = 1.1

/**
 * Cuts a column of quantities where ranks from either end grow by a tenth: the outermost rows one by one, the bulk in
 * a hundred steps. Equal values share a bin.
 */
export function cutColumn(
  reference: OmnibusReference,
  window: Float32Array,
  column: number,
): PooledColumn {
  const { values, rows, columnCount } = reference
  const known = takeColumn(values, column, columnCount)
  const own = takeColumn(window, column, columnCount)
  const pooled = new Float32Array(rows + own.length)
  pooled.set(sortedColumn(reference, column).sorted)
  pooled.set(own, rows)
  pooled.sort()
  const edges = edgesOf(pooled)
  const bins = Uint16Array.from([...known, ...own], (value) => countNotAbove(edges, value))
  return { bins, sizes: countBins(bins, edges.length + 1), ordered: true }
}

/** One bin for each category of a column of codes. */
export function splitColumn(
  { values, columnCount }: OmnibusReference,
  window: Float32Array,
  column: number,
): PooledColumn {
  const numbers = new Map<number, number>()
  const number = (value: number): number => {
    const known = numbers.get(value) ?? numbers.size
    numbers.set(value, known)
    return known
  }
  const [known, own] = [values, window].map((part) => takeColumn(part, column, columnCount))
  const bins = Uint16Array.from([...known, ...own], number)
  return { bins, sizes: countBins(bins, numbers.size), ordered: false }
}

/** Values that open a bin, ascending; the lowest bin has none. */
function edgesOf(pooled: Float32Array): Float32Array {
  const edges = new Set<number>()
  for (const place of places(pooled.length)) {
    const value = pooled[place]
    if (value > pooled[0]) edges.add(value)
    if (pooled[place - 1] < value) continue
    // The place lies within equal values: the next larger one opens a bin too.
    const next = countNotAbove(pooled, value)
    if (next < pooled.length) edges.add(pooled[next])
  }
  return Float32Array.from(edges).toSorted()
}

function places(count: number): number[] {
  const ranks: number[] = []
  for (let rank = 1; rank <= count / 2; rank = Math.max(rank + 1, Math.round(STEP * rank))) {
    ranks.push(rank, count - rank)
  }
  return ranks
}

function countBins(bins: Uint16Array, count: number): Uint32Array {
  const sizes = new Uint32Array(count)
  for (const bin of bins) sizes[bin]++
  return sizes
}
