import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from '../../../src/statistics/omnibus/judge.ts'
import { layOut } from '../../../src/statistics/omnibus/layout.ts'
import { windowNull } from '../../../src/statistics/omnibus/null-distribution.ts'
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
  return judge({ groups, layout, null: distribution, isDrawn: true }, observed)
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
