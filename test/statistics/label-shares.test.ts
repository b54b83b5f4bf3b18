import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  confusionMatrix,
  effectiveRows,
  labelWeights,
  mostLikelyLabelShares,
} from '../../src/statistics/index.ts'
import { assertClose } from './golden.ts'

const { labelShares } = JSON.parse(
  readFileSync(new URL('../golden/label-shift.json', import.meta.url), 'utf8'),
) as {
  readonly labelShares: readonly {
    readonly predicted: readonly number[]
    readonly actual: readonly number[]
    readonly classes: number
    readonly labels: number
    readonly window: readonly number[]
    readonly shares: readonly number[]
    readonly weights: readonly number[]
    readonly effective: number
  }[]
}

describe('the likeliest shares of labels', () => {
  labelShares.forEach(({ predicted, actual, classes, labels, window, ...golden }, i) => {
    const confusion = confusionMatrix(predicted, actual, [classes, labels])

    it(`agree with a general optimiser's in case ${i + 1}`, () => {
      const shares = mostLikelyLabelShares(confusion, window)
      golden.shares.forEach((expected, y) => {
        assert.ok(
          Math.abs(shares[y] - expected) < 2e-4,
          `label ${y}: ${shares[y]}, not ${expected}`,
        )
      })
      assertClose(
        shares.reduce((sum, one) => sum + one, 0),
        1,
      )
    })

    it(`give the rows their weights in case ${i + 1}`, () => {
      const weights = labelWeights(actual, Float64Array.from(golden.shares))
      golden.weights.forEach((expected, row) => assertClose(weights[row], expected))
      assertClose(effectiveRows(weights), golden.effective)
    })
  })

  it('weigh rows of labels by their shares over those they have', () => {
    const weights = labelWeights([2, 0, 0, 2, 2, 0, 0, 0], Float64Array.of(0.25, 0, 0.75))
    assert.deepEqual([...weights], [2, 0.4, 0.4, 2, 2, 0.4, 0.4, 0.4])
    assert.throws(() => labelWeights([0, 3], Float64Array.of(0.5, 0.25, 0.25)), {
      name: 'RangeError',
      message: 'expected classes 0..2, got 3 at 1',
    })
    assert.equal(effectiveRows(Float64Array.of(1, 1, 2)), 16 / 6)
    assert.equal(effectiveRows(Float64Array.of(0, 0)), 0)
    assert.equal(effectiveRows(Float64Array.of(0.5)), 1)
  })

  it('stay in the proportions of the reference where the predicted classes tell nothing', () => {
    const actual = [0, 0, 0, 1, 1, 2]
    const shares = mostLikelyLabelShares(
      confusionMatrix([0, 0, 0, 0, 0, 0], actual, [2, 3]),
      [0, 0, 0, 0],
    )
    ;[1 / 2, 1 / 3, 1 / 6].forEach((expected, y) => assertClose(shares[y], expected))
  })

  it('pass over classes that no labelled row was predicted as', () => {
    const confusion = confusionMatrix([0, 0, 1, 1], [0, 0, 1, 1], [3, 2])
    const shares = mostLikelyLabelShares(confusion, [0, 2, 2, 2, 1, 1, 1])
    ;[1 / 4, 3 / 4].forEach((expected, y) => assertClose(shares[y], expected, 1e-6))
  })
})
