import type { PermutationPlan, Subsets } from './subsets.ts'

/** The two statistics of category shares: the largest standardised difference, and χ². */
export type CategoryStatistic = { readonly largest: number; readonly chiSquared: number }

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
export function countCategories({ codes, count }: CategoryCodes): Float64Array {
  const counts = new Float64Array(count)
  for (const code of codes) counts[code]++
  return counts
}

/** Compares the category counts of a subset with those of the pool it belongs to. */
export function compareCategories(counts: Float64Array, pool: Float64Array): CategoryStatistic {
  let size = 0
  let rows = 0
  for (let c = 0; c < pool.length; c++) {
    size += counts[c]
    rows += pool[c]
  }
  const rest = (size * (rows - size)) / Math.max(1, rows - 1)
  let largest = 0
  let chiSquared = 0
  if (rest === 0) return { largest, chiSquared }
  for (let c = 0; c < pool.length; c++) {
    const share = pool[c] / rows
    if (share === 0 || share === 1) continue
    const square = (counts[c] - size * share) ** 2 / (rest * share)
    chiSquared += square
    largest = Math.max(largest, square / (1 - share))
  }
  return { largest: Math.fround(Math.sqrt(largest)), chiSquared: Math.fround(chiSquared) }
}

/** Statistics of the first `size` units of every subset, for each of the ascending `sizes`. */
export function visitCategoryCounts(
  category: CategoryCodes,
  run: {
    readonly plan: PermutationPlan
    readonly subsets: Subsets
    readonly sizes: readonly number[]
    readonly visit: (draw: number, checkpoint: number, statistic: CategoryStatistic) => void
  },
): void {
  const { plan, subsets, sizes, visit } = run
  const pool = countCategories(category)
  const rowsOfUnit = plan.unitOfRow === null ? null : groupRows(plan.unitOfRow, plan.units)
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

function groupRows(unitOfRow: Uint32Array, units: number): number[][] {
  const rows: number[][] = Array.from({ length: units }, () => [])
  for (let row = 0; row < unitOfRow.length; row++) rows[unitOfRow[row]].push(row)
  return rows
}
