import { cholesky, matrix } from '../../tensor/index.ts'

/** An affine map to a space in which the fitted rows have unit covariance. */
export type Whitening = {
  /** size×size, lower triangular, row-major. */
  readonly matrix: Float32Array
  /** Added after the product, so that the mean maps to 0. */
  readonly offsets: Float32Array
}

/** Inverse Cholesky factor of a symmetric positive definite covariance, centred on `mean`. */
export function whiteningOf(covariance: Float64Array, mean: Float64Array): Whitening {
  const size = mean.length
  const { data: lower } = cholesky(matrix(size, size, covariance))
  const inverse = invertLower(lower, size)
  const offsets = Float32Array.from({ length: size }, (_, i) => {
    let sum = 0
    for (let j = 0; j <= i; j++) sum -= inverse[i * size + j] * mean[j]
    return sum
  })
  return { matrix: Float32Array.from(inverse), offsets }
}

function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    inverse[j * size + j] = 1 / lower[j * size + j]
    for (let i = j + 1; i < size; i++) {
      let sum = 0
      for (let k = j; k < i; k++) sum -= lower[i * size + k] * inverse[k * size + j]
      inverse[i * size + j] = sum / lower[i * size + i]
    }
  }
  return inverse
}
