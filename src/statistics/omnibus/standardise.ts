import type { PermutationPlan } from './subsets.ts'
import type { ScoreTable } from './scores.ts'

/** Scores per exchangeable unit, centred so that a subset's sum has mean 0 under permutation. */
export type UnitScores = ScoreTable & {
  /** 1 / standard deviation of a subset's sum under permutation; 0 for a constant column. */
  readonly scale: Float64Array
}

/** Centres within strata and sums over blocks; the exact permutation variance of each sum. */
export function standardise(table: ScoreTable, plan: PermutationPlan): UnitScores {
  const variance = new Float64Array(table.width)
  if (plan.unitOfRow !== null) {
    const rows = Uint32Array.from({ length: plan.rows }, (_, row) => row)
    centre(table, rows)
    const summed = sumBlocks(table, plan.unitOfRow, plan.units)
    for (const { units, take } of plan.strata) addVariance(summed, { units, take }, variance)
    return { ...summed, scale: variance.map(inverseRoot) }
  }
  for (const { units, take } of plan.strata) {
    centre(table, units)
    addVariance(table, { units, take }, variance)
  }
  return { ...table, scale: variance.map(inverseRoot) }
}

function inverseRoot(variance: number): number {
  return variance > 0 ? 1 / Math.sqrt(variance) : 0
}

function centre({ width, values }: ScoreTable, rows: Uint32Array): void {
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
  { width, values }: ScoreTable,
  { units, take }: { readonly units: Uint32Array; readonly take: number },
  variance: Float64Array,
): void {
  const count = units.length
  if (take === 0 || take === count) return
  const factor = (take * (count - take)) / (count * (count - 1))
  for (let i = 0; i < count; i++) {
    const at = units[i] * width
    for (let w = 0; w < width; w++) variance[w] += factor * values[at + w] ** 2
  }
}
