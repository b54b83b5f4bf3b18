import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  BETS,
  cellOf,
  CELLS,
  payBets,
  weightOfPast,
} from '../../../src/statistics/sequential/bets.ts'

const none = { own: 0, all: 0 }

function payoffs(p: number, past = none): number[] {
  const paid = new Float64Array(BETS)
  payBets(p, past, paid)
  return [...paid]
}

/** ∫ of each bet over [low, high] by midpoints that are dense at both ends. */
function integrals(past: (p: number) => typeof none): number[] {
  const steps = 200_000
  const sums = Array.from({ length: BETS }, () => 0)
  for (let i = 0; i < steps; i++) {
    // p = sin² of an even grid, dp = sin(2x) dx.
    const x = ((i + 0.5) / steps) * (Math.PI / 2)
    const p = Math.sin(x) ** 2
    const width = (Math.sin(2 * x) * Math.PI) / 2 / steps
    payoffs(p, past(p)).forEach((paid, bet) => (sums[bet] += paid * width))
  }
  return sums
}

describe('bets on p-values', () => {
  it('pay nothing on average: their integrals are 1, and of those on tails never more', () => {
    const cells = Array.from({ length: CELLS }, (_, cell) => cell * 2)
    const all = cells.reduce((sum, one) => sum + one, 0)
    const sums = integrals((p) => ({ own: cells[cellOf(p)], all }))
    for (const tail of [0, 1]) assert.ok(sums[tail] <= 1 && sums[tail] > 0.93, `${sums[tail]}`)
    for (const some of [2, 3]) assert.ok(sums[some] <= 1 && sums[some] > 0.993, `${sums[some]}`)
    for (const bet of [4, 5, 6]) assert.ok(Math.abs(sums[bet] - 1) < 1e-6, `${sums[bet]}`)
  })

  it('are on large values, small ones, lower p-values and higher ones', () => {
    const low = payoffs(0.001)
    // (1 − p + p·ln p) / (p·ln² p) at 0.001.
    assert.ok(Math.abs(low[0] - 20.7918) < 1e-3, `${low[0]}`)
    assert.ok(Math.abs(low[1] - (0.5 + 0.001 / 6)) < 1e-6)
    // Near 1 it rises by a sixth of what is missing.
    assert.ok(Math.abs(payoffs(0.0005)[1] - (0.5 + 0.0005 / 6)) < 1e-7)
    assert.ok(Math.abs(payoffs(0.9995)[0] - (0.5 + 0.0005 / 6)) < 1e-7)
    assert.ok(Math.abs(low[2] - (0.9 + 0.1 * low[0])) < 1e-12)
    assert.ok(Math.abs(low[3] - (0.9 + 0.1 * low[1])) < 1e-12)
    assert.ok(Math.abs(low[4] - (1 + 0.8 * 0.998)) < 1e-12)
    assert.ok(Math.abs(low[5] - (1 - 0.8 * 0.998)) < 1e-12)
    const high = payoffs(0.999)
    ;[low[1], low[0], low[3], low[2], low[5], low[4], low[6]].forEach((paid, bet) =>
      assert.ok(Math.abs(high[bet] - paid) < 1e-9),
    )
  })

  it('are even on an unknown past, and on what came before once it is known', () => {
    assert.equal(payoffs(0.35)[6], 1)
    assert.equal(payoffs(0.35, { own: 30, all: 30 })[6], (10 * 33) / 60)
    assert.equal(payoffs(0.35, { own: 0, all: 30 })[6], (10 * 3) / 60)
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
