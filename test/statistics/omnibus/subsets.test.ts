import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  drawRandomSubsets,
  drawSubsets,
  planPermutations,
} from '../../../src/statistics/omnibus/subsets.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const plain = (values: Uint32Array | null) => (values === null ? null : [...values])

function strataOf(...args: Parameters<typeof planPermutations>) {
  return planPermutations(...args).strata.map(({ units, take }) => ({ units: [...units], take }))
}

test('rows are exchanged one by one, the smaller side standing first', () => {
  assert.deepEqual(strataOf(3, 2), [{ units: [3, 4, 0, 1, 2], take: 2 }])
  assert.deepEqual(strataOf(2, 3), [{ units: [0, 1, 2, 3, 4], take: 2 }])
  assert.deepEqual(strataOf(2, 2), [{ units: [2, 3, 0, 1], take: 2 }])
  const { rows, windowRows, units, sumsWindow, unitOfRow, stratumOfRow } = planPermutations(2, 3)
  assert.deepEqual([rows, windowRows, units, sumsWindow], [5, 3, 5, false])
  assert.deepEqual([unitOfRow, stratumOfRow], [null, null])
})

test('blocks are units, and a label means another block in the window than in the reference', () => {
  const blocks = { reference: [7, 7, 2, 7], window: [7, 2] }
  const plan = planPermutations(4, 2, { blocks })
  assert.deepEqual(plain(plan.unitOfRow), [0, 0, 1, 0, 2, 3])
  assert.equal(plan.units, 4)
  assert.deepEqual(strataOf(4, 2, { blocks }), [{ units: [2, 3, 0, 1], take: 2 }])
})

test('rows are exchanged within their stratum only', () => {
  const strata = { reference: [5, 1, 5], window: [5, 9] }
  assert.deepEqual(strataOf(3, 2, { strata }), [
    { units: [3, 0, 2], take: 1 },
    { units: [4], take: 1 },
    { units: [1], take: 0 },
  ])
  assert.equal(planPermutations(3, 2, { strata }).stratumOfRow, null)
})

test('a block is of the stratum most of its rows are of, the lowest of equals', () => {
  const blocks = { reference: [0, 0, 0, 1, 1], window: [0, 0, 1] }
  const strata = { reference: [3, 8, 8, 8, 3], window: [3, 8, 8] }
  assert.deepEqual(strataOf(5, 3, { blocks, strata }), [
    { units: [2, 1], take: 1 },
    { units: [3, 0], take: 1 },
  ])
  const { stratumOfRow } = planPermutations(5, 3, { blocks, strata })
  assert.deepEqual(plain(stratumOfRow), [0, 1, 1, 1, 0, 0, 1, 1])
})

test('labels that are not one for each row are refused', () => {
  for (const labels of [
    { reference: [1, 1], window: [1, 1] },
    { reference: [1, 1, 1], window: [1] },
  ]) {
    for (const given of [{ blocks: labels }, { strata: labels }]) {
      assert.throws(() => planPermutations(3, 2, given), {
        name: 'RangeError',
        message: `expected 3 + 2 row labels, got ${labels.reference.length} + ${labels.window.length}`,
      })
    }
  }
})

test('the first subset is the observed one, the others are uniform within each stratum', () => {
  const strata = { reference: [0, 0, 0, 1, 1, 1], window: [0, 1, 1] }
  const plan = planPermutations(6, 3, { strata })
  const draws = 4000
  const before = structuredClone(plan)
  const { draws: count, size, units } = drawSubsets(plan, draws, createRandom(1))
  assert.deepEqual(plan, before)
  assert.deepEqual([count, size], [draws + 1, 3])
  assert.deepEqual([...units.subarray(0, 3)], [6, 7, 8])
  const taken = new Uint32Array(9)
  for (let b = 1; b <= draws; b++) {
    const own = units.subarray(b * size, (b + 1) * size)
    assert.equal(new Set(own).size, 3)
    own.forEach((unit) => taken[unit]++)
    assert.deepEqual(
      [...own].map((unit) => (unit < 3 || unit === 6 ? 0 : 1)),
      [0, 1, 1],
    )
  }
  // Four standard errors of a share of 1/4 and of 2/5.
  for (const unit of [0, 1, 2, 6]) assert.ok(Math.abs(taken[unit] / draws - 0.25) < 0.03)
  for (const unit of [3, 4, 5, 7, 8]) assert.ok(Math.abs(taken[unit] / draws - 0.4) < 0.031)
})

test('random subsets are uniform, in random order', () => {
  const draws = 5000
  const { units } = drawRandomSubsets(4, 2, { draws, random: createRandom(2) })
  const counts = new Map<string, number>()
  for (let b = 0; b < draws; b++) {
    const key = units.subarray(2 * b, 2 * b + 2).join()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  assert.equal(counts.size, 12)
  for (const count of counts.values()) assert.ok(Math.abs(count / draws - 1 / 12) < 0.016)
})
