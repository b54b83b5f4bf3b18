import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  cholesky,
  createRandom,
  matrix,
  type Matrix,
  multiply,
  solve,
  symmetricEigen,
  transpose,
} from '../../src/tensor/index.ts'

const { matrices: golden } = JSON.parse(
  readFileSync(new URL('../golden/statistics.json', import.meta.url), 'utf8'),
) as { readonly matrices: { readonly size: number } & Readonly<Record<string, number[]>> }

function square(name: string): Matrix {
  return matrix(golden.size, golden.size, Float64Array.from(golden[name]))
}

function assertAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-10) {
  assert.equal(actual.length, expected.length)
  for (let i = 0; i < expected.length; i++) {
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])),
      `value ${i}: ${actual[i]}, expected ${expected[i]}`,
    )
  }
}

test('multiplication agrees with NumPy', () => {
  assertAllClose(multiply(square('general'), square('symmetric')).data, golden.product)
})

test('multiplication of rectangles keeps outer sizes and refuses inner ones that differ', () => {
  const a = matrix(2, 3, Float64Array.from([1, 2, 3, 4, 5, 6]))
  assert.deepEqual(multiply(a, transpose(a)).data, Float64Array.from([14, 32, 32, 77]))
  assert.throws(() => multiply(a, a), RangeError)
})

test('the Cholesky factor agrees with NumPy and an indefinite matrix is refused', () => {
  assertAllClose(cholesky(square('definite')).data, golden.cholesky)
  assert.throws(() => cholesky(square('symmetric')), RangeError)
})

test('linear systems agree with NumPy and a singular one is refused', () => {
  assertAllClose(solve(square('general'), Float64Array.from(golden.right)), golden.solution)
  const singular = matrix(2, 2, Float64Array.from([1, 2, 2, 4]))
  assert.throws(() => solve(singular, Float64Array.from([1, 1])), RangeError)
})

test('a system that needs its rows exchanged is solved', () => {
  const swap = matrix(2, 2, Float64Array.from([0, 1, 1, 0]))
  assert.deepEqual([...solve(swap, Float64Array.from([3, 5]))], [5, 3])
})

test('eigenvalues and the leading eigenvector agree with NumPy', () => {
  const { values, vectors } = symmetricEigen(square('symmetric'))
  assertAllClose(values, golden.eigenvalues)
  const leading = vectors.data.subarray(0, golden.size)
  const sign = Math.sign(leading[0] * golden.leading[0])
  assertAllClose(
    leading.map((value) => sign * value),
    golden.leading,
  )
})

for (const [name, size, rank] of [
  ['a full matrix of 80', 80, 80],
  ['a matrix of rank 3', 40, 3],
  ['a single number', 1, 1],
] as const) {
  test(`eigenvectors of ${name} are orthonormal and rebuild it`, () => {
    const random = createRandom(size)
    const factor = matrix(
      rank,
      size,
      new Float64Array(rank * size).map(() => random.normal()),
    )
    const symmetric = multiply(transpose(factor), factor)
    const { values, vectors } = symmetricEigen(symmetric)
    const identity = new Float64Array(size * size).map((_, i) => (i % (size + 1) === 0 ? 1 : 0))
    assertAllClose(multiply(vectors, transpose(vectors)).data, identity)
    const scaled = vectors.data.map((value, i) => value * values[Math.floor(i / size)])
    const rebuilt = multiply(transpose(vectors), matrix(size, size, scaled))
    assertAllClose(rebuilt.data, symmetric.data, 1e-9)
    assert.ok(values.every((value, i) => i === 0 || value <= values[i - 1]))
  })
}

test('equal eigenvalues and zero couplings are no trouble', () => {
  const diagonal = matrix(3, 3, Float64Array.from([2, 0, 0, 0, 2, 0, 0, 0, 5]))
  assert.deepEqual([...symmetricEigen(diagonal).values], [5, 2, 2])
  const zero = matrix(3, 3, new Float64Array(9))
  assert.deepEqual([...symmetricEigen(zero).values], [0, 0, 0])
})

test('a matrix that is not square is refused', () => {
  assert.throws(() => symmetricEigen(matrix(2, 3, new Float64Array(6))), RangeError)
})
