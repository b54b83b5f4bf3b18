import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  binRows,
  type ChangeTestOptions,
  createChangeTest,
  fitRankBins,
  stateFromBytes,
  stateToBytes,
} from '../../../src/statistics/sequential/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { kolmogorovSmirnovTest } from '../../../evaluation/statistics/kolmogorov-smirnov.ts'

const COLUMNS = 6

/** Columns that depend on each other, one of whole numbers, a rare one and a constant. */
function drawRow(random: Random, shift = 0): number[] {
  const common = random.normal()
  const own = () => 0.8 * common + 0.6 * random.normal()
  return [own() + shift, own(), Math.round(own()), random.uniform() < 0.02 ? 1 : 0, 7, own()]
}

function drawRows(rows: number, random: Random, shift = 0): Float32Array {
  return Float32Array.from(Array.from({ length: rows }, () => drawRow(random, shift)).flat())
}

const rowOf = (values: Uint16Array, row: number) =>
  values.subarray(row * COLUMNS, (row + 1) * COLUMNS)

function setUp(random: Random, options: Partial<ChangeTestOptions> = {}) {
  const bins = fitRankBins(drawRows(300, random), COLUMNS)
  const reference = binRows(bins, drawRows(700, random))
  const weights = new Float64Array(COLUMNS).fill(1 / COLUMNS)
  const test = createChangeTest({ reference, weights, threshold: 1000, seed: 1, ...options })
  const draw = (shift = 0) => binRows(bins, drawRows(1, random, shift))
  return { test, state: test.init(), bins, draw }
}

describe('the sequential test for a change', () => {
  it('has p-values that are uniform and independent of each other in time, whatever the columns', () => {
    const random = createRandom(11)
    const found = Array.from({ length: COLUMNS }, () => [] as number[])
    for (let run = 0; run < 20; run++) {
      const { test, state, draw } = setUp(random, { seed: run })
      for (let i = 0; i < 100; i++) {
        test.update(state, draw())
        state.pValues.forEach((p, column) => found[column].push(p))
      }
    }
    const even = Float64Array.from({ length: 20_000 }, (_, i) => (i + 0.5) / 20_000)
    for (const own of found) {
      const { pValue } = kolmogorovSmirnovTest(Float64Array.from(own), even)
      assert.ok(pValue > 0.001, `${pValue}`)
      const products = own.slice(1).map((p, i) => (p - 0.5) * (own[i] - 0.5))
      const mean = products.reduce((sum, one) => sum + one, 0) / products.length
      assert.ok(Math.abs(mean) < 4 / 12 / Math.sqrt(products.length), `${mean}`)
    }
  })

  it('alarms within T images at most with the chance T / threshold while nothing changes', () => {
    const random = createRandom(12)
    const [threshold, runs, images] = [200, 60, 100]
    let alarms = 0
    for (let run = 0; run < runs; run++) {
      const { test, state, draw } = setUp(random, { threshold, seed: run })
      for (let i = 0; i < images; i++) {
        test.update(state, draw())
        if (!test.alarmed(state)) continue
        alarms++
        break
      }
    }
    // Half of them would be allowed; four standard deviations more would still be a fault.
    assert.ok(alarms / runs <= 0.5, `${alarms} of ${runs}`)
  })

  it('alarms a few images after a column changed, names it, and finds where it began', () => {
    const random = createRandom(13)
    for (const shift of [-4, 4]) {
      const { test, state, draw } = setUp(random, { threshold: 20_000 })
      for (let i = 0; i < 200; i++) test.update(state, draw())
      assert.equal(test.alarmed(state), false)
      let delay = 0
      while (!test.alarmed(state) && delay < 50) {
        test.update(state, draw(shift))
        delay++
      }
      assert.ok(delay <= 15, `${delay}`)
      const strengths = test.strengths(state)
      assert.equal(strengths.indexOf(Math.max(...strengths)), 0)
      assert.ok(Math.max(...strengths) >= 1)
      assert.ok(Math.abs(test.changePoint(state, 0) - 200) <= 2)
    }
  })

  it('gives a column the share of the false alarms that its weight is', () => {
    const random = createRandom(14)
    const bins = fitRankBins(drawRows(300, random), COLUMNS)
    const reference = binRows(bins, drawRows(300, random))
    const rows = binRows(bins, drawRows(5, random, 3))
    const strengthsAt = (weights: number[], threshold: number) => {
      const own = { reference, weights: Float64Array.from(weights), threshold, seed: 1 }
      const test = createChangeTest(own)
      const state = test.init()
      for (let i = 0; i < 5; i++) test.update(state, rowOf(rows, i))
      return test.strengths(state)
    }
    const even = strengthsAt([1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6], 100)
    const uneven = strengthsAt([1 / 2, 1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10], 200)
    assert.ok(Math.abs(uneven[0] / even[0] - 1.5) < 1e-9)
    assert.ok(Math.abs(uneven[1] / even[1] - 0.3) < 1e-9)
  })

  it('is the mean of sums over all starts: after one image the mean of what its bets paid', () => {
    const { test, state, draw } = setUp(createRandom(15))
    test.update(state, draw())
    const paid = [...state.evidence.subarray(0, 7)]
    assert.ok(
      Math.abs(test.strengths(state)[0] - paid.reduce((a, b) => a + b, 0) / 7 / 6000) < 1e-15,
    )
    assert.equal(paid[6], 1)
    assert.ok(Math.abs(paid[4] + paid[5] - 2) < 1e-12)
  })

  it('goes on bit for bit the same from its bytes, which are as many after any number of images', () => {
    const random = createRandom(17)
    const { test, state, bins } = setUp(random)
    const rows = binRows(bins, drawRows(300, random, 0.3))
    const size = stateToBytes(state).length
    for (let i = 0; i < 150; i++) test.update(state, rowOf(rows, i))
    const bytes = stateToBytes(state)
    assert.equal(bytes.length, size)
    // Rows taken come first, as they are in memory.
    assert.equal(new Float64Array(bytes.slice(0, 8).buffer)[0], 150)
    const restored = stateFromBytes(bytes, test.init())
    for (let i = 150; i < 300; i++) {
      test.update(state, rowOf(rows, i))
      test.update(restored, rowOf(rows, i))
    }
    assert.deepEqual(stateToBytes(restored), stateToBytes(state))
    assert.throws(
      () => stateFromBytes(bytes.subarray(1), test.init()),
      /expected \d+ bytes, got \d+/,
    )
  })

  it('forgets rows and evidence as if they had never come', () => {
    const random = createRandom(18)
    const { test, state, bins } = setUp(random)
    const rows = binRows(bins, drawRows(10, random))
    const before = state.counts.slice()
    for (let i = 0; i < 10; i++) test.update(state, rowOf(rows, i))
    for (let i = 0; i < 10; i++) test.forget(state, rowOf(rows, i))
    assert.deepEqual(state.counts, before)
    test.reset(state)
    assert.ok(test.strengths(state).every((one) => one === 0))
    test.look(state, rowOf(rows, 0))
    assert.deepEqual(state.counts, before)
  })

  it('stays finite however long a change lasts', () => {
    const random = createRandom(19)
    const { test, state, draw } = setUp(random)
    for (let i = 0; i < 3000; i++) test.look(state, draw(30))
    assert.ok(state.evidence.every(Number.isFinite))
    assert.ok(state.sinceBest.every(Number.isFinite))
    assert.ok(test.alarmed(state))
  })
})
