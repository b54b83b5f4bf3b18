import { matrix, type Matrix, type Random, solve, transpose } from '../tensor/index.ts'
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

/** Predicted class by true class, or by label where those are others: entry (i, j) counts images of j predicted as i. */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  size: number | readonly [classes: number, labels: number],
): Matrix {
  const [classes, labels] = typeof size === 'number' ? [size, size] : size
  const data = new Float64Array(classes * labels)
  for (let i = 0; i < predicted.length; i++) data[predicted[i] * labels + actual[i]]++
  return matrix(classes, labels, data)
}

/**
 * Class shares of a window under label shift (Lipton, Wang & Smola 2018, BBSE): solves
 * C·w = μ with C the joint shares of (predicted, actual) on labelled reference images and μ the
 * window's predicted shares; q = w·p, clipped at 0 and renormalised.
 */
export function estimateLabelShares(confusion: Matrix, predicted: ArrayLike<number>): Float64Array {
  const classes = confusion.rows
  const total = confusion.data.reduce((sum, count) => sum + count, 0)
  const joint = matrix(
    classes,
    classes,
    confusion.data.map((count) => count / total),
  )
  const shares = countClasses(predicted, classes).map((count) => count / predicted.length)
  const weights = solve(joint, shares)
  const prior = columnSums(joint)
  const estimate = weights.map((weight, c) => Math.max(0, weight) * prior[c])
  const sum = estimate.reduce((all, one) => all + one, 0)
  return estimate.map((one) => one / sum)
}

function columnSums(of: Matrix): Float64Array {
  const turned = transpose(of)
  return Float64Array.from({ length: turned.rows }, (_, c) =>
    turned.data.subarray(c * turned.columns, (c + 1) * turned.columns).reduce((a, b) => a + b, 0),
  )
}

function countClasses(labels: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) {
    if (!(labels[i] in counts)) {
      throw new RangeError(`expected classes 0..${classes - 1}, got ${labels[i]} at ${i}`)
    }
    counts[labels[i]]++
  }
  return counts
}
