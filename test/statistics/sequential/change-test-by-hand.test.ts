/** The change test against its formulas, row by row, with plain counting and histories kept whole. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { binRows, createChangeTest, fitRankBins } from '../../../src/statistics/index.ts'
import { hashRow, tieBreak } from '../../../src/statistics/sequential/tie-break.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { assertClose } from '../golden.ts'

const BETS = 7
const COLUMNS = 2
const THRESHOLD = 500
const WEIGHTS = Float64Array.of(0.75, 0.25)
const SEED = 3

const random = createRandom(41)
const draw = (count: number, shift = 0) =>
  Float32Array.from({ length: count * COLUMNS }, (_, i) =>
    i % COLUMNS === 0 ? random.normal() + shift : Math.round(random.normal()),
  )
const bins = fitRankBins(draw(100), COLUMNS)
const reference = binRows(bins, draw(200))
const test = createChangeTest({
  reference,
  weights: WEIGHTS,
  threshold: THRESHOLD,
  seed: SEED,
})

/** ∫ of (1 − p + p·ln p) / (p·ln² p), the mixture of all κ·p^(κ−1), up to p. */
const integral = (p: number) => (p === 1 ? 1 : (p - 1) / Math.log(p))

/** The mean of that mixture over a 64th of an octave, the one that p is in. */
function tail(p: number): number {
  const octave = 2 ** Math.floor(Math.log2(p))
  const from = octave * (1 + Math.floor(64 * (p / octave - 1)) / 64)
  const to = from + octave / 64
  return (integral(to) - integral(from)) / (to - from)
}

/** What the seven bets pay, the last by the p-values since the last reset. */
function payoffs(p: number, past: readonly number[]): number[] {
  const cell = (one: number) => Math.min(9, Math.floor(one * 10))
  let [own, all] = [0, 0]
  past.toReversed().forEach((one, age) => {
    const weight = 0.98 ** age
    all += weight
    if (cell(one) === cell(p)) own += weight
  })
  const [upper, lower] = [tail(p), tail(1 - p)]
  return [
    upper,
    lower,
    0.9 + 0.1 * upper,
    0.9 + 0.1 * lower,
    1 + 0.8 * (1 - 2 * p),
    1 - 0.8 * (1 - 2 * p),
    (10 * (own + 3)) / (all + 30),
  ]
}

/** The same test in its plainest form. */
function createPlain() {
  const normal = Array.from({ length: COLUMNS }, (_, k) =>
    Array.from({ length: 200 }, (__, row) => reference[row * COLUMNS + k]),
  )
  const past = Array.from({ length: COLUMNS }, () => [] as number[])
  const evidence = Array.from({ length: COLUMNS }, () => Array.from({ length: BETS }, () => 0))
  const best = Array.from({ length: COLUMNS }, () =>
    Array.from({ length: BETS }, () => ({ paid: 0, start: 0 })),
  )
  let taken = 0
  return {
    evidence,
    best,
    past,
    take(row: Uint16Array, isNormal: boolean): void {
      for (let k = 0; k < COLUMNS; k++) {
        const bin = row[k]
        const above = normal[k].filter((one) => one > bin).length
        const equal = normal[k].filter((one) => one === bin).length
        const share = tieBreak(hashRow(SEED, taken), k)
        const p = (above + share * (1 + equal)) / (normal[k].length + 1)
        payoffs(p, past[k]).forEach((payoff, bet) => {
          evidence[k][bet] = (evidence[k][bet] + 1) * payoff
          const { paid } = best[k][bet]
          best[k][bet] =
            paid <= 1
              ? { paid: payoff, start: taken }
              : { paid: paid * payoff, start: best[k][bet].start }
        })
        past[k].push(p)
        if (isNormal) normal[k].push(bin)
      }
      taken++
    },
    reset(): void {
      for (let k = 0; k < COLUMNS; k++) {
        past[k].length = 0
        evidence[k].fill(0)
        for (let bet = 0; bet < BETS; bet++) best[k][bet] = { paid: 0, start: 0 }
      }
    },
  }
}

const state = test.init()
const plain = createPlain()

function take(rows: Float32Array, isNormal = true): void {
  for (let from = 0; from < rows.length; from += COLUMNS) {
    const row = binRows(bins, rows.subarray(from, from + COLUMNS))
    if (isNormal) test.update(state, row)
    else test.look(state, row)
    plain.take(row, isNormal)
  }
}

function assertSame(): void {
  const strengths = test.strengths(state)
  for (let k = 0; k < COLUMNS; k++) {
    assertClose(state.pValues[k], plain.past[k].at(-1) ?? Number.NaN, 1e-12)
    for (let bet = 0; bet < BETS; bet++) {
      assertClose(state.evidence[k * BETS + bet], plain.evidence[k][bet], 1e-8)
      assertClose(state.sinceBest[k * BETS + bet], plain.best[k][bet].paid, 1e-8)
      assert.equal(state.bestStarts[k * BETS + bet], plain.best[k][bet].start)
    }
    const mean = plain.evidence[k].reduce((sum, one) => sum + one, 0) / BETS
    assertClose(strengths[k], (mean * WEIGHTS[k]) / THRESHOLD, 1e-8)
    const enough = 0.01 * Math.max(...plain.best[k].map(({ paid }) => paid))
    const starts = plain.best[k].filter(({ paid }) => paid >= enough).map(({ start }) => start)
    assert.equal(test.changePoint(state, k), Math.max(...starts))
  }
  assert.equal(
    test.alarmed(state),
    strengths.some((one) => one >= 1),
  )
}

describe('the change test', () => {
  it('is its formulas, while nothing changes, after a change, and after a reset', () => {
    take(draw(80))
    assertSame()
    take(draw(4, 1.5))
    assertSame()
    take(draw(4, -2), false)
    assertSame()
    test.reset(state)
    plain.reset()
    take(draw(3))
    assertSame()
    take(draw(40, 0.5))
    assertSame()
  })

  it('ranks a value among what is normal, equal ones counted half', () => {
    const fresh = test.init()
    for (const value of [-1, 0, 2]) {
      const binned = Array.from({ length: 200 }, (_, row) => reference[row * COLUMNS + 1])
      const [, bin] = binRows(bins, Float32Array.of(0, value))
      const above = binned.filter((one) => one > bin).length
      const equal = binned.filter((one) => one === bin).length
      assertClose(
        test.shareAbove(fresh, { column: 1, bin }),
        (above + (1 + equal) / 2) / 201,
        1e-12,
      )
    }
  })

  it('goes on as before when the units of the past have grown too large', () => {
    const long = test.init()
    const rows = binRows(bins, draw(40))
    const rowAt = (i: number) => rows.subarray((i % 40) * COLUMNS, ((i % 40) + 1) * COLUMNS)
    // The units pass 10¹⁰⁰ within 11,400 rows.
    for (let i = 0; i < 12_000; i++) {
      test.look(long, rowAt(i))
      long.evidence.fill(0)
      long.sinceBest.fill(0)
    }
    const total = long.cells.subarray(0, 10).reduce((sum, one) => sum + one, 0)
    assertClose(total / long.past[0] / 0.98, 50, 1e-9)
    assert.ok(long.past[0] < 1e100)
  })
})
