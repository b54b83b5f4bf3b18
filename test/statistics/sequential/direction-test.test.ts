import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createDirectionTest,
  type DirectionTestOptions,
  stateFromBytes,
  stateToBytes,
} from '../../../src/statistics/sequential/index.ts'
import { cellMoments } from '../../../src/statistics/sequential/direction-scores.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { kolmogorovSmirnovTest } from '../../../evaluation/statistics/kolmogorov-smirnov.ts'

const MAPS = [
  { start: 0, end: 30 },
  { start: 30, end: 40 },
]
const CELLS = 40
/** A deviation of the places, in whole steps. */
const DEVIATION = 42

/** Rows of places, neighbours alike; those listed are moved. */
function drawRows(
  rows: number,
  random: Random,
  moved: Readonly<Record<number, number>> = {},
): Int8Array {
  const values = new Int8Array(rows * CELLS)
  for (let row = 0; row < rows; row++) {
    const common = random.normal()
    for (let cell = 0; cell < CELLS; cell++) {
      const value = 0.5 * common + random.normal() + (moved[cell] ?? 0)
      values[row * CELLS + cell] = Math.max(-126, Math.min(126, Math.round(DEVIATION * value)))
    }
  }
  return values
}

function setUp(random: Random, options: Partial<DirectionTestOptions> = {}) {
  const test = createDirectionTest({
    aside: drawRows(100, random),
    reference: drawRows(400, random),
    maps: MAPS,
    length: 50,
    threshold: 1000,
    seed: 1,
    ...options,
  })
  const state = test.init()
  const take = (rows: Int8Array) => {
    for (let at = 0; at < rows.length; at += CELLS)
      test.update(state, rows.subarray(at, at + CELLS))
  }
  return { test, state, take }
}

const MARK = { 3: 0.8, 4: 0.8, 17: -0.8 }

describe('the sequential test for what is always at the same places', () => {
  it('has p-values that are uniform and independent of each other in time while nothing changes', () => {
    const random = createRandom(21)
    const found = MAPS.map(() => [] as number[])
    for (let run = 0; run < 20; run++) {
      const { test, state } = setUp(random, { seed: run })
      const rows = drawRows(150, random)
      for (let row = 0; row < 150; row++) {
        test.update(state, rows.subarray(row * CELLS, (row + 1) * CELLS))
        if (row >= 50) state.change.pValues.forEach((p, map) => found[map].push(p))
      }
    }
    const even = Float64Array.from({ length: 20_000 }, (_, i) => (i + 0.5) / 20_000)
    for (const own of found) {
      assert.equal(own.length, 2000)
      const { pValue } = kolmogorovSmirnovTest(Float64Array.from(own), even)
      assert.ok(pValue > 0.001, `${pValue}`)
      const products = own.slice(1).map((p, i) => (p - 0.5) * (own[i] - 0.5))
      const mean = products.reduce((sum, one) => sum + one, 0) / products.length
      assert.ok(Math.abs(mean) < 4 / 12 / Math.sqrt(products.length), `${mean}`)
    }
  })

  it('alarms within T rows at most with the chance T / threshold while nothing changes', () => {
    const random = createRandom(22)
    const [threshold, runs, rows] = [400, 60, 200]
    let alarms = 0
    for (let run = 0; run < runs; run++) {
      const { test, state } = setUp(random, { threshold, seed: run })
      const all = drawRows(rows, random)
      for (let at = 0; at < all.length; at += CELLS) {
        test.update(state, all.subarray(at, at + CELLS))
        if (!test.alarmed(state)) continue
        alarms++
        break
      }
    }
    assert.ok(alarms / runs <= 0.5, `${alarms} of ${runs}`)
  })

  it('finds a mark that no single row shows, in the map and at the places where it is', () => {
    const random = createRandom(23)
    const { test, state, take } = setUp(random, { threshold: 100_000 })
    take(drawRows(150, random))
    assert.equal(test.alarmed(state), false)
    let taken = 0
    while (!test.alarmed(state) && taken < 200) {
      take(drawRows(1, random, MARK))
      taken++
    }
    // A stretch to learn of it, and part of the next.
    assert.ok(taken > 50 && taken <= 120, `${taken}`)
    const [first, second] = test.strengths(state)
    assert.ok(first >= 1 && second < 0.01)
    const farthest = [...state.learned.differences.keys()]
      .toSorted(
        (a, b) => Math.abs(state.learned.differences[b]) - Math.abs(state.learned.differences[a]),
      )
      .slice(0, 3)
    assert.deepEqual(
      farthest.toSorted((a, b) => a - b),
      [3, 4, 17],
    )
    assert.ok(state.learned.differences[3] > 2.5 && state.learned.differences[17] < -2.5)
    // Both stretches were marked from their first row on.
    const { rows, before } = test.changePoint(state, 0)
    assert.equal(rows, taken - 50)
    assert.ok(before <= 5, `${before}`)
  })

  it('says nothing before a stretch was learned, and forgets all when begun anew', () => {
    const random = createRandom(24)
    const { test, state, take } = setUp(random)
    take(drawRows(50, random, MARK))
    test.look(state, drawRows(1, random))
    assert.deepEqual([...test.strengths(state)], [0, 0])
    // What shows nothing is as likely as anything.
    assert.deepEqual([...test.pValues(state)], [1, 1])
    take(drawRows(40, random, MARK))
    assert.equal(test.alarmed(state), true)
    test.restart(state)
    assert.deepEqual([...test.strengths(state)], [0, 0])
    take(drawRows(50, random, MARK))
    assert.equal(test.alarmed(state), false)
    assert.equal(test.changePoint(state, 0).rows, 50)
  })

  it('shows what it found more plainly once it learned of both stretches, and bets anew', () => {
    const random = createRandom(27)
    const { test, state, take } = setUp(random)
    take(drawRows(50, random))
    take(drawRows(50, random, MARK))
    take(drawRows(40, random, MARK))
    assert.equal(test.alarmed(state), true)
    const before = state.learned.differences[3]
    test.sharpen(state)
    const after = state.learned.differences[3]
    // Of 50 rows and of 90: the difference grows by the square root of their ratio, but for chance.
    assert.ok(after > before && after < 2 * before, `${before} → ${after}`)
    assert.deepEqual([...test.strengths(state)], [0, 0])
    assert.equal(test.changePoint(state, 0).rows, 0)
  })

  it('says how likely so much evidence is within a stretch by chance', () => {
    const random = createRandom(28)
    const { test, state, take } = setUp(random, { threshold: 5000 })
    take(drawRows(50, random, MARK))
    take(drawRows(45, random, MARK))
    const [strength] = test.strengths(state)
    const [marked, other] = test.pValues(state)
    assert.ok(Math.abs(marked * 5000 * strength - 50) < 1e-9)
    assert.ok(marked < 0.01 && other > marked)
  })

  it('looks at a row by what it has learned, without learning more or taking it for normal', () => {
    const random = createRandom(25)
    const { test, state, take } = setUp(random, { threshold: 1e9 })
    take(drawRows(50, random, MARK))
    take(drawRows(10, random))
    const { sums, numbers } = structuredClone(state.learned)
    const counts = state.change.counts.slice()
    const ranks = Array.from({ length: 20 }, () => {
      test.look(state, drawRows(1, random, MARK))
      return state.change.pValues[0]
    })
    assert.deepEqual(
      { sums, numbers },
      { sums: state.learned.sums, numbers: state.learned.numbers },
    )
    assert.deepEqual(state.change.counts, counts)
    // Marked rows are high among the normal ones.
    assert.ok(ranks.reduce((sum, p) => sum + p, 0) / 20 < 0.35)
  })

  it('goes on bit for bit the same from its bytes, which are as many after any number of rows', () => {
    const random = createRandom(26)
    const { test, state, take } = setUp(random)
    const size = stateToBytes(state.learned).length
    take(drawRows(130, random, { 3: 0.2 }))
    const restored = test.init()
    stateFromBytes(stateToBytes(state.learned), restored.learned)
    stateFromBytes(stateToBytes(state.change), restored.change)
    const rows = drawRows(100, random, { 3: 0.2 })
    for (let at = 0; at < rows.length; at += CELLS) {
      const row = rows.subarray(at, at + CELLS)
      test.update(state, row)
      test.update(restored, row)
    }
    assert.equal(stateToBytes(state.learned).length, size)
    assert.deepEqual(stateToBytes(restored.learned), stateToBytes(state.learned))
    assert.deepEqual(stateToBytes(restored.change), stateToBytes(state.change))
  })

  it('learns the sixteen places of each map that differ most, each by its difference in deviations', () => {
    const random = createRandom(29)
    const aside = drawRows(100, random)
    const rows = drawRows(51, random, { 3: 0.5 })
    const { state, take } = setUp(random, { aside })
    take(rows)
    const { mean, deviation } = cellMoments(aside, CELLS)
    const sums = new Float64Array(CELLS)
    rows.subarray(0, 50 * CELLS).forEach((value, i) => (sums[i % CELLS] += value))
    const expected = Array.from(
      sums,
      (sum, cell) => (sum / 50 - mean[cell]) / deviation[cell] / Math.sqrt(1 / 50 + 1 / 100),
    )
    const { differences, places, weights, numbers } = state.learned
    expected.forEach((one, cell) => assert.ok(Math.abs(one - differences[cell]) < 1e-5))
    const ordered = (start: number, end: number) =>
      Array.from({ length: end - start }, (_, i) => start + i).toSorted(
        (a, b) => Math.abs(expected[b]) - Math.abs(expected[a]),
      )
    assert.deepEqual([...places.subarray(0, 16)], ordered(0, 30).slice(0, 16))
    // The second map has ten places: the others count nothing.
    assert.deepEqual([...places.subarray(16, 26)], ordered(30, 40))
    assert.deepEqual([...weights.subarray(26)], Array(6).fill(0))
    for (let i = 0; i < 26; i++) {
      const at = places[i]
      assert.ok(Math.abs(weights[i] - expected[at] / deviation[at]) < 1e-6)
    }
    assert.deepEqual([...numbers], [1, 1, 0])
  })

  it('ranks among a thousand rows of the reference and eight for each of a stretch, and those of the stretch', () => {
    const random = createRandom(30)
    const { state, take } = setUp(random, { length: 10, reference: drawRows(1200, random) })
    take(drawRows(11, random))
    const counted = (map: number) => state.change.counts[map * 512]
    assert.deepEqual([counted(0), counted(1)], [1081, 1081])
    take(drawRows(9, random))
    assert.equal(counted(1), 1090)
    take(drawRows(1, random))
    assert.equal(counted(0), 1081)
    assert.deepEqual([...state.learned.numbers], [1, 1, 10])
    assert.equal(state.change.taken[0], 11)
  })

  it('weighs both stretches by their rows where it learns of both', () => {
    const random = createRandom(31)
    const aside = drawRows(100, random)
    const { test, state, take } = setUp(random, { aside })
    take(drawRows(50, random))
    take(drawRows(30, random, { 8: -1 }))
    const { differences, sums } = structuredClone(state.learned)
    test.sharpen(state)
    const { mean, deviation } = cellMoments(aside, CELLS)
    for (let cell = 0; cell < CELLS; cell++) {
      const since = (sums[cell] / 30 - mean[cell]) / deviation[cell] / Math.sqrt(1 / 30 + 1 / 100)
      const both = (Math.sqrt(50) * differences[cell] + Math.sqrt(30) * since) / Math.sqrt(80)
      assert.ok(Math.abs(state.learned.differences[cell] - both) < 1e-4)
    }
    assert.deepEqual([...state.learned.numbers], [0, 1, 30])
    assert.ok(state.learned.sums.every((sum) => sum === 0))
    // Nothing was taken since: no start is before another.
    assert.deepEqual(test.changePoint(state, 0), { rows: 0, before: 0 })
  })
})
