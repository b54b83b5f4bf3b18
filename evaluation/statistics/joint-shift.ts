import type { Random } from '../../src/tensor/index.ts'

export type JointShiftOptions = {
  readonly columnCount: number
  /** Columns that are added up, each list for itself. */
  readonly groups: readonly (readonly number[])[]
  /** Null draws. Default 999. */
  readonly permutations?: number
  readonly random: Random
}

/**
 * Has a group of columns moved as a whole? The statistic of a group is the sum over its columns of the squared
 * standardised difference of means, the p-value that of the most unlikely group (Westfall–Young) among random subsets of
 * all rows: exact at any size. A change that is spread over many columns and large in none shows here and in no maximum.
 */
export function jointShift(
  reference: Float32Array,
  window: Float32Array,
  { columnCount, groups, permutations = 999, random }: JointShiftOptions,
): number {
  const columns = groups.flat()
  const pooled = standardisedRows([reference, window], columns, columnCount)
  const rows = pooled.length / columns.length
  const size = window.length / columnCount
  const own = Uint32Array.from({ length: size }, (_, i) => rows - size + i)
  const draws = [own, ...Array.from({ length: permutations }, () => random.sample(rows, size))]
  const sums = draws.map((subset) => squaredSums(pooled, subset, groups))
  const ranks = groups.map((_, g) => reaching(sums.map((own_) => own_[g])))
  const smallest = draws.map((_, d) => Math.min(...ranks.map((own_) => own_[d])))
  return smallest.filter((rank) => rank <= smallest[0]).length / draws.length
}

/** Rows of the chosen columns, each with mean 0 and variance 1 over all of them; a constant one is 0. */
function standardisedRows(
  parts: readonly Float32Array[],
  columns: readonly number[],
  columnCount: number,
): Float32Array {
  const rows = parts.reduce((sum, { length }) => sum + length / columnCount, 0)
  const out = new Float32Array(rows * columns.length)
  columns.forEach((column, k) => {
    let sum = 0
    let square = 0
    let at = k
    for (const values of parts) {
      for (let i = column; i < values.length; i += columnCount, at += columns.length) {
        out[at] = values[i]
        sum += values[i]
        square += values[i] * values[i]
      }
    }
    const mean = sum / rows
    const variance = square / rows - mean * mean
    const scale = variance > 1e-12 * (square / rows) ? 1 / Math.sqrt(variance) : 0
    for (let i = k; i < out.length; i += columns.length) out[i] = (out[i] - mean) * scale
  })
  return out
}

/** Of each group, the squares of its columns' sums over a subset of the rows, added up. */
function squaredSums(
  pooled: Float32Array,
  subset: ArrayLike<number>,
  groups: readonly (readonly number[])[],
): number[] {
  const width = groups.flat().length
  const sums = new Float64Array(width)
  for (let i = 0; i < subset.length; i++) {
    const from = subset[i] * width
    for (let k = 0; k < width; k++) sums[k] += pooled[from + k]
  }
  let at = 0
  return groups.map(({ length }) => {
    const own = sums.subarray(at, (at += length))
    return own.reduce((total, sum) => total + sum * sum, 0)
  })
}

/** Of each value, how many of all reach it. */
function reaching(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).toSorted()
  return values.map((value) => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle] < value) low = middle + 1
      else high = middle
    }
    return sorted.length - low
  })
}
