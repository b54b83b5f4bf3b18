import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  binRows,
  calibrateThreshold,
  createChangeTest,
  createDependenceTest,
  createRecoveryTest,
  createSlowChangeTest,
  fitRankBins,
  guaranteedThreshold,
} from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const EVEN = Float64Array.of(0.5, 0.5)

describe('the test for dependence', () => {
  /** Rows until it alarms, of p-values that stay the same for so many rows. */
  function rowsUntil(alike: number, most: number, seed: number): number {
    const random = createRandom(seed)
    const test = createDependenceTest({ weights: EVEN, threshold: 1e5 })
    const state = test.init()
    let row = [0, 0]
    for (let i = 0; i < most; i++) {
      if (i % alike === 0) row = [random.uniform(), random.uniform()]
      test.update(state, row)
      if (test.alarmed(state)) return i + 1
    }
    return Infinity
  }

  it('stays quiet while rows are independent, and speaks soon where they are alike', () => {
    for (const seed of [1, 2, 3]) assert.equal(rowsUntil(1, 5000, seed), Infinity)
    for (const seed of [4, 5, 6]) assert.ok(rowsUntil(20, 5000, seed) < 500)
  })

  it('takes a change that stays for no dependence', () => {
    const random = createRandom(7)
    const test = createDependenceTest({ weights: EVEN, threshold: 1e5 })
    const state = test.init()
    for (let i = 0; i < 3000; i++) {
      test.update(state, [random.uniform() / (i < 500 ? 1 : 20), random.uniform()])
      assert.equal(test.alarmed(state), false)
    }
  })

  it('pays nothing on average for whatever came before', () => {
    const test = createDependenceTest({ weights: EVEN, threshold: 100 })
    for (const before of [0.05, 0.4, 0.99]) {
      let sum = 0
      for (let i = 0; i < 1000; i++) {
        const state = test.init()
        test.update(state, [before, before])
        const side = state.last[0] > 0 ? 1 : 0
        const held = state.evidence[side]
        test.update(state, [(i + 0.5) / 1000, 0.5])
        sum += state.evidence[side] / (held + 1) / 1000
      }
      assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`)
    }
  })
})

describe('the test for a slow change', () => {
  const random = createRandom(8)
  const drawn = (count: number, { shift = 0, spread = 1 } = {}) =>
    Float32Array.from({ length: 2 * count }, (_, i) =>
      i % 2 === 0 ? spread * random.normal() + shift : random.uniform() < 0.02 ? 1 : 0,
    )
  const bins = fitRankBins(drawn(500), 2)
  const rows = (...of: Parameters<typeof drawn>) => binRows(bins, drawn(...of))
  const level = 0.05
  const openTest = (reference: number, length: number, seed = 1) => {
    const windows = [{ length, level }]
    return createSlowChangeTest({ reference: rows(reference), weights: EVEN, windows, seed })
  }

  it('alarms at the ends of windows alone, as often as stated while nothing changes', () => {
    let [alarms, windows] = [0, 0]
    for (let reference = 0; reference < 40; reference++) {
      const test = openTest(1000, 200, reference)
      const state = test.init()
      const stream = rows(1000)
      for (let i = 0; i < 1000; i++) {
        test.update(state, stream.subarray(2 * i, 2 * i + 2))
        if ((i + 1) % 200 !== 0) assert.equal(test.alarmed(state), false)
        else {
          windows++
          if (test.alarmed(state)) alarms++
        }
      }
    }
    // Bonferroni over four scores of which two go together; 200 windows.
    assert.ok(alarms / windows <= 0.1, `${alarms} of ${windows}`)
    assert.ok(alarms > 0)
  })

  it('sees a change of a tenth of a standard deviation in long windows, and says in which column', () => {
    const test = openTest(8000, 4000)
    const state = test.init()
    const stream = rows(4000, { shift: 0.1 })
    for (let i = 0; i < 4000; i++) test.update(state, stream.subarray(2 * i, 2 * i + 2))
    assert.ok(test.alarmed(state))
    const [first, second] = test.strengths(state, 0)
    assert.ok(first >= 1 && second < 1)
  })

  it('sees a change of the spread alone', () => {
    const test = openTest(4000, 2000)
    const state = test.init()
    const stream = rows(2000, { spread: 0.7 })
    for (let i = 0; i < 2000; i++) test.update(state, stream.subarray(2 * i, 2 * i + 2))
    assert.ok(test.alarmed(state))
  })

  it('begins a window anew where it is told to', () => {
    const test = openTest(1000, 200, 3)
    const stream = rows(300)
    const take = (of: ReturnType<typeof test.init>, from: number, to: number) => {
      for (let i = from; i < to; i++) test.update(of, stream.subarray(2 * i, 2 * i + 2))
    }
    const [restarted, plain] = [test.init(), test.init()]
    take(restarted, 0, 100)
    test.restart(restarted)
    plain.numbers[0] = 100
    take(restarted, 100, 300)
    take(plain, 100, 300)
    assert.deepEqual(restarted, plain)
    assert.ok(restarted.differences.some((one) => one !== 0))
  })
})

describe('the test for recovery', () => {
  /** Images until it takes the change for over. */
  function imagesUntil(draw: () => number, seen: readonly number[], most: number): number {
    const test = createRecoveryTest(1000)
    const state = test.init()
    for (const p of seen) test.learn(state, p)
    for (let i = 0; i < most; i++) {
      test.update(state, [draw()])
      if (test.alarmed(state)) return i + 1
    }
    return Infinity
  }

  it('is quick after a change of all images, and does not come while that goes on', () => {
    const random = createRandom(9)
    const changed = () => 0.03 * random.uniform()
    for (let run = 0; run < 5; run++) {
      const seen = Array.from({ length: 10 }, changed)
      assert.ok(imagesUntil(() => random.uniform(), seen, 100) <= 60)
      assert.equal(imagesUntil(changed, seen, 1000), Infinity)
    }
  })

  it('needs longer after a change of few images', () => {
    const random = createRandom(10)
    const changed = () => (random.uniform() < 0.3 ? 0.01 : 1) * random.uniform()
    const seen = Array.from({ length: 100 }, changed)
    const after = imagesUntil(() => random.uniform(), seen, 2000)
    assert.ok(after > 20 && after < 2000, `${after}`)
  })
})

describe('a calibrated threshold', () => {
  const random = createRandom(11)
  const rows = (count: number) => Float32Array.from({ length: 3 * count }, () => random.normal())
  const common = {
    reference: binRows(fitRankBins(rows(300), 3), rows(1200)),
    weights: new Float64Array(3).fill(1 / 3),
    seed: 1,
  }

  it('alarms about as often as stated on the reference, where the guaranteed one is rarer', () => {
    const falseAlarmEvery = 200
    const threshold = calibrateThreshold({ ...common, falseAlarmEvery, rows: 40_000 })
    assert.ok(threshold < guaranteedThreshold(falseAlarmEvery))
    const test = createChangeTest({ ...common, threshold, seed: 5 })
    const state = test.init()
    let alarms = 0
    for (let i = 0; i < 20_000; i++) {
      const from = 3 * random.integer(1200)
      test.look(state, common.reference.subarray(from, from + 3))
      if (!test.alarmed(state)) continue
      alarms++
      test.reset(state)
    }
    assert.ok(Math.abs(alarms / 100 - 1) < 0.4, `${alarms} in 20,000`)
  })

  it('of rarer alarms is found from more frequent ones, in proportion', () => {
    const of = (falseAlarmEvery: number) =>
      calibrateThreshold({ ...common, falseAlarmEvery, rows: 5000 })
    assert.ok(Math.abs(of(80_000) / of(8000) - 10) < 1e-9)
    assert.ok(Math.abs(of(8000) / of(4000) - 2) < 1e-9)
    // Up to that many they are simulated themselves.
    assert.ok(Math.abs(of(4000) / of(3000) - 4 / 3) > 1e-6)
  })
})
