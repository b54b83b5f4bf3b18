import type { ScoreTable } from './scores.ts'
import type { PermutationPlan } from './subsets.ts'

/** Scores per exchangeable unit, centred so that a subset's sum has mean 0 under permutation. */
export type UnitScores = ScoreTable & {
  /** 1 / standard deviation of the subset's sum under permutation; 0 for a constant column. */
  readonly scale: Float64Array
}

/** Centres within strata and sums over blocks; the exact permutation variance of each sum. */
export function standardise(table: ScoreTable, plan: PermutationPlan): UnitScores {
  const variance = new Float64Array(table.width)
  if (plan.unitOfRow !== null) {
    centre(
      table,
      Uint32Array.from({ length: plan.rows }, (_, row) => row),
    )
    const summed = sumBlocks(table, plan.unitOfRow, plan.units)
    for (const stratum of plan.strata) addVariance(variance, summed, stratum)
    return { ...summed, scale: variance.map(inverseRoot) }
  }
  for (const stratum of plan.strata) {
    centre(table, stratum.units)
    addVariance(variance, table, stratum)
  }
  return { ...table, scale: variance.map(inverseRoot) }
}

/** Subtracts each column's mean over these rows, in place. */
export function centre({ width, values }: ScoreTable, rows: Uint32Array): Float64Array {
  const mean = new Float64Array(width)
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i] * width
    for (let w = 0; w < width; w++) mean[w] += values[at + w]
  }
  for (let w = 0; w < width; w++) mean[w] /= rows.length
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i] * width
    for (let w = 0; w < width; w++) values[at + w] -= mean[w]
  }
  return mean
}

function inverseRoot(variance: number): number {
  return variance > 0 ? 1 / Math.sqrt(variance) : 0
}

function sumBlocks(table: ScoreTable, unitOfRow: Uint32Array, units: number): ScoreTable {
  const { width } = table
  const values = new Float32Array(units * width)
  for (let row = 0; row < unitOfRow.length; row++) {
    const to = unitOfRow[row] * width
    for (let w = 0; w < width; w++) values[to + w] += table.values[row * width + w]
  }
  return { width, values }
}

// Variance of the sum of k of L centred values drawn without replacement: k (L − k) Σ v² / L (L − 1).
function addVariance(
  variance: Float64Array,
  { width, values }: ScoreTable,
  { units, take }: { readonly units: Uint32Array; readonly take: number },
): void {
  const count = units.length
  if (take === 0 || take === count) return
  const factor = (take * (count - take)) / (count * (count - 1))
  for (let i = 0; i < count; i++) {
    const at = units[i] * width
    for (let w = 0; w < width; w++) variance[w] += factor * values[at + w] ** 2
  }
}
