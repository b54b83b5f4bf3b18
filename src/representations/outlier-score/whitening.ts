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
  const inverse = invertLower(cholesky(covariance, size), size)
  const offsets = Float32Array.from({ length: size }, (_, i) => {
    let sum = 0
    for (let j = 0; j <= i; j++) sum -= inverse[i * size + j] * mean[j]
    return sum
  })
  return { matrix: Float32Array.from(inverse), offsets }
}

/** L with L·Lᵀ = matrix; throws RangeError when the matrix is not positive definite. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k]
      if (i === j && !(sum > 0)) {
        throw new RangeError(`expected a positive definite matrix, got pivot ${sum} at ${i}`)
      }
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j]
    }
  }
  return lower
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
