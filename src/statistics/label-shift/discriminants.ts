import { cholesky, matrix, type Matrix } from '../../tensor/index.ts'

/** Rows of numbers, row-major. */
export type RowTable = { readonly width: number; readonly values: Float32Array }

/** Added to the variances, in shares of their mean: outputs that sum to one have none along their sum. */
const RIDGE = 0.01

/**
 * One linear function of a classifier's outputs per label, which tells the labels apart best (Fisher): Ω⁻¹H with H the
 * outputs' mean per label and Ω their covariance within labels; width × labels.
 */
export function labelDiscriminants(
  outputs: RowTable,
  labels: Uint32Array,
  labelCount: number,
): Matrix {
  const { width } = outputs
  const means = meansByLabel(outputs, labels, labelCount)
  const covariance = withinLabels(outputs, labels, means)
  let trace = 0
  for (let k = 0; k < width; k++) trace += covariance[k * width + k]
  const ridge = trace > 0 ? (RIDGE * trace) / width : 1
  for (let k = 0; k < width; k++) covariance[k * width + k] += ridge
  const lower = cholesky(matrix(width, width, covariance))
  const data = new Float64Array(width * labelCount)
  for (let y = 0; y < labelCount; y++) {
    const solved = solveCholesky(lower, means.subarray(y * width, (y + 1) * width))
    solved.forEach((one, k) => {
      data[k * labelCount + y] = one
    })
  }
  return matrix(width, labelCount, data)
}

function meansByLabel(
  { width, values }: RowTable,
  labels: Uint32Array,
  labelCount: number,
): Float64Array {
  const means = new Float64Array(labelCount * width)
  const counts = new Float64Array(labelCount)
  labels.forEach((label, row) => {
    counts[label]++
    for (let k = 0; k < width; k++) means[label * width + k] += values[row * width + k]
  })
  return means.map((sum, i) => sum / (counts[Math.floor(i / width)] || 1))
}

function withinLabels(
  { width, values }: RowTable,
  labels: Uint32Array,
  means: Float64Array,
): Float64Array {
  const covariance = new Float64Array(width * width)
  labels.forEach((label, row) => {
    const deviation = new Float64Array(width).map(
      (_, k) => values[row * width + k] - means[label * width + k],
    )
    deviation.forEach((one, k) => {
      const factor = one / labels.length
      for (let j = 0; j < width; j++) covariance[k * width + j] += factor * deviation[j]
    })
  })
  return covariance
}

/** x with L·Lᵀ·x = b. */
function solveCholesky({ rows, data }: Matrix, b: Float64Array): Float64Array {
  const x = b.slice()
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) x[i] -= data[i * rows + j] * x[j]
    x[i] /= data[i * rows + i]
  }
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = i + 1; j < rows; j++) x[i] -= data[j * rows + i] * x[j]
    x[i] /= data[i * rows + i]
  }
  return x
}

/** The table's rows times the matrix. */
export function projectRows({ width, values }: RowTable, by: Matrix): RowTable {
  const rows = values.length / width
  const { columns, data } = by
  const projected = new Float32Array(rows * columns).map((_, i) => {
    const from = Math.floor(i / columns) * width
    let sum = 0
    for (let k = 0; k < width; k++) sum += values[from + k] * data[k * columns + (i % columns)]
    return sum
  })
  return { width: columns, values: projected }
}
