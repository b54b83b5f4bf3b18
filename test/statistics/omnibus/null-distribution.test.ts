import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pValuesOf } from '../../../src/statistics/omnibus/p-values.ts'
import { layOut } from '../../../src/statistics/omnibus/layout.ts'
import { channelStrength, windowNull } from '../../../src/statistics/omnibus/null-distribution.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const groups = [
  { name: 'a', columns: [0], kind: 'rank' },
  { name: 'b', columns: [1], kind: 'rank' },
  { name: 'c', columns: [2], kind: 'rank' },
] as const
const layout = layOut(groups)

/** Draws of three channels; the first is the observed one. */
function draws(observed: readonly number[]): Float32Array[] {
  const random = createRandom(4)
  return observed.map((value) =>
    Float32Array.from({ length: 100 }, (_, b) => (b === 0 ? value : Math.abs(random.normal()))),
  )
}

function judged(observed: readonly number[]) {
  const statistics = draws(observed)
  const distribution = windowNull(layout, { channels: statistics, statistics })
  return pValuesOf({ groups, layout, null: distribution, isDrawn: true }, observed)
}

test('evidence in one group alone reaches the smallest p-value there is', () => {
  // By counts alone the largest draws of the other two groups would tie with it.
  const { pValue, groups: results } = judged([50, 0.1, 0.1])
  assert.equal(pValue, 1 / 100)
  assert.equal(results[0].adjustedPValue, 1 / 100)
  assert.equal(results[1].adjustedPValue, 1)
})

test('an observed draw weaker than all others has p = 1', () => {
  assert.equal(judged([0, 0, 0]).pValue, 1)
})

test('the adjusted p-value of a group is never below its own nor below the whole', () => {
  const { pValue, groups: results } = judged([2, 1.2, 0.4])
  for (const result of results) {
    assert.ok(result.adjustedPValue >= result.pValue)
    assert.ok(result.adjustedPValue >= pValue)
  }
  assert.equal(Math.min(...results.map(({ adjustedPValue }) => adjustedPValue)), pValue)
})

test('a strength is the number of draws at least as large, and how far out a value stands', () => {
  const sorted = Float32Array.from({ length: 101 }, (_, i) => i)
  // Median 50, upper spread 45: one spread above the median is half way out.
  assert.deepEqual(channelStrength(sorted, 95), { value: -5.5, beyond: 0.5 })
  assert.deepEqual(channelStrength(sorted, 50), { value: -51, beyond: 0 })
  assert.deepEqual(channelStrength(sorted, 20), { value: -81, beyond: 0 })
  // Never as far as the next draw, however far.
  const farthest = Math.fround(1 - 1e-6)
  assert.deepEqual(channelStrength(sorted, 1e30), { value: farthest, beyond: farthest })
})

test('where draws tie, what is beyond is measured by their median, or by one where that is nothing', () => {
  const ties = new Float32Array(20).fill(4)
  assert.deepEqual(channelStrength(ties, 8), { value: 0.5, beyond: 0.5 })
  assert.deepEqual(channelStrength(ties, 4), { value: -20, beyond: 0 })
  const zeros = new Float32Array(20)
  assert.deepEqual(channelStrength(zeros, 3), { value: 0.75, beyond: 0.75 })
  const few = Float32Array.from({ length: 41 }, (_, i) => (i === 40 ? 9 : 4))
  // The largest of 41 draws is above the 95th percentile and does not count for the spread.
  assert.equal(channelStrength(few, 8).beyond, 0.5)
})

test('with one group alone the whole is that group', () => {
  const one = layOut([{ name: 'a', columns: [0], kind: 'rank' }])
  const statistics = draws([2.5])
  const distribution = windowNull(one, { channels: statistics, statistics })
  assert.equal(distribution.overall.length, 100)
  const [sorted] = distribution.groups
  assert.ok(sorted.every((value, b) => b === 0 || sorted[b - 1] <= value))
  // The fraction of the median's own draw is nothing: no more than the median is needed to be weaker.
  assert.equal(channelStrength(Float32Array.of(0, 1, 2, 3, 4), 2.5).beyond > 0, true)
  assert.equal(channelStrength(Float32Array.of(0, 1, 2, 3, 4), 1.5).beyond, 0)
})
