import type { ScoreTable } from './scores.ts'
import type { PermutationPlan, Stratum } from './subsets.ts'

/** Mean and spread of a subset's sum of each score column under permutation. */
export type SumMoments = {
  readonly mean: Float64Array
  /** 1 / standard deviation; 0 for a constant column. */
  readonly scale: Float64Array
}

/** Scores per exchangeable unit, with the exact permutation moments of a subset's sums. */
export type UnitScores = SumMoments & { readonly table: ScoreTable }

/** Sums scores over blocks where the plan has any, and derives the moments over its strata. */
export function standardise(rows: ScoreTable, plan: PermutationPlan): UnitScores {
  const table =
    plan.unitOfRow === null ? rows : sumBlocks(rows, { ...plan, unitOfRow: plan.unitOfRow })
  const mean = new Float64Array(table.width)
  const variance = new Float64Array(table.width)
  for (const stratum of plan.strata) {
    const { average, squares } = momentsOf(table, stratum.units)
    const factor = varianceFactor(stratum)
    average.forEach((one, w) => {
      mean[w] += stratum.take * one
      variance[w] += factor * squares[w]
    })
  }
  return { table, mean, scale: variance.map((one) => (one > 0 ? 1 / Math.sqrt(one) : 0)) }
}

/** Average of every score column over these rows, and its sum of squared deviations. */
export function momentsOf(
  { width, values }: ScoreTable,
  rows: ArrayLike<number>,
): { readonly average: Float64Array; readonly squares: Float64Array } {
  const sums = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i] * width
    for (let w = 0; w < width; w++) sums[w] += values[at + w]
  }
  const average = sums.map((sum) => sum / rows.length)
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i] * width
    for (let w = 0; w < width; w++) {
      const deviation = values[at + w] - average[w]
      squares[w] += deviation * deviation
    }
  }
  return { average, squares }
}

// Variance of the sum of k of L values drawn without replacement: k (L − k) Σ (v − v̄)² / L (L − 1).
function varianceFactor({ units, take }: Stratum): number {
  const count = units.length
  return count < 2 ? 0 : (take * (count - take)) / (count * (count - 1))
}

// Blocks may differ in length and in the strata of their rows: deviations from the mean of a row's
// stratum are summed, so that neither a long block nor one of another mix is an outlier by itself.
function sumBlocks(
  { width, values }: ScoreTable,
  { unitOfRow, stratumOfRow, units }: PermutationPlan & { readonly unitOfRow: Uint32Array },
): ScoreTable {
  const stratum = stratumOfRow ?? new Uint32Array(unitOfRow.length)
  const rowsOf = Map.groupBy(stratum.keys(), (row) => stratum[row])
  const sums = new Float32Array(units * width)
  for (const rows of rowsOf.values()) {
    const { average } = momentsOf({ width, values }, rows)
    for (const row of rows) {
      const to = unitOfRow[row] * width
      for (let w = 0; w < width; w++) sums[to + w] += values[row * width + w] - average[w]
    }
  }
  return { width, values: sums }
}
