/** Column means and covariance (divisor n) of row-major rows × size values. */
export type Covariance = {
  readonly mean: Float64Array
  /** size×size, symmetric. */
  readonly matrix: Float64Array
}

/** Rows centred together, so that one pass over the matrix serves several rows. */
const blockRows = 8

/** Two passes, in double precision; cost rows × size² / 2. */
export function covarianceOf(values: Float32Array, size: number): Covariance {
  const rows = values.length / size
  const mean = columnMeans(values, size)
  const matrix = new Float64Array(size * size)
  const block = new Float64Array(blockRows * size)
  for (let start = 0; start < rows; start += blockRows) {
    block.fill(0)
    const end = Math.min(rows, start + blockRows)
    for (let row = start; row < end; row++) {
      for (let j = 0; j < size; j++)
        block[(row - start) * size + j] = values[row * size + j] - mean[j]
    }
    addProducts(block, matrix, size)
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const covariance = matrix[i * size + j] / rows
      matrix[i * size + j] = covariance
      matrix[j * size + i] = covariance
    }
  }
  return { mean, matrix }
}

function columnMeans(values: Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size)
  for (let i = 0; i < values.length;) {
    for (let j = 0; j < size; j++, i++) mean[j] += values[i]
  }
  return mean.map((sum) => (sum * size) / values.length)
}

/** Adds the lower triangle of blockᵀ·block. */
function addProducts(block: Float64Array, matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const a = block[i]
    const b = block[i + size]
    const c = block[i + 2 * size]
    const d = block[i + 3 * size]
    const e = block[i + 4 * size]
    const f = block[i + 5 * size]
    const g = block[i + 6 * size]
    const h = block[i + 7 * size]
    for (let j = 0, at = i * size; j <= i; j++, at++) {
      matrix[at] +=
        a * block[j] +
        b * block[j + size] +
        c * block[j + 2 * size] +
        d * block[j + 3 * size] +
        e * block[j + 4 * size] +
        f * block[j + 5 * size] +
        g * block[j + 6 * size] +
        h * block[j + 7 * size]
    }
  }
}
