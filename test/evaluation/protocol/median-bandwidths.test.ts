import assert from 'node:assert/strict'
import { test } from 'node:test'
import { medianBandwidths } from '../../../evaluation/protocol/median-bandwidths.ts'
import { mmdTest } from '../../../evaluation/statistics/maximum-mean-discrepancy.ts'
import { type Pooled } from '../../../evaluation/statistics/pairwise-distances.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const points = (first: readonly number[], second: readonly number[]): Pooled => ({
  first: Float32Array.from(first),
  second: Float32Array.from(second),
  columnCount: 1,
})

test('ours is the median distance between the samples, the mean of the middle two of an even number', () => {
  assert.equal(medianBandwidths(points([0, 1], [3, 7])).ours, (3 + 6) / 2)
  assert.equal(medianBandwidths(points([0, 1, 5], [5, 8, 16])).ours, 7)
})

test('that of alibi-detect is the lower median of the squared distances within the reference', () => {
  assert.equal(medianBandwidths(points([0, 1, 5], [100, 200])).alibi, 16)
  // Squared distances 1, 4, 9, 16, 36, 49 of six pairs.
  assert.equal(medianBandwidths(points([0, 1, 3, 7], [100, 200])).alibi, 9)
})

test('ours is what mmdTest takes when it is told none', () => {
  const random = createRandom(3)
  const draw = (rows: number): Float32Array => new Float32Array(2 * rows).map(() => random.normal())
  for (const [n, m] of [
    [6, 6],
    [7, 5],
  ]) {
    const samples = { first: draw(n), second: draw(m), columnCount: 2 }
    const bandwidth = medianBandwidths(samples).ours
    const run = (options: object): object =>
      mmdTest(samples, { random: createRandom(1), permutations: 19, ...options })
    assert.deepEqual(run({ bandwidth }), run({}))
  }
})
