import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  addSums,
  momentsOfSums,
  NO_SUMS,
  sumExactly,
} from '../../../src/measuring/values/exact-sums.ts'
import { createRandom } from '../../../src/tensor/index.ts'

function losses(count: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => Math.exp(3 * random.normal()))
}

describe('exact sums', () => {
  it('are the same to the bit in whatever order and grouping', () => {
    const values = losses(999, 1)
    const whole = sumExactly(values)
    assert.deepEqual(sumExactly(values.toReversed()), whole)
    const parts = [values.subarray(0, 1), values.subarray(1, 700), values.subarray(700)]
    const sums = parts.map((part) => sumExactly(part))
    assert.deepEqual(addSums(addSums(sums[0], sums[1]), sums[2]), whole)
    assert.deepEqual(addSums(sums[2], addSums(sums[1], sums[0])), whole)
    assert.deepEqual(addSums(NO_SUMS, whole), whole)
  })

  it('give mean and squared deviations', () => {
    const values = losses(500, 2)
    const { count, mean, squares } = momentsOfSums(sumExactly(values))
    const plain = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviations = [...values].reduce((sum, value) => sum + (value - plain) ** 2, 0)
    assert.equal(count, 500)
    assert.ok(Math.abs(mean - plain) < 1e-12 * plain)
    assert.ok(Math.abs(squares - deviations) < 1e-12 * deviations)
  })

  it('lose nothing of a small number beside large ones, or of the smallest there is', () => {
    const tiny = 2 ** -149
    const { sum } = sumExactly([2 ** 100, tiny, -(2 ** 100)])
    assert.equal(sum, 1n)
    assert.equal(momentsOfSums(sumExactly([tiny, tiny])).mean, tiny)
    assert.equal(momentsOfSums(sumExactly([1e6, 1e6 + 0.5])).squares, 0.125)
  })

  it('of nothing are 0, and no number where a value is none', () => {
    assert.deepEqual(momentsOfSums(NO_SUMS), { count: 0, mean: 0, squares: 0 })
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { count, mean, squares } = momentsOfSums(sumExactly([1, value]))
      assert.equal(count, 2)
      assert.ok(Number.isNaN(mean) && Number.isNaN(squares))
    }
  })
})
