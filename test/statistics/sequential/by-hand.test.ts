/** Sequential tests against their formulas, row by row. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  binRows,
  createDependenceTest,
  createRecoveryTest,
  createSlowChangeTest,
  fitRankBins,
} from '../../../src/statistics/index.ts'
import { normalTwoSided } from '../../../src/statistics/distributions.ts'
import { hashRow, tieBreak } from '../../../src/statistics/sequential/tie-break.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { assertClose } from '../golden.ts'

describe('draws that break ties', () => {
  it('are those of MurmurHash3’s finaliser, as Python computes them', () => {
    const cases = [
      [0, 0, 0, 0.5469250156311318],
      [1, 0, 0, 0.6006942690582946],
      [1, 1, 0, 0.6434540305053815],
      [1, 1, 3, 0.33330316201318055],
      [7, 123_456, 2, 0.06071474251803011],
      [5, 8_589_934_601, 4, 0.7222095931647345],
      [2_147_483_647, 4_294_967_296, 1, 0.7314920240314677],
    ] as const
    for (const [seed, row, column, expected] of cases) {
      assert.equal(tieBreak(hashRow(seed, row), column), expected)
    }
  })
})

describe('the test for dependence', () => {
  it('bets three tenths on each product of neighbours, and forgets a tenth at a time', () => {
    const random = createRandom(1)
    const weights = Float64Array.of(0.75, 0.25)
    const test = createDependenceTest({ weights, threshold: 60 })
    const state = test.init()
    const evidence = [
      [0, 0],
      [0, 0],
    ]
    const last = [0, 0]
    const means = [0, 0]
    for (let row = 0; row < 60; row++) {
      const shared = row % 12 < 6 ? 0.1 : 0.9
      const pValues = [random.uniform(), 0.8 * shared + 0.2 * random.uniform()]
      test.update(state, pValues)
      pValues.forEach((p, k) => {
        const side = last[k] > 0 ? 1 : 0
        evidence[k][side] = (evidence[k][side] + 1) * (1 + 3.6 * (p - 0.5) * last[k])
        const away = p - 0.5 - means[k]
        last[k] = Math.min(0.5, Math.max(-0.5, away))
        means[k] = 0.9 * means[k] + 0.1 * (p - 0.5)
      })
      const strengths = test.strengths(state)
      evidence.forEach((own, k) => {
        own.forEach((one, side) => assertClose(state.evidence[2 * k + side], one))
        assertClose(strengths[k], (Math.min(...own) * weights[k]) / 60)
      })
      assert.equal(test.alarmed(state), Math.max(...strengths) >= 1)
    }
    assert.ok(test.alarmed(state))
  })

  it('stays finite however long rows are alike', () => {
    const test = createDependenceTest({ weights: Float64Array.of(1), threshold: 60 })
    const state = test.init()
    for (let row = 0; row < 30_000; row++) test.update(state, [row % 40 < 20 ? 0 : 1])
    assert.equal(Math.max(...state.evidence), 1e200)
    assert.ok(state.evidence.every((one) => one > 1e198))
  })
})

describe('the test for a slow change', () => {
  const random = createRandom(2)
  const columns = 2
  const drawn = (rows: number) =>
    Float32Array.from({ length: rows * columns }, (_, i) =>
      i % columns === 0 ? random.normal() : random.integer(3),
    )
  const bins = fitRankBins(drawn(60), columns)
  const binned = (rows: number) => binRows(bins, drawn(rows))
  const reference = binned(90)
  const weights = Float64Array.of(0.75, 0.25)

  it('compares means of ranks and of their squares, window by window, of each length', () => {
    const seed = 3
    const windows = [
      { length: 25, level: 0.05 },
      { length: 40, level: 0.9 },
    ]
    const test = createSlowChangeTest({ reference, weights, windows, seed })
    assert.deepEqual(test.windows, windows)
    const state = test.init()
    const rows = 200
    const stream = binned(rows)
    const rankOf = (row: number, column: number): number => {
      const own = stream[row * columns + column]
      const known = Array.from({ length: 90 }, (_, i) => reference[i * columns + column])
      const below = known.filter((bin) => bin < own).length
      const equal = known.filter((bin) => bin === own).length
      return (below + tieBreak(hashRow(seed, row), column) * (equal + 1)) / 91 - 0.5
    }
    /** The strengths of a window whose last row is this one. */
    const strengthsBy = (window: number, last: number): number[] => {
      const { length, level } = windows[window]
      return [0, 1].map((column) => {
        const ranks = Array.from({ length }, (_, i) => rankOf(last + 1 - length + i, column))
        const mean = (values: readonly number[]) =>
          values.reduce((sum, one) => sum + one, 0) / length
        const error = Math.sqrt(1 / length + 1 / 90)
        const found = [
          mean(ranks) / Math.sqrt(1 / 12) / error,
          (mean(ranks.map((rank) => rank * rank)) - 1 / 12) / Math.sqrt(1 / 180) / error,
        ]
        const at = 4 * window + 2 * column
        found.forEach((one, s) => assertClose(state.differences[at + s], one, 1e-9))
        return (level * weights[column]) / (2 * Math.min(...found.map(normalTwoSided)))
      })
    }
    const alarming: number[] = []
    for (let row = 0; row < rows; row++) {
      test.update(state, stream.subarray(row * columns, (row + 1) * columns))
      const sure = windows.map(({ length }, window) => {
        if ((row + 1) % length !== 0) return false
        const expected = strengthsBy(window, row)
        const strengths = test.strengths(state, window)
        expected.forEach((one, column) => assertClose(strengths[column], one, 1e-9))
        return Math.max(...expected) >= 1
      })
      assert.equal(test.alarming(state), sure.indexOf(true))
      assert.equal(test.alarmed(state), sure.includes(true))
      if (sure.includes(true)) alarming.push(sure.indexOf(true))
    }
    assert.ok(alarming.includes(1), 'no window of 40 was sure')
    assert.equal(state.numbers[0], rows)
  })

  it('has a strength also where the chance is below the smallest number', () => {
    const windows = [{ length: 20_000, level: 0.05 }]
    const options = { reference: binned(20_000), weights, windows, seed: 1 }
    const test = createSlowChangeTest(options)
    const state = test.init()
    const high = binRows(bins, Float32Array.of(99, 99))
    for (let row = 0; row < 20_000; row++) test.update(state, high)
    assert.ok(test.alarmed(state))
    assert.ok(test.strengths(state, 0).every((one) => one > 1e300))
  })
})

describe('the test for recovery', () => {
  it('weighs even p-values against those of the change so far, from the best start on', () => {
    const test = createRecoveryTest(1.45)
    const state = test.init()
    for (const p of [0.01, 0.02, 0.03]) test.learn(state, p)
    const seen = (p: number) => {
      test.update(state, [p])
      return state.numbers[1]
    }
    // Three of three in the first tenth, one more everywhere for what is not known.
    assertClose(seen(0.95), 13 / 10)
    assert.equal(test.alarmed(state), false)
    assertClose(seen(0.05), 1.3 / (40 / 14))
    assertClose(seen(0.55), 15 / 10)
    assert.equal(test.alarmed(state), true)
    assertClose(seen(0.55), 1.5 / (20 / 16))
  })

  it('learns from a hundred images of the change, and from no more', () => {
    const test = createRecoveryTest(10)
    const state = test.init()
    for (let i = 0; i < 150; i++) test.learn(state, i < 100 ? 0.15 : 0.75)
    assert.deepEqual([...state.cells], [0, 100, 0, 0, 0, 0, 0, 0, 0, 0])
    assert.equal(state.numbers[0], 100)
    test.update(state, [0.75])
    assertClose(state.numbers[1], 110 / 10)
    assert.equal(state.numbers[0], 100)
  })
})
