import { matrix, solve } from '../../../src/tensor/index.ts'

/** A linear classifier of two kinds of rows. */
export type LogisticRegression = {
  /** One weight per column, then the intercept. */
  readonly weights: Float64Array
}

/** Rows × width values, and 1 or 0 for each row. */
export type LabelledRows = {
  readonly values: Float32Array
  readonly width: number
  readonly labels: Uint8Array
}

const ITERATIONS = 12

/** Ridge logistic regression by Newton's method; columns should have unit scale. */
export function fitLogistic(rows: LabelledRows, ridge: number): LogisticRegression {
  const size = rows.width + 1
  let weights = new Float64Array(size)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { gradient, hessian } = derivatives(rows, weights, ridge)
    const step = solve(matrix(size, size, hessian), gradient)
    weights = weights.map((weight, k) => weight - step[k])
    if (step.every((change) => Math.abs(change) < 1e-6)) break
  }
  return { weights }
}

/** Log-odds of label 1 for the row that starts at `start`. */
export function logOdds(
  { weights }: LogisticRegression,
  values: Float32Array,
  start: number,
): number {
  const width = weights.length - 1
  let sum = weights[width]
  for (let k = 0; k < width; k++) sum += weights[k] * values[start + k]
  return sum
}

function derivatives(
  { values, width, labels }: LabelledRows,
  weights: Float64Array,
  ridge: number,
) {
  const size = width + 1
  const gradient = new Float64Array(size)
  const hessian = new Float64Array(size * size)
  const row = new Float64Array(size).fill(1)
  labels.forEach((label, i) => {
    const chance = 1 / (1 + Math.exp(-logOdds({ weights }, values, i * width)))
    for (let k = 0; k < width; k++) row[k] = values[i * width + k]
    const curvature = chance * (1 - chance)
    for (let j = 0; j < size; j++) {
      gradient[j] += (chance - label) * row[j]
      const factor = curvature * row[j]
      for (let k = 0; k < size; k++) hessian[j * size + k] += factor * row[k]
    }
  })
  for (let k = 0; k < size; k++) {
    // The intercept is free, but for a hair that keeps the system solvable.
    const penalty = k < width ? ridge : 1e-6
    gradient[k] += penalty * weights[k]
    hessian[k * size + k] += penalty
  }
  return { gradient, hessian }
}
