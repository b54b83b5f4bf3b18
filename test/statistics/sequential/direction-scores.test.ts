import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  cellDifferences,
  cellMoments,
  scoreRows,
} from '../../../src/statistics/sequential/direction-scores.ts'

const near = (found: ArrayLike<number>, expected: readonly number[]) => {
  assert.equal(found.length, expected.length)
  expected.forEach((one, i) =>
    assert.ok(Math.abs(found[i] - one) < 1e-6, `${found[i]}, not ${one}`),
  )
}

/** Three rows of three places: means 20, 5, −2. */
const ROWS = Int8Array.of(0, 5, -3, 20, 5, -2, 40, 5, -1)

describe('what is usual at each place', () => {
  it('is mean and standard deviation, a quarter of a training image’s at least', () => {
    const { rows, mean, deviation } = cellMoments(ROWS, 3)
    assert.equal(rows, 3)
    near(mean, [20, 5, -2])
    near(deviation, [20, 10.5, 10.5])
  })

  it('of a single row is that row', () => {
    const { mean, deviation } = cellMoments(Int8Array.of(7, -7), 2)
    near(mean, [7, -7])
    near(deviation, [10.5, 10.5])
  })

  it('is differed from in standard errors of both means', () => {
    const usual = cellMoments(ROWS, 3)
    // Of six rows: means 30, 5 and −12. √(1/6 + 1/3) = 0.7071.
    near(cellDifferences(Float64Array.of(180, 30, -72), 6, usual), [
      0.5 / Math.SQRT1_2,
      0,
      -10 / 10.5 / Math.SQRT1_2,
    ])
  })
})

describe('scores of rows of places', () => {
  it('are weighted sums over the places of each map', () => {
    const places = Int32Array.of(0, 2, 1, 0)
    const weights = Float64Array.of(2, -1, 0.5, 0)
    near(scoreRows(ROWS, { cells: 3, maps: 2 }, { places, weights }), [3, 2.5, 42, 2.5, 81, 2.5])
  })
})
