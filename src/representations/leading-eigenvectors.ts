import type { Random } from '../tensor/index.ts'

/** Eigenpairs in falling order of value. */
export type Eigenpairs = {
  readonly values: Float64Array
  /** One unit vector per row; its largest entry is positive. */
  readonly vectors: readonly Float64Array[]
}

/** Vectors iterated beyond those asked for: they speed up convergence (Halko, Martinsson, Tropp 2011, §4.5). */
const oversampling = 8
const maximumIterations = 300
const tolerance = 1e-7

/** The `count` largest eigenpairs of a symmetric positive semi-definite size×size matrix, by subspace iteration. */
export function leadingEigenvectors(
  matrix: Float64Array,
  {
    size,
    count,
    random,
  }: { readonly size: number; readonly count: number; readonly random: Random },
): Eigenpairs {
  const width = Math.min(size, count + oversampling)
  let basis: readonly Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: size }, () => random.normal()),
  )
  let values: Float64Array = new Float64Array(width)
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    orthonormalise(basis, random)
    const images = basis.map((vector) => multiply(matrix, vector))
    const small = basis.map((vector) => Float64Array.from(images, (image) => dot(vector, image)))
    const rotation = jacobiEigenvectors(small)
    const converged = settled(values, rotation.values, count)
    values = Float64Array.from(rotation.values)
    // Rotating the multiplied vectors advances the iteration, rotating the basis finishes it.
    basis = rotate(converged ? basis : images, rotation.vectors)
    if (converged) break
  }
  orthonormalise(basis, random)
  return {
    values: values.slice(0, count),
    vectors: basis.slice(0, count).map((vector) => withPositivePeak(vector)),
  }
}

/** All eigenpairs of a small symmetric matrix given by rows (cyclic Jacobi; Golub and Van Loan, algorithm 8.5.3). */
function jacobiEigenvectors(rows: readonly Float64Array[]): Eigenpairs {
  const size = rows.length
  const a = rows.map((row) => Float64Array.from(row))
  const vectors = rows.map((_, i) =>
    Float64Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)),
  )
  for (let sweep = 0; sweep < 60 && offDiagonal(a) > 0; sweep++) {
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) rotatePair(a, vectors, [p, q])
    }
  }
  const order = a.map((_, i) => i).toSorted((i, j) => a[j][j] - a[i][i])
  return {
    values: Float64Array.from(order, (i) => a[i][i]),
    vectors: order.map((i) => vectors[i]),
  }
}

/** Largest off-diagonal entry, or 0 once it is lost in the rounding of the diagonal. */
function offDiagonal(a: readonly Float64Array[]): number {
  let most = 0
  let scale = 0
  for (let i = 0; i < a.length; i++) {
    scale = Math.max(scale, Math.abs(a[i][i]))
    for (let j = i + 1; j < a.length; j++) most = Math.max(most, Math.abs(a[i][j]))
  }
  return most <= 1e-15 * scale ? 0 : most
}

function rotatePair(
  a: readonly Float64Array[],
  vectors: readonly Float64Array[],
  [p, q]: readonly [number, number],
): void {
  if (a[p][q] === 0) return
  const tau = (a[q][q] - a[p][p]) / (2 * a[p][q])
  const tangent = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau))
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  const sine = tangent * cosine
  for (const row of a) mix(row, [p, q], [cosine, sine])
  mixRows(a[p], a[q], [cosine, sine])
  mixRows(vectors[p], vectors[q], [cosine, sine])
}

type Pair = readonly [number, number]

function mix(row: Float64Array, [p, q]: Pair, [cosine, sine]: Pair): void {
  const held = row[p]
  row[p] = cosine * held - sine * row[q]
  row[q] = sine * held + cosine * row[q]
}

function mixRows(first: Float64Array, second: Float64Array, [cosine, sine]: Pair): void {
  for (let i = 0; i < first.length; i++) {
    const held = first[i]
    first[i] = cosine * held - sine * second[i]
    second[i] = sine * held + cosine * second[i]
  }
}

/** Gram–Schmidt, twice for full precision; a vector that vanishes is drawn anew. */
function orthonormalise(vectors: readonly Float64Array[], random: Random): void {
  for (let k = 0; k < vectors.length; k++) {
    const vector = vectors[k]
    const before = Math.sqrt(dot(vector, vector))
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) subtract(vector, vectors[j], dot(vector, vectors[j]))
    }
    const norm = Math.sqrt(dot(vector, vector))
    if (norm > 1e-12 * before) {
      for (let i = 0; i < vector.length; i++) vector[i] /= norm
    } else {
      for (let i = 0; i < vector.length; i++) vector[i] = random.normal()
      k--
    }
  }
}

function subtract(vector: Float64Array, other: Float64Array, times: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] -= times * other[i]
}

/** Rows of `rotation` combined with `vectors`: out_k = Σ_j rotation[k][j] · vectors[j]. */
function rotate(
  vectors: readonly Float64Array[],
  rotation: readonly Float64Array[],
): Float64Array[] {
  return rotation.map((weights) => {
    const out = new Float64Array(vectors[0].length)
    for (let j = 0; j < vectors.length; j++) subtract(out, vectors[j], -weights[j])
    return out
  })
}

function settled(before: Float64Array, after: Float64Array, count: number): boolean {
  for (let k = 0; k < Math.min(count, after.length); k++) {
    if (Math.abs(after[k] - before[k]) > tolerance * after[0]) return false
  }
  return true
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length
  const out = new Float64Array(size)
  for (let i = 0, at = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j < size; j++, at++) sum += matrix[at] * vector[j]
    out[i] = sum
  }
  return out
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** Signs of eigenvectors are arbitrary; this makes them the same everywhere. */
function withPositivePeak(vector: Float64Array): Float64Array {
  let peak = 0
  for (const value of vector) if (Math.abs(value) > Math.abs(peak)) peak = value
  return peak < 0 ? vector.map((value) => -value) : vector
}
