import { multiply, symmetricEigen, type Matrix } from '../../src/tensor/index.ts'

/** A normal distribution fitted to rows. */
export type FittedNormal = { readonly mean: Float64Array; readonly covariance: Matrix }

/** Mean and covariance (divisor rows − 1) of rows × columnCount values. */
export function fitNormal(values: Float32Array, columnCount: number): FittedNormal {
  const rows = values.length / columnCount
  if (!Number.isInteger(rows) || rows < 2) {
    throw new RangeError(`expected at least 2 rows of ${columnCount}, got ${values.length} values`)
  }
  const mean = new Float64Array(columnCount)
  for (let i = 0; i < values.length; i++) mean[i % columnCount] += values[i] / rows
  const data = new Float64Array(columnCount * columnCount)
  const centred = new Float64Array(columnCount)
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columnCount; j++) centred[j] = values[row * columnCount + j] - mean[j]
    for (let i = 0; i < columnCount; i++) {
      const own = centred[i] / (rows - 1)
      for (let j = 0; j < columnCount; j++) data[i * columnCount + j] += own * centred[j]
    }
  }
  return { mean, covariance: { rows: columnCount, columns: columnCount, data } }
}

/**
 * Fréchet distance of two normals as DriftLens has it (Greco et al. 2025, eq. 4):
 * ‖μ₁ − μ₂‖ + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), the difference of the means not squared.
 */
export function frechetDriftDistance(first: FittedNormal, second: FittedNormal): number {
  let square = 0
  for (let j = 0; j < first.mean.length; j++) square += (first.mean[j] - second.mean[j]) ** 2
  return Math.sqrt(square) + traceTerm(first.covariance, second.covariance)
}

// (Σ₁Σ₂)^½ has the trace of (Σ₁^½ Σ₂ Σ₁^½)^½, which is symmetric.
function traceTerm(first: Matrix, second: Matrix): number {
  const root = squareRoot(first)
  const { values } = symmetricEigen(multiply(multiply(root, second), root))
  const mixed = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
  return Math.max(0, trace(first) + trace(second) - 2 * mixed)
}

function squareRoot(covariance: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(covariance)
  const size = values.length
  const data = new Float64Array(size * size)
  for (let k = 0; k < size; k++) {
    const root = Math.sqrt(Math.max(0, values[k]))
    const vector = vectors.data.subarray(k * size, (k + 1) * size)
    for (let i = 0; i < size; i++) {
      const factor = root * vector[i]
      for (let j = 0; j < size; j++) data[i * size + j] += factor * vector[j]
    }
  }
  return { rows: size, columns: size, data }
}

function trace({ rows, data }: Matrix): number {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += data[i * rows + i]
  return sum
}
