import type { ScoredTask } from './layout.ts'
import { RANK_SCORES, type ScoreTable } from './scores.ts'
import { momentsOf } from './standardise.ts'
import type { PermutationPlan } from './subsets.ts'

/**
 * How far a window's mean score may stand from the reference's and still be taken for equal, in standard deviations of
 * the pooled rows: columns × (rank scores, then the raw value).
 */
export type Allowances = Float32Array

/** Allowances of each column. */
export const ALLOWED_SCORES = RANK_SCORES + 1

/**
 * What the allowances are worth in standardised sums: a difference Δ of the means moves the sum over n of n + m rows by
 * Δ · n · m / (n + m).
 */
export function spareSums(
  allowances: Allowances,
  of: {
    readonly tasks: readonly ScoredTask[]
    /** Scores of the pooled rows. */
    readonly table: ScoreTable
    readonly plan: PermutationPlan
    readonly scale: Float64Array
  },
): Float64Array {
  const { tasks, table, plan, scale } = of
  const { rows, windowRows } = plan
  const all = new Uint32Array(rows).map((_, row) => row)
  const { squares } = momentsOf(table, all)
  const allowed = tasks.flatMap(({ column, raw }) =>
    Array.from(
      allowances.subarray(
        column * ALLOWED_SCORES,
        column * ALLOWED_SCORES + RANK_SCORES + (raw ? 1 : 0),
      ),
    ),
  )
  const lever = (windowRows * (rows - windowRows)) / rows
  return scale.map((one, w) => allowed[w] * Math.sqrt(squares[w] / rows) * lever * one)
}
