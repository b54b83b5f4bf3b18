import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { leadingEigenvectors } from '../../src/representations/leading-eigenvectors.ts'
import { createRandom } from '../../src/tensor/index.ts'

const size = 40

/** Eigenvalues and eigenvectors of the second difference matrix with fixed ends, in closed form. */
function differenceMatrix(): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    matrix[i * size + i] = 2
    if (i > 0) matrix[i * size + i - 1] = -1
    if (i < size - 1) matrix[i * size + i + 1] = -1
  }
  return matrix
}

function eigenvalue(k: number): number {
  return 2 - 2 * Math.cos((Math.PI * (size - k)) / (size + 1))
}

describe('leading eigenvectors', () => {
  const { values, vectors } = leadingEigenvectors(differenceMatrix(), {
    size,
    count: 5,
    random: createRandom(1),
  })

  it('have the largest eigenvalues of a known matrix, falling', () => {
    values.forEach((value, k) => assert.ok(Math.abs(value - eigenvalue(k)) < 1e-5, `${value}`))
  })

  it('satisfy the eigenvector equation', () => {
    const matrix = differenceMatrix()
    vectors.forEach((vector, k) => {
      for (let i = 0; i < size; i++) {
        let sum = 0
        for (let j = 0; j < size; j++) sum += matrix[i * size + j] * vector[j]
        assert.ok(Math.abs(sum - values[k] * vector[i]) < 1e-3)
      }
    })
  })

  it('are orthonormal and have a positive peak', () => {
    vectors.forEach((a, i) => {
      vectors.forEach((b, j) => {
        const product = a.reduce((sum, value, at) => sum + value * b[at], 0)
        assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-10)
      })
      assert.ok(Math.max(...a) >= -Math.min(...a))
    })
  })

  it('exist for a matrix of lower rank', () => {
    const matrix = Float64Array.from(
      { length: 9 },
      (_, i) => [2, 0, 1][i % 3] * [2, 0, 1][Math.floor(i / 3)],
    )
    const found = leadingEigenvectors(matrix, { size: 3, count: 3, random: createRandom(2) })
    const expected = [5, 0, 0]
    found.values.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-9))
  })
})
