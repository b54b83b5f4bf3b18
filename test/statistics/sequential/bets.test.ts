import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  BETS,
  cellOf,
  CELLS,
  forgetPast,
  noPast,
  payBets,
  weightOfPast,
} from '../../../src/statistics/sequential/bets.ts'
import { tailBet } from '../../../src/statistics/sequential/tail-bet.ts'

/** What is paid for p-values of as many columns, each of which had these before. */
function payoffsOf(pValues: readonly number[], history: readonly number[] = []): number[][] {
  const one = noPast(1)
  for (const p of history) payBets(one, Float64Array.of(p), new Float64Array(BETS))
  const cells = new Float64Array(pValues.length * CELLS).map((_, i) => one.cells[i % CELLS])
  const paid = new Float64Array(pValues.length * BETS)
  payBets({ cells, past: one.past }, Float64Array.from(pValues), paid)
  return pValues.map((_, k) => [...paid.subarray(k * BETS, (k + 1) * BETS)])
}

const payoffs = (p: number, history?: readonly number[]): number[] => payoffsOf([p], history)[0]

/** ∫ of each bet over [0, 1] by midpoints that are dense at both ends. */
function integrals(history: readonly number[]): number[] {
  const steps = 200_000
  const grid = Array.from({ length: steps }, (_, i) => ((i + 0.5) / steps) * (Math.PI / 2))
  const sums = Array.from({ length: BETS }, () => 0)
  // p = sin² of an even grid, dp = sin(2x) dx.
  payoffsOf(
    grid.map((x) => Math.sin(x) ** 2),
    history,
  ).forEach((own, i) => {
    const width = (Math.sin(2 * grid[i]) * Math.PI) / 2 / steps
    own.forEach((paid, bet) => (sums[bet] += paid * width))
  })
  return sums
}

/** (1 − p + p·ln p) / (p·ln² p), which is ½ at 1. */
const mixture = (p: number): number =>
  p > 0.999 ? 0.5 + (1 - p) / 6 : (1 - p + p * Math.log(p)) / (p * Math.log(p) ** 2)

describe('the bet on a tail', () => {
  it('pays the mean of the mixture of all powers over a 64th of an octave', () => {
    for (const octave of [2 ** -23, 2 ** -10, 0.25, 0.5]) {
      for (const cell of [0, 1, 31, 63]) {
        const width = octave / 64
        const from = octave + cell * width
        const steps = Array.from({ length: 1000 }, (_, i) => from + ((i + 0.5) / 1000) * width)
        const mean = steps.reduce((sum, p) => sum + mixture(p), 0) / steps.length
        for (const within of [0, 0.3, 0.999]) {
          const found = tailBet(from + within * width)
          assert.ok(Math.abs(found / mean - 1) < 1e-6, `${from} ${found} ${mean}`)
        }
      }
    }
  })

  it('pays for smaller p-values what it pays for one of 2⁻²³, and for 1 a half', () => {
    for (const p of [0, 1e-300, 2 ** -24]) assert.equal(tailBet(p), tailBet(2 ** -23))
    assert.ok(tailBet(2 ** -23) > tailBet(2 ** -22.9))
    assert.equal(tailBet(1), 0.5)
  })
})

describe('bets on p-values', () => {
  it('pay nothing on average: their integrals are 1, and of those on tails never more', () => {
    const sums = integrals([0.1, 0.5, 0.55, 0.7, 0.99, 0.95, 0.97])
    for (const tail of [0, 1]) assert.ok(sums[tail] <= 1 && sums[tail] > 0.93, `${sums[tail]}`)
    for (const some of [2, 3]) assert.ok(sums[some] <= 1 && sums[some] > 0.993, `${sums[some]}`)
    // The last one jumps from cell to cell, which midpoints see to a step of the grid.
    for (const bet of [4, 5, 6]) assert.ok(Math.abs(sums[bet] - 1) < 1e-5, `${sums[bet]}`)
  })

  it('are on large values, small ones, lower p-values and higher ones', () => {
    const low = payoffs(0.001)
    // The tail bet of 0.001, and of 0.999.
    assert.equal(low[0], tailBet(0.001))
    assert.equal(low[1], tailBet(0.999))
    assert.ok(Math.abs(low[2] - (0.9 + 0.1 * low[0])) < 1e-12)
    assert.ok(Math.abs(low[3] - (0.9 + 0.1 * low[1])) < 1e-12)
    assert.ok(Math.abs(low[4] - (1 + 0.8 * 0.998)) < 1e-12)
    assert.ok(Math.abs(low[5] - (1 - 0.8 * 0.998)) < 1e-12)
    const high = payoffs(0.999)
    ;[low[1], low[0], low[3], low[2], low[5], low[4], low[6]].forEach((paid, bet) =>
      assert.ok(Math.abs(high[bet] - paid) < 1e-9),
    )
  })

  it('are those of each column by itself', () => {
    const history = [0.2, 0.25, 0.7]
    assert.deepEqual(payoffsOf([0.2, 0.7], history), [payoffs(0.2, history), payoffs(0.7, history)])
  })

  it('are even on an unknown past, and on what came before once it is known, later ones counting more', () => {
    assert.equal(payoffs(0.35)[6], 1)
    const history = [0.35, 0.31, 0.85]
    const [two, one] = [0.98 ** 2 + 0.98, 1]
    for (const [p, own] of [
      [0.39, two],
      [0.8, one],
      [0.5, 0],
    ]) {
      const expected = (10 * (own + 3)) / (two + one + 30)
      assert.ok(Math.abs(payoffs(p, history)[6] - expected) < 1e-12, `${p}`)
    }
    const state = noPast(1)
    payBets(state, Float64Array.of(0.35), new Float64Array(BETS))
    forgetPast(state)
    assert.deepEqual(state, noPast(1))
  })

  it('stay finite for p-values of 0 and 1', () => {
    for (const p of [0, 1]) assert.ok(payoffs(p).every((paid) => paid > 0 && paid < 1e6))
    assert.equal(cellOf(1), CELLS - 1)
  })

  it('remember less and less of the past: it counts as fifty at most', () => {
    assert.equal(weightOfPast(0), 0)
    assert.equal(weightOfPast(1), 1)
    assert.ok(Math.abs(weightOfPast(2) - 1.98) < 1e-12)
    assert.ok(Math.abs(weightOfPast(10_000) - 50) < 1e-9)
  })
})
