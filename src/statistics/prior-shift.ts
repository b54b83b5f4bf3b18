import { type Matrix, type Random, solve } from '../tensor/index.ts'
import { countClasses, labelTotals } from './confusion.ts'
import { holm } from './multiple-testing.ts'
import { numberCategories, visitCategoryCounts } from './omnibus/category.ts'
import { drawSubsets, planPermutations, type RowLabels } from './omnibus/subsets.ts'

/** What moved between reference and window. */
export type ShiftKind = 'none' | 'prior' | 'appearance' | 'mixed'

/**
 * Tells a shift of the classes' shares from a shift of the images within classes, by the p-values
 * of the label test and of the class-conditional test, Holm-adjusted over the two.
 */
export function classifyShift(
  pValues: { readonly label: number; readonly conditional: number },
  level: number,
): ShiftKind {
  const [label, conditional] = holm([pValues.label, pValues.conditional])
  if (label > level) return conditional > level ? 'none' : 'appearance'
  return conditional > level ? 'prior' : 'mixed'
}

export type LabelShiftOptions = {
  readonly random: Random
  /** Default 999. */
  readonly permutations?: number
  /** Block of each label: labels of a block are exchanged together. */
  readonly blocks?: RowLabels | undefined
}

/** Permutation p-value of the deviance that the labels have the same shares in both samples. */
export function labelShiftTest(
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
  { random, permutations = 999, blocks }: LabelShiftOptions,
): number {
  const parts = [Float32Array.from(reference), Float32Array.from(window)]
  const plan = planPermutations(reference.length, window.length, { blocks })
  const subsets = drawSubsets(plan, permutations, random)
  const statistics = new Float64Array(subsets.draws)
  visitCategoryCounts(numberCategories(parts, 0, 1), {
    unitOfRow: plan.unitOfRow,
    subsets,
    sizes: [subsets.size],
    visit: (draw, _, { deviance }) => (statistics[draw] = deviance),
  })
  const reaching = statistics.filter((one) => one >= statistics[0])
  return reaching.length / subsets.draws
}

/**
 * Class shares of a window under label shift (Lipton, Wang & Smola 2018, BBSE): solves C·w = μ with C the confusion
 * matrix on labelled reference images and μ the window's predicted shares; q = w·p with p its column sums, clipped at 0
 * and renormalised, so that counts serve as well as shares.
 */
export function estimateLabelShares(confusion: Matrix, predicted: ArrayLike<number>): Float64Array {
  const weights = solve(confusion, countClasses(predicted, confusion.rows))
  const totals = labelTotals(confusion)
  const estimate = weights.map((weight, c) => Math.max(0, weight) * totals[c])
  const sum = estimate.reduce((all, one) => all + one, 0)
  return estimate.map((one) => one / sum)
}
