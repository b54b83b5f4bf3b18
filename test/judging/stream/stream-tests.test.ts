import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStreamTests, type StreamTests } from '../../../src/judging/stream/stream-tests.ts'
import type { StreamThreshold } from '../../../src/judging/index.ts'
import {
  binRows,
  calibrateThreshold,
  createChangeTest,
  createDependenceTest,
  fitRankBins,
  guaranteedThreshold,
} from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const random = createRandom(1)
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal())
const bins = fitRankBins(numbers(200), 2)
const weights = Float64Array.of(0.75, 0.25)
const referenceOf = (rows: number) => ({
  columns: [2, 0],
  width: 3,
  bins,
  rows: binRows(bins, numbers(2 * rows)),
  weights,
})

type Settings = { readonly every?: number; readonly threshold?: StreamThreshold }

function testsOf(rows: number, { every = 1e6, threshold = 'guaranteed' }: Settings = {}) {
  const reference = referenceOf(rows)
  const tests = createStreamTests(reference, { falseAlarmEvery: every, threshold, seed: 4 })
  return { tests, common: { reference: reference.rows, weights, seed: 4 } }
}

/** Strengths of both columns after a row far from the reference. */
function strengthsOf(test: StreamTests['change']): number[] {
  const state = test.init()
  test.update(state, binRows(bins, Float32Array.of(3, -2)))
  return [...test.strengths(state)]
}

/** Where the evidence would have to be `times` as much, the threshold is `times` as high. */
function assertThreshold(change: StreamTests['change'], expected: StreamTests['change']): void {
  const [own, other] = [strengthsOf(change), strengthsOf(expected)]
  own.forEach((one, k) => assert.ok(Math.abs(one / other[k] - 1) < 1e-12, `${one} ${other[k]}`))
}

/** Of no difference p is 1 in each of two scores: twice that is held against the column's share of the level. */
function assertLevel({ slow }: StreamTests, window: number, level: number): void {
  slow.strengths(slow.init(), window).forEach((one, k) => {
    assert.ok(Math.abs(one / ((level * weights[k]) / 2) - 1) < 1e-12, `${one}`)
  })
}

describe('the tests of a stream', () => {
  it('take bins of what is watched of each row', () => {
    const { tests } = testsOf(10)
    const rows = Float32Array.of(0.5, 9, -0.5, 3, 9, -2)
    assert.deepEqual(tests.binsOf(rows), binRows(bins, Float32Array.of(-0.5, 0.5, -2, 3)))
  })

  it('watch for sudden changes alone where the reference is shorter than any window', () => {
    const { tests, common } = testsOf(499)
    assert.deepEqual(tests.slow.windows, [])
    const threshold = guaranteedThreshold(1e6)
    assertThreshold(tests.change, createChangeTest({ ...common, threshold }))
  })

  it('leave a fifth of the false alarms to slow changes, over as many windows as the reference is long', () => {
    for (const [rows, lengths] of [
      [500, [500]],
      [3999, [500]],
      [4000, [500, 4000]],
    ] as const) {
      const { tests, common } = testsOf(rows)
      assert.deepEqual(
        tests.slow.windows.map(({ length }) => length),
        lengths,
      )
      const threshold = guaranteedThreshold(1e6 / 0.8)
      assertThreshold(tests.change, createChangeTest({ ...common, threshold }))
      lengths.forEach((length, i) => assertLevel(tests, i, (0.2 / lengths.length / 1e6) * length))
    }
  })

  it('alarm at the end of one window in twenty at most', () => {
    for (const [every, level] of [
      [2100, 0.2 * (500 / 2100)],
      [1900, 0.05],
      [100, 0.05],
    ]) {
      assertLevel(testsOf(500, { every }).tests, 0, level)
    }
  })

  it('take images for dependent and a change for over as rarely as stated', () => {
    const { tests } = testsOf(100)
    const { dependence, recovery } = tests
    const expected = createDependenceTest({ weights, threshold: guaranteedThreshold(1e6) })
    const state = expected.init()
    state.evidence.fill(7)
    assert.deepEqual(dependence.strengths(state), expected.strengths(state))
    const going = recovery.init()
    for (const [ratio, isOver] of [
      [999.9, false],
      [1000, true],
    ] as const) {
      going.numbers[1] = ratio
      assert.equal(recovery.alarmed(going), isOver)
    }
  })

  it('are calibrated on the reference where that is asked for, sudden changes by their share', () => {
    const { tests, common } = testsOf(500, { every: 1000, threshold: 'calibrated' })
    const threshold = calibrateThreshold({ ...common, falseAlarmEvery: 1250 })
    assert.ok(threshold < guaranteedThreshold(1250))
    assertThreshold(tests.change, createChangeTest({ ...common, threshold }))
  })

  it('leave places their share, a stretch length as much as another, where the reference is large enough for any', () => {
    const maps = [
      { name: 'a', title: 'a', rows: 1, columns: 2 },
      { name: 'b', title: 'b', rows: 1, columns: 1 },
    ]
    const ranges = [
      { start: 0, end: 2 },
      { start: 2, end: 3 },
    ]
    const placesOf = (rows: number) =>
      Int8Array.from({ length: 3 * rows }, () => random.integer(81) - 40)
    const withPlaces = (rows: number) => {
      const places = { maps, ranges, aside: placesOf(20), rows: placesOf(rows), share: 0.2 }
      const settings = { falseAlarmEvery: 1e6, threshold: 'guaranteed', seed: 4 } as const
      const own = { ...referenceOf(400), places }
      return { tests: createStreamTests(own, settings), rows: own.rows }
    }
    const lengths = (rows: number) =>
      withPlaces(rows).tests.places.map(({ change }) => change.length)
    assert.deepEqual([63, 64, 512, 4096].map(lengths), [[], [64], [64, 512], [64, 512, 4096]])
    for (const [rows, left] of [
      [63, 1],
      [512, 0.8],
    ]) {
      const { tests, rows: reference } = withPlaces(rows)
      const expected = { reference, weights, seed: 4, threshold: guaranteedThreshold(1e6 / left) }
      assertThreshold(tests.change, createChangeTest(expected))
      for (const { change } of tests.places) {
        const state = change.init()
        for (let i = 0; i < change.length + 40; i++)
          change.update(state, Int8Array.of(99, i % 9, 0))
        const [strength] = change.strengths(state)
        const [pValue] = change.pValues(state)
        // Two lengths share a fifth.
        const threshold = guaranteedThreshold((1e6 / 0.2) * 2)
        assert.ok(Math.abs((pValue * strength * threshold) / change.length - 1) < 1e-9)
      }
    }
  })
})
