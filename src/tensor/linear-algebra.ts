/** A dense matrix, rows × columns, row-major. */
export type Matrix = {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

/** Wraps `data` without copying; throws RangeError when the lengths disagree. */
export function matrix(rows: number, columns: number, data: Float64Array): Matrix {
  if (data.length !== rows * columns) {
    throw new RangeError(`expected ${rows} × ${columns} values, got ${data.length}`)
  }
  return { rows, columns, data }
}

/** The matrix product; O(n³), row by row so that memory is read in order. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) {
    throw new RangeError(
      `expected inner sizes to agree, got ${a.rows} × ${a.columns} by ${b.rows} × ${b.columns}`,
    )
  }
  const product = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++) {
    const row = product.subarray(i * b.columns, (i + 1) * b.columns)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k]
      if (factor === 0) continue
      const from = k * b.columns
      for (let j = 0; j < row.length; j++) row[j] += factor * b.data[from + j]
    }
  }
  return { rows: a.rows, columns: b.columns, data: product }
}

/** Columns become rows. */
export function transpose({ rows, columns, data }: Matrix): Matrix {
  const turned = new Float64Array(data.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]
  }
  return { rows: columns, columns: rows, data: turned }
}

/** Lower L with L·Lᵀ = a; throws RangeError when a is not symmetric positive definite. */
export function cholesky(a: Matrix): Matrix {
  checkSquare(a)
  const size = a.rows
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * size + j]
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k]
      if (i === j && !(sum > 0)) {
        throw new RangeError(`expected a positive definite matrix, got pivot ${sum} in row ${i}`)
      }
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j]
    }
  }
  return { rows: size, columns: size, data: lower }
}

/** Solves a·x = b with partial pivoting; throws RangeError when a is singular. */
export function solve(a: Matrix, b: Float64Array): Float64Array {
  checkSquare(a)
  const size = a.rows
  const left = a.data.slice()
  const x = b.slice()
  for (let k = 0; k < size; k++) {
    pivot(left, x, k)
    for (let i = k + 1; i < size; i++) {
      const factor = left[i * size + k] / left[k * size + k]
      if (factor === 0) continue
      for (let j = k; j < size; j++) left[i * size + j] -= factor * left[k * size + j]
      x[i] -= factor * x[k]
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) x[i] -= left[i * size + j] * x[j]
    x[i] /= left[i * size + i]
  }
  return x
}

function pivot(left: Float64Array, x: Float64Array, k: number): void {
  const size = x.length
  let best = k
  for (let i = k + 1; i < size; i++) {
    if (Math.abs(left[i * size + k]) > Math.abs(left[best * size + k])) best = i
  }
  if (left[best * size + k] === 0) {
    throw new RangeError(`expected a regular matrix, got no pivot in column ${k}`)
  }
  if (best === k) return
  for (let j = 0; j < size; j++) {
    const held = left[k * size + j]
    left[k * size + j] = left[best * size + j]
    left[best * size + j] = held
  }
  const held = x[k]
  x[k] = x[best]
  x[best] = held
}

/** Throws RangeError unless the matrix is square. */
export function checkSquare({ rows, columns }: Matrix): void {
  if (rows !== columns) throw new RangeError(`expected a square matrix, got ${rows} × ${columns}`)
}
