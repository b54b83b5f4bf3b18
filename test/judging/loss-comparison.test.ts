import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { compareLoss, momentsOf } from '../../src/judging/loss-comparison.ts'
import { createRandom } from '../../src/tensor/index.ts'

type Case = {
  readonly name: string
  readonly baseline: readonly number[]
  readonly batch: readonly number[]
  readonly value: number
  readonly low: number
  readonly high: number
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/loss-comparison.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }

describe('loss comparison', () => {
  for (const { name, baseline, batch, ...expected } of golden.cases) {
    it(`gives the increase and the interval that NumPy gives: ${name}`, () => {
      const { relativeIncrease } = compareLoss(momentsOf(baseline), momentsOf(batch))
      for (const key of ['value', 'low', 'high'] as const) {
        const distance = Math.abs(relativeIncrease[key] - expected[key])
        assert.ok(distance < 1e-6, `${key}: ${relativeIncrease[key]} against ${expected[key]}`)
      }
    })
  }

  it('covers the true ratio in 95 of 100 intervals', () => {
    // Two samples of the same skewed numbers: the truth is an increase of 0.
    const rows = golden.cases[0].baseline
    let covered = 0
    const rounds = 400
    for (let round = 0; round < rounds; round++) {
      const { low, high } = compareLoss(
        momentsOf(draw(rows, 200, round)),
        momentsOf(draw(rows, 60, round + rounds)),
      ).relativeIncrease
      if (low <= 0 && high >= 0) covered++
    }
    assert.ok(covered > 0.92 * rounds && covered < 0.98 * rounds, `${covered} of ${rounds}`)
  })

  it('has an interval from two images on', () => {
    const widthOf = (batch: readonly number[]) => {
      const { low, high } = compareLoss(momentsOf([2, 2, 2]), momentsOf(batch)).relativeIncrease
      return high - low
    }
    assert.equal(compareLoss(momentsOf([2]), momentsOf([3])).relativeIncrease.level, 0.95)
    assert.equal(widthOf([3]), 0)
    // The mean of 2 and 4 errs by one, half of the baseline's.
    assert.ok(Math.abs(widthOf([2, 4]) - 1.959964) < 1e-6)
  })

  it('against a baseline of none is the largest there is', () => {
    const none = momentsOf([0, 0, 0])
    const { value, low, high } = compareLoss(none, momentsOf([1, 2])).relativeIncrease
    assert.deepEqual([value, low, high], [1e6, 1e6, 1e6])
    const same = compareLoss(none, none).relativeIncrease
    assert.deepEqual([same.value, same.low, same.high], [0, 0, 0])
    assert.equal(compareLoss(momentsOf([1e-7]), momentsOf([1])).relativeIncrease.value, 1e6)
  })

  it('is of mean and squared deviations', () => {
    const values = golden.cases[1].batch
    const whole = momentsOf(values)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    assert.ok(Math.abs(whole.mean - mean) < 1e-12)
    assert.ok(Math.abs(whole.squares - squares) < 1e-9 * squares)
  })
})

function draw(rows: readonly number[], size: number, seed: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: size }, () => rows[random.integer(rows.length)])
}
