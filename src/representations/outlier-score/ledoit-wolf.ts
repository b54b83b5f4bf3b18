import { covarianceOf } from '../covariance.ts'

/** A well-conditioned covariance of few rows: (1 − shrinkage)·S + shrinkage·μ·I. */
export type ShrunkCovariance = {
  readonly mean: Float64Array
  /** size×size, symmetric, positive definite unless every column is constant. */
  readonly matrix: Float64Array
  /** In [0, 1]. */
  readonly shrinkage: number
}

/** Ledoit and Wolf, A well-conditioned estimator for large-dimensional covariance matrices, 2004, lemma 3.2–3.4. */
export function ledoitWolf(values: Float32Array, size: number): ShrunkCovariance {
  const rows = values.length / size
  const { mean, matrix } = covarianceOf(values, size)
  let trace = 0
  for (let k = 0; k < size; k++) trace += matrix[k * size + k]
  const scale = trace / size
  let squares = 0
  for (let i = 0; i < matrix.length; i++) squares += matrix[i] * matrix[i]
  // d² and b̄² of the paper, times size.
  const dispersion = squares - size * scale * scale
  const error = (meanFourthPower(values, mean) - squares) / rows
  const shrinkage = dispersion > 0 ? Math.min(1, Math.max(0, error / dispersion)) : 1
  for (let i = 0; i < matrix.length; i++) matrix[i] *= 1 - shrinkage
  for (let k = 0; k < size; k++) matrix[k * size + k] += shrinkage * scale
  return { mean, matrix, shrinkage }
}

/** Mean over the rows of ‖row − mean‖⁴. */
function meanFourthPower(values: Float32Array, mean: Float64Array): number {
  const size = mean.length
  let sum = 0
  for (let start = 0; start < values.length; start += size) {
    let square = 0
    for (let k = 0; k < size; k++) square += (values[start + k] - mean[k]) ** 2
    sum += square * square
  }
  return (sum * size) / values.length
}
