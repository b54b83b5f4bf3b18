import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  BETS,
  cellOf,
  CELLS,
  payBets,
  weightOfPast,
} from '../../../src/statistics/sequential/bets.ts'
import { tailBet } from '../../../src/statistics/sequential/tail-bet.ts'

const none = { own: 0, all: 0 }

function payoffs(p: number, past = none): number[] {
  const paid = new Float64Array(BETS)
  payBets(Float64Array.of(p), { own: Float64Array.of(past.own), all: past.all }, paid)
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
    const cells = Array.from({ length: CELLS }, (_, cell) => cell * 2)
    const all = cells.reduce((sum, one) => sum + one, 0)
    const sums = integrals((p) => ({ own: cells[cellOf(p)], all }))
    for (const tail of [0, 1]) assert.ok(sums[tail] <= 1 && sums[tail] > 0.93, `${sums[tail]}`)
    for (const some of [2, 3]) assert.ok(sums[some] <= 1 && sums[some] > 0.993, `${sums[some]}`)
    for (const bet of [4, 5, 6]) assert.ok(Math.abs(sums[bet] - 1) < 1e-6, `${sums[bet]}`)
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
    const paid = new Float64Array(2 * BETS)
    const own = Float64Array.of(4, 9)
    payBets(Float64Array.of(0.2, 0.7), { own, all: 40 }, paid)
    assert.deepEqual(
      [...paid],
      [...payoffs(0.2, { own: 4, all: 40 }), ...payoffs(0.7, { own: 9, all: 40 })],
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
