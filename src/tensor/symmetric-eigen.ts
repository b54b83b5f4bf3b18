import { checkSquare, type Matrix } from './linear-algebra.ts'

/** Eigenvalues, largest first, and the unit eigenvector of each as a row. */
export type SymmetricEigen = { readonly values: Float64Array; readonly vectors: Matrix }

/** A symmetric tridiagonal matrix, and as rows the orthonormal basis in which it is one. */
type Tridiagonal = {
  readonly diagonal: Float64Array
  /** Entry i couples i and i + 1; the last is 0. */
  readonly off: Float64Array
  readonly basis: Float64Array
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix (only its lower triangle is read):
 * Householder reduction to tridiagonal form, then QL iterations with implicit shifts (Golub & Van
 * Loan §8.3). O(n³); every inner loop runs along rows.
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  checkSquare(a)
  const size = a.rows
  const reduced = tridiagonalise(a)
  diagonalise(reduced)
  const { diagonal, basis } = reduced
  const order = Array.from(diagonal, (_, i) => i).toSorted((i, j) => diagonal[j] - diagonal[i])
  const data = new Float64Array(size * size)
  order.forEach((from, to) => data.set(basis.subarray(from * size, (from + 1) * size), to * size))
  return {
    values: Float64Array.from(order, (i) => diagonal[i]),
    vectors: { rows: size, columns: size, data },
  }
}

function tridiagonalise(a: Matrix): Tridiagonal {
  const size = a.rows
  const work = symmetricCopy(a)
  const diagonal = new Float64Array(size)
  const off = new Float64Array(size)
  const reflections: (Float64Array | null)[] = []
  for (let k = 0; k < size - 1; k++) {
    const { vector, value } = reflectionOf(work, k, size)
    diagonal[k] = work[k * size + k]
    off[k] = value
    if (vector !== null) reflectBothSides(work, vector, k + 1)
    reflections.push(vector)
  }
  if (size > 0) diagonal[size - 1] = work[size * size - 1]
  return { diagonal, off, basis: accumulate(reflections, size) }
}

/** The unit vector v (from k + 1 on) whose reflection zeroes row k beyond k + 1, and what is left there. */
function reflectionOf(
  work: Float64Array,
  k: number,
  size: number,
): { readonly vector: Float64Array | null; readonly value: number } {
  const row = work.subarray(k * size + k + 1, (k + 1) * size)
  let below = 0
  for (let j = 1; j < row.length; j++) below += row[j] * row[j]
  if (below === 0) return { vector: null, value: row[0] }
  const length = Math.sqrt(row[0] * row[0] + below)
  // The sign that adds, so that nothing cancels.
  const value = row[0] > 0 ? -length : length
  const vector = row.slice()
  vector[0] -= value
  const norm = Math.sqrt(vector[0] * vector[0] + below)
  for (let j = 0; j < vector.length; j++) vector[j] /= norm
  return { vector, value }
}

/** work ← H·work·H with H = 1 − 2vvᵀ on the block from `start` on. */
function reflectBothSides(work: Float64Array, vector: Float64Array, start: number): void {
  const size = start + vector.length
  const image = new Float64Array(vector.length)
  for (let i = 0; i < vector.length; i++) {
    const from = (start + i) * size + start
    let sum = 0
    for (let j = 0; j < vector.length; j++) sum += work[from + j] * vector[j]
    image[i] = sum
  }
  let inner = 0
  for (let i = 0; i < vector.length; i++) inner += vector[i] * image[i]
  for (let i = 0; i < vector.length; i++) image[i] = 2 * (image[i] - inner * vector[i])
  for (let i = 0; i < vector.length; i++) {
    const from = (start + i) * size + start
    const own = vector[i]
    const other = image[i]
    for (let j = 0; j < vector.length; j++) {
      work[from + j] -= own * image[j] + other * vector[j]
    }
  }
}

/** Rows of the product of the reflections: the basis vectors. */
function accumulate(reflections: readonly (Float64Array | null)[], size: number): Float64Array {
  const basis = new Float64Array(size * size)
  for (let i = 0; i < size; i++) basis[i * size + i] = 1
  const image = new Float64Array(size)
  for (let k = reflections.length - 1; k >= 0; k--) {
    const vector = reflections[k]
    if (vector === null) continue
    image.fill(0)
    // Rows and columns up to k are still those of the identity.
    for (let i = 0; i < vector.length; i++) {
      const from = (k + 1 + i) * size
      for (let j = k + 1; j < size; j++) image[j] += vector[i] * basis[from + j]
    }
    for (let i = 0; i < vector.length; i++) {
      const from = (k + 1 + i) * size
      const factor = 2 * vector[i]
      for (let j = k + 1; j < size; j++) basis[from + j] -= factor * image[j]
    }
  }
  return transposed(basis, size)
}

const MAX_ITERATIONS = 60

/** Turns the diagonal into eigenvalues and the basis into eigenvectors, in place. */
function diagonalise(reduced: Tridiagonal): void {
  const { diagonal, off } = reduced
  const size = diagonal.length
  for (let l = 0; l < size; l++) {
    for (let iteration = 0; ; iteration++) {
      const end = blockEnd(diagonal, off, l)
      if (end === l) break
      if (iteration === MAX_ITERATIONS) {
        throw new RangeError(`expected eigenvalue ${l} to converge, got none in ${iteration} steps`)
      }
      implicitStep(reduced, l, end)
    }
  }
}

/** Last row of the block that starts at l: beyond it the coupling is negligible. */
function blockEnd(diagonal: Float64Array, off: Float64Array, l: number): number {
  let m = l
  for (; m < diagonal.length - 1; m++) {
    const scale = Math.abs(diagonal[m]) + Math.abs(diagonal[m + 1])
    if (Math.abs(off[m]) <= Number.EPSILON * scale || Math.abs(off[m]) < Number.MIN_VALUE * 1e16) {
      break
    }
  }
  return m
}

/** One QL sweep from m up to l with Wilkinson's shift. */
function implicitStep({ diagonal, off, basis }: Tridiagonal, l: number, m: number): void {
  const size = diagonal.length
  const half = (diagonal[l + 1] - diagonal[l]) / (2 * off[l])
  const root = Math.hypot(half, 1)
  let g = diagonal[m] - diagonal[l] + off[l] / (half + (half >= 0 ? root : -root))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let i = m - 1; i >= l; i--) {
    const f = sine * off[i]
    const b = cosine * off[i]
    const length = Math.hypot(f, g)
    off[i + 1] = length
    if (length === 0) {
      // The block has split: start again from the part above.
      diagonal[i + 1] -= shift
      off[m] = 0
      return
    }
    sine = f / length
    cosine = g / length
    const difference = diagonal[i + 1] - shift
    const mixed = (diagonal[i] - difference) * sine + 2 * cosine * b
    shift = sine * mixed
    diagonal[i + 1] = difference + shift
    g = cosine * mixed - b
    rotateRows(basis, i * size, { size, sine, cosine })
  }
  diagonal[l] -= shift
  off[l] = g
  off[m] = 0
}

/** Rotates the row at `at` with the one after it. */
function rotateRows(
  basis: Float64Array,
  at: number,
  turn: { readonly size: number; readonly sine: number; readonly cosine: number },
): void {
  const { size, sine, cosine } = turn
  for (let k = at; k < at + size; k++) {
    const next = basis[k + size]
    basis[k + size] = sine * basis[k] + cosine * next
    basis[k] = cosine * basis[k] - sine * next
  }
}

function symmetricCopy({ rows: size, data }: Matrix): Float64Array {
  const copy = data.slice()
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) copy[j * size + i] = copy[i * size + j]
  }
  return copy
}

function transposed(data: Float64Array, size: number): Float64Array {
  const turned = new Float64Array(data.length)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) turned[j * size + i] = data[i * size + j]
  }
  return turned
}
