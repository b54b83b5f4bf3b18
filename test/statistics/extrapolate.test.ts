import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { logNormalTwoSided } from '../../src/statistics/distributions.ts'
import { extrapolateLogP } from '../../src/statistics/index.ts'

const result = (pValue: number, statistics: readonly number[]) => ({
  pValue,
  draws: 999,
  columns: statistics.map((statistic, column) => ({
    column,
    statistic,
    pValue,
    adjustedPValue: pValue,
  })),
})
const all = new Set([0, 1])

describe('the logarithm of a normal tail', () => {
  it('is that of the tail where the tail is a number', () => {
    // 2 · P(Z ≥ z) by tables: 1, 0.0455, 5.733e-7, 1.524e-23.
    for (const [z, tail] of [
      [0, 1],
      [2, 0.0455002639],
      [-5, 5.733031437e-7],
      [10, 1.523970604e-23],
    ]) {
      assert.ok(Math.abs(logNormalTwoSided(z) - Math.log(tail)) < 1e-6, String(z))
    }
  })

  it('lies between the bounds of Mills’ ratio beyond, and has no step', () => {
    for (const z of [20, 40, 1000]) {
      const upper = Math.log(2) - z ** 2 / 2 - Math.log(z * Math.sqrt(2 * Math.PI))
      const lower = upper + Math.log(z ** 2 / (z ** 2 + 1))
      const value = logNormalTwoSided(z)
      assert.ok(lower < value && value < upper, String(z))
    }
    assert.ok(Math.abs(logNormalTwoSided(20 - 1e-9) - logNormalTwoSided(20)) < 1e-6)
  })
})

describe('a p-value beyond the draws', () => {
  it('is the drawn one while any draw reached the window', () => {
    assert.deepEqual(extrapolateLogP(result(0.002, [50, 60]), all), {
      value: Math.log(0.002),
      isExtrapolated: false,
    })
  })

  it('is the normal tail of the largest score of ranked columns, times the scores looked at', () => {
    const { value, isExtrapolated } = extrapolateLogP(result(0.001, [8, 90]), new Set([0]))
    assert.ok(isExtrapolated)
    assert.ok(Math.abs(value - (Math.log(4) + logNormalTwoSided(8))) < 1e-12)
  })

  it('is never larger than one draw in all, and the drawn one without ranked columns', () => {
    for (const ranked of [all, new Set<number>()]) {
      const { value, isExtrapolated } = extrapolateLogP(result(0.001, [3, 2]), ranked)
      assert.equal(value, Math.log(0.001))
      assert.ok(!isExtrapolated)
    }
  })
})
