import type { PermutationPlan, Subsets } from './subsets.ts'

/** Statistics of category shares per draw: the largest standardised difference, and χ². */
export type CategoryStatistics = {
  readonly largest: Float32Array
  readonly chiSquared: Float32Array
}

/** Category codes of the pooled rows, numbered 0..count−1 in order of appearance. */
export type CategoryCodes = { readonly codes: Uint32Array; readonly count: number }

/** Numbers the distinct values of one column of two matrices. */
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

/** Compares each subset's category shares with the pooled ones (METHODS: class test). */
export function categoryStatistics(
  { codes, count }: CategoryCodes,
  plan: PermutationPlan,
  subsets: Subsets,
): CategoryStatistics {
  const shares = sharesOf(codes, count)
  const rowsOfUnit = plan.unitOfRow === null ? null : groupRows(plan.unitOfRow, plan.units)
  const largest = new Float32Array(subsets.draws)
  const chiSquared = new Float32Array(subsets.draws)
  const counts = new Float64Array(count)
  for (let b = 0; b < subsets.draws; b++) {
    const units = subsets.units.subarray(b * subsets.size, (b + 1) * subsets.size)
    const size = countCategories(codes, rowsOfUnit, units, counts)
    const rest = (size * (plan.rows - size)) / Math.max(1, plan.rows - 1)
    for (let c = 0; c < count; c++) {
      const square = (counts[c] - size * shares[c]) ** 2 / (rest > 0 ? rest : 1)
      const spread = shares[c] * (1 - shares[c])
      if (spread > 0) largest[b] = Math.max(largest[b], Math.sqrt(square / spread))
      chiSquared[b] += square / shares[c]
    }
  }
  return { largest, chiSquared }
}

function sharesOf(codes: Uint32Array, count: number): Float64Array {
  const shares = new Float64Array(count)
  for (const code of codes) shares[code] += 1 / codes.length
  return shares
}

function countCategories(
  codes: Uint32Array,
  rowsOfUnit: readonly (readonly number[])[] | null,
  units: Uint32Array,
  counts: Float64Array,
): number {
  counts.fill(0)
  if (rowsOfUnit === null) {
    for (let i = 0; i < units.length; i++) counts[codes[units[i]]]++
    return units.length
  }
  let size = 0
  for (const unit of units) {
    for (const row of rowsOfUnit[unit]) counts[codes[row]]++
    size += rowsOfUnit[unit].length
  }
  return size
}

function groupRows(unitOfRow: Uint32Array, units: number): number[][] {
  const rows: number[][] = Array.from({ length: units }, () => [])
  for (let row = 0; row < unitOfRow.length; row++) rows[unitOfRow[row]].push(row)
  return rows
}
