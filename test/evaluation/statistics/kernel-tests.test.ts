import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitNormal, frechetDriftDistance } from '../../../evaluation/statistics/frechet-distance.ts'
import { mmdTest } from '../../../evaluation/statistics/maximum-mean-discrepancy.ts'
import {
  laplaceBandwidths,
  mmdAggregatedTest,
} from '../../../evaluation/statistics/mmd-aggregated.ts'
import { pairwiseDistances } from '../../../evaluation/statistics/pairwise-distances.ts'
import { createRandom, matrix, type Random } from '../../../src/tensor/index.ts'
import { describeTwoSampleTest } from '../../contracts/two-sample-test.ts'
import { assertClose, golden } from '../../statistics/golden.ts'

const columnCount = 2

function draw(random: Random, shifted: boolean): Float32Array {
  return new Float32Array(2 * 25).map(() => random.normal() + (shifted ? 1.2 : 0))
}

describeTwoSampleTest('maximum mean discrepancy', {
  test: (first: Float32Array, second: Float32Array) =>
    mmdTest({ first, second, columnCount }, { random: createRandom(1), permutations: 99 }),
  draw,
  trials: 300,
})

describeTwoSampleTest('aggregated maximum mean discrepancy', {
  test: (first: Float32Array, second: Float32Array) =>
    mmdAggregatedTest(
      { first, second, columnCount },
      { random: createRandom(1), quantileDraws: 150, levelDraws: 100 },
    ),
  draw,
  trials: 150,
})

const { kernels, frechet } = golden
const pooled = {
  first: Float32Array.from(kernels.first),
  second: Float32Array.from(kernels.second),
  columnCount: kernels.columnCount,
}

test('maximum mean discrepancy agrees with NumPy, at the median bandwidth by default', () => {
  const random = createRandom(1)
  const permutations = 9
  assertClose(mmdTest(pooled, { random, permutations }).statistic, kernels.gaussian, 1e-4)
  const bandwidth = kernels.laplaceBandwidth
  const laplace = mmdTest(pooled, { random, permutations, kernel: 'laplace', bandwidth })
  assertClose(laplace.statistic, kernels.laplace, 1e-4)
})

test('the bandwidth is the median distance between the samples, or one where that is nothing', () => {
  for (const [first, second, bandwidth] of [
    // Of nine distances the fifth, of four the middle of the second and third.
    [[0, 1, 5], [2, 4, 9], 3],
    [[0, 1], [2, 4], 2.5],
    [[0, 0, 0, 5], [0, 0, 0, 7], 1],
  ] as const) {
    const samples = {
      first: Float32Array.from(first),
      second: Float32Array.from(second),
      columnCount: 1,
    }
    const tested = (own: object) =>
      mmdTest(samples, { random: createRandom(1), permutations: 9, ...own })
    assert.deepEqual(tested({}), tested({ bandwidth }))
    assert.notEqual(tested({}).statistic, tested({ bandwidth: 1.1 * bandwidth }).statistic)
  }
})

test('the collection of bandwidths is the published one', () => {
  const second = pooled.second.slice(0, kernels.bandwidthRows * kernels.columnCount)
  const found = laplaceBandwidths(pairwiseDistances({ ...pooled, second }, 'l1'), 10)
  assert.equal(found.length, 10)
  kernels.bandwidths.forEach((expected, i) => assertClose(found[i], expected, 1e-6))
})

test('the aggregated decision keeps its level and agrees with its p-value', () => {
  const random = createRandom(6)
  const trial = (shifted: boolean) =>
    mmdAggregatedTest(
      { first: draw(random, false), second: draw(random, shifted), columnCount },
      { random, quantileDraws: 150, levelDraws: 150, level: 0.1 },
    )
  const nulls = Array.from({ length: 150 }, () => trial(false))
  const rate = nulls.filter(({ reject }) => reject).length / 150
  assert.ok(rate > 0.02 && rate < 0.18, `rejected ${rate}`)
  for (const { reject, pValue } of nulls) {
    if (Math.abs(pValue - 0.1) > 0.05) assert.equal(reject, pValue <= 0.1)
  }
  assert.ok(trial(true).reject)
})

test('the aggregated decision is at 0.05 unless another level is given', () => {
  const decisions = (level?: number) => {
    const random = createRandom(12)
    return Array.from({ length: 60 }, (_, i) => {
      const samples = { first: draw(random, false), second: draw(random, i % 2 === 0), columnCount }
      const options = { random: createRandom(i), quantileDraws: 100, levelDraws: 100 }
      return mmdAggregatedTest(samples, level === undefined ? options : { ...options, level })
        .reject
    })
  }
  const usual = decisions()
  assert.deepEqual(usual, decisions(0.05))
  assert.notDeepEqual(usual, decisions(0.1))
})

test('samples of fewer than two rows, or of part of a row, are refused', () => {
  const random = createRandom(1)
  const two = Float32Array.of(1, 2, 3, 4)
  for (const other of [Float32Array.of(1, 2), Float32Array.of(1, 2, 3, 4, 5)]) {
    for (const [first, second] of [
      [two, other],
      [other, two],
    ]) {
      assert.throws(() => mmdTest({ first, second, columnCount: 2 }, { random }), {
        name: 'RangeError',
        message: /^expected at least 2 whole rows of 2, got (1|2.5)$/,
      })
    }
  }
  assert.ok(mmdTest({ first: two, second: two, columnCount: 2 }, { random }).pValue > 0.9)
})

test('distances are city-block or Euclidean, zero on the diagonal', () => {
  const samples = {
    first: Float32Array.of(0, 0, 3, 4),
    second: Float32Array.of(0, 4, 6, 0),
    columnCount: 2,
  }
  // prettier-ignore
  assert.deepEqual([...pairwiseDistances(samples, 'l1')], [
    0, 7, 4, 6,
    7, 0, 3, 7,
    4, 3, 0, 10,
    6, 7, 10, 0,
  ])
  // prettier-ignore
  assert.deepEqual([...pairwiseDistances(samples, 'l2')], [
    0, 5, 4, 6,
    5, 0, 3, 5,
    4, 3, 0, Math.fround(Math.sqrt(52)),
    6, 5, Math.fround(Math.sqrt(52)), 0,
  ])
})

test('the aggregated test refuses samples of different size', () => {
  assert.throws(() => mmdAggregatedTest(pooled, { random: createRandom(1) }), {
    name: 'RangeError',
    message: 'expected equal samples, got 12 and 15',
  })
})

test('a normal is fitted to two whole rows at least', () => {
  const { mean, covariance } = fitNormal(Float32Array.of(1, 2, 3, 8), 2)
  assert.deepEqual(
    [[...mean], [...covariance.data]],
    [
      [2, 5],
      [2, 6, 6, 18],
    ],
  )
  for (const values of [[1, 2], [], [1, 2, 3, 4, 5]]) {
    assert.throws(() => fitNormal(Float32Array.from(values), 2), {
      name: 'RangeError',
      message: `expected at least 2 rows of 2, got ${values.length} values`,
    })
  }
})

test('normals apart in their means alone are as far apart as these, and in their spread by that', () => {
  const normal = (mean: readonly number[], deviations: readonly number[]) => ({
    mean: Float64Array.from(mean),
    covariance: matrix(2, 2, Float64Array.of(deviations[0] ** 2, 0, 0, deviations[1] ** 2)),
  })
  assertClose(frechetDriftDistance(normal([0, 0], [1, 2]), normal([3, 4], [1, 2])), 5)
  // (1 − 3)² + (2 − 7)².
  assertClose(frechetDriftDistance(normal([0, 0], [1, 2]), normal([0, 0], [3, 7])), 29)
  assertClose(frechetDriftDistance(normal([0, 0], [0, 0]), normal([0, 0], [3, 0])), 9)
})

test('the samples are exchanged 999 times unless told otherwise', () => {
  const samples = { first: draw(createRandom(4), false), second: draw(createRandom(5), false) }
  const pValue = (permutations?: number) =>
    mmdTest(
      { ...samples, columnCount },
      { random: createRandom(6), ...(permutations !== undefined && { permutations }) },
    ).pValue
  assert.equal(pValue(), pValue(999))
  assert.ok(Math.abs(pValue() * 1000 - Math.round(pValue() * 1000)) < 1e-9)
})

test('the Fréchet drift distance agrees with SciPy, the mean difference not squared', () => {
  const first = fitNormal(Float32Array.from(frechet.first), frechet.columnCount)
  const second = fitNormal(Float32Array.from(frechet.second), frechet.columnCount)
  assertClose(frechetDriftDistance(first, second), frechet.distance, 1e-6)
  assertClose(frechetDriftDistance(second, first), frechet.distance, 1e-6)
  assert.ok(frechetDriftDistance(first, first) < 1e-6)
})
