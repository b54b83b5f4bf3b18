import type { Subsets } from './subsets.ts'

/** The two statistics of category shares: the largest root of a category's deviance, and the deviance of all. */
export type CategoryStatistic = {
  /** Standard normal in its tails, of one category alone. */
  readonly largest: number
  /** χ² with one degree of freedom less than there are categories. */
  readonly deviance: number
}

/** Category codes of the rows, numbered 0..count−1 in order of appearance. */
export type CategoryCodes = { readonly codes: Uint32Array; readonly count: number }

/** Numbers the distinct values of one column of several matrices, one after the other. */
export function numberCategories(
  parts: readonly Float32Array[],
  column: number,
  columnCount: number,
): CategoryCodes {
  const known = new Map<number, number>()
  const codes: number[] = []
  for (const values of parts) {
    for (let i = column; i < values.length; i += columnCount) {
      let code = known.get(values[i])
      if (code === undefined) known.set(values[i], (code = known.size))
      codes.push(code)
    }
  }
  return { codes: Uint32Array.from(codes), count: known.size }
}

/** Number of rows per category. */
function countCategories({ codes, count }: CategoryCodes): Float64Array {
  const counts = new Float64Array(count)
  for (const code of codes) counts[code]++
  return counts
}

/**
 * Compares the category counts of a subset with those of the pool it belongs to, by likelihood ratios (Wilks 1938):
 * class counts are skewed, and against standardised differences a class that is missing altogether hides below
 * those that chance shows too often.
 */
export function compareCategories(counts: Float64Array, pool: Float64Array): CategoryStatistic {
  let size = 0
  let rows = 0
  for (let c = 0; c < pool.length; c++) {
    size += counts[c]
    rows += pool[c]
  }
  const log = logProducts(rows)
  const split = log[rows] - log[size] - log[rows - size]
  let total = split
  let largest = 0
  for (let c = 0; c < pool.length; c++) {
    const own = counts[c]
    const all = pool[c]
    const inside = log[own] + log[all - own] - log[all]
    const outside = log[size - own] + log[rows - size - all + own] - log[rows - all]
    total += inside
    largest = Math.max(largest, rootOfDeviance(inside + outside + split))
  }
  return { largest, deviance: Math.fround(Math.max(0, 2 * total)) }
}

// Differences of this size are rounding.
const NOTHING = 1e-9

function rootOfDeviance(half: number): number {
  return half < NOTHING ? 0 : Math.fround(Math.sqrt(2 * half))
}

let products = new Float64Array()

/** Entry k is k ln k, for k = 0..rows at least; kept, for every draw asks for the same. */
function logProducts(rows: number): Float64Array {
  if (products.length <= rows) {
    products = Float64Array.from({ length: rows + 1 }, (_, k) => (k === 0 ? 0 : k * Math.log(k)))
  }
  return products
}

/** Rows of the reference per category value. */
export type CategoryCounts = { readonly values: Float32Array; readonly counts: Float64Array }

/** Category counts of a window and of the pool of reference and window. */
export type PooledCategories = { readonly own: Float64Array; readonly pool: Float64Array }

/** Counts a column's category values over one matrix. */
export function countValues(
  matrix: Float32Array,
  column: number,
  columnCount: number,
): CategoryCounts {
  const counts = new Map<number, number>()
  for (let i = column; i < matrix.length; i += columnCount) {
    counts.set(matrix[i], (counts.get(matrix[i]) ?? 0) + 1)
  }
  return { values: Float32Array.from(counts.keys()), counts: Float64Array.from(counts.values()) }
}

/** Adds a window's categories, also those that the reference never showed. */
export function poolCategories(
  reference: CategoryCounts,
  window: Float32Array,
  { column, columnCount }: { readonly column: number; readonly columnCount: number },
): PooledCategories {
  const counted = countValues(window, column, columnCount)
  const counts = new Map(Array.from(counted.values, (value, i) => [value, counted.counts[i]]))
  const all = [...new Set([...reference.values, ...counted.values])]
  const own = Float64Array.from(all, (value) => counts.get(value) ?? 0)
  // The known values come first in `all`, in the order of their counts.
  return { own, pool: own.map((count, i) => count + (reference.counts[i] ?? 0)) }
}

/** Statistics of the first `size` units of every subset, for each of the ascending `sizes`. */
export function visitCategoryCounts(
  category: CategoryCodes,
  run: {
    readonly unitOfRow: Uint32Array | null
    readonly subsets: Subsets
    readonly sizes: readonly number[]
    readonly visit: (draw: number, checkpoint: number, statistic: CategoryStatistic) => void
  },
): void {
  const { unitOfRow, subsets, sizes, visit } = run
  const pool = countCategories(category)
  const rowsOfUnit = unitOfRow === null ? null : groupRows(unitOfRow)
  const counts = new Float64Array(category.count)
  for (let b = 0; b < subsets.draws; b++) {
    counts.fill(0)
    let from = b * subsets.size
    for (let s = 0; s < sizes.length; s++) {
      const to = b * subsets.size + sizes[s]
      addCounts(counts, subsets.units.subarray(from, to), { codes: category.codes, rowsOfUnit })
      from = to
      visit(b, s, compareCategories(counts, pool))
    }
  }
}

function addCounts(
  counts: Float64Array,
  units: Uint32Array,
  of: {
    readonly codes: Uint32Array
    readonly rowsOfUnit: readonly (readonly number[])[] | null
  },
): void {
  const { codes, rowsOfUnit } = of
  for (let i = 0; i < units.length; i++) {
    if (rowsOfUnit === null) counts[codes[units[i]]]++
    else for (const row of rowsOfUnit[units[i]]) counts[codes[row]]++
  }
}

function groupRows(unitOfRow: Uint32Array): number[][] {
  const rows: number[][] = []
  unitOfRow.forEach((unit, row) => {
    const known = rows[unit]
    if (known === undefined) rows[unit] = [row]
    else known.push(row)
  })
  return rows
}
