import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  columnEffects,
  exceedanceChance,
  hedgesG,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose, golden } from './golden.ts'

for (const pair of golden.twoSamples) {
  test(`effect sizes agree with NumPy on the ${pair.name} samples`, () => {
    const reference = prepareOmnibusReference(Float32Array.from(pair.first), 1)
    const [effect] = columnEffects(reference, Float32Array.from(pair.second))
    assertClose(effect.referenceMean, pair.means[0])
    assertClose(effect.windowMean, pair.means[1])
    assertClose(effect.hedgesG, pair.hedgesG, 1e-6)
    assertClose(effect.auc, pair.auc)
    assertClose(effect.kolmogorovSmirnov, pair.kolmogorovSmirnov[0])
    assertClose(hedgesG(pair.second, pair.first), -pair.hedgesG, 1e-6)
  })
}

test('the chance to exceed does not depend on which sample is the larger', () => {
  const random = createRandom(3)
  const few = Float32Array.from({ length: 5 }, () => random.integer(4))
  const many = Float32Array.from({ length: 50 }, () => random.integer(4))
  few.sort()
  many.sort()
  assertClose(exceedanceChance(few, many) + exceedanceChance(many, few), 1)
})

test('effects of columns that do not vary are 0, or the largest there is', () => {
  const reference = prepareOmnibusReference(new Float32Array(20).fill(3), 2)
  const [same, moved] = columnEffects(reference, Float32Array.from([3, 4, 3, 4, 3, 4]))
  assert.deepEqual(same, {
    referenceMean: 3,
    windowMean: 3,
    hedgesG: 0,
    auc: 0.5,
    kolmogorovSmirnov: 0,
  })
  assert.deepEqual([moved.hedgesG, moved.auc, moved.kolmogorovSmirnov], [1000, 1, 1])
  assert.equal(hedgesG([4, 4], [3, 3]), -1000)
  // A single value each leaves no spread to compare with.
  assert.equal(hedgesG([1], [2]), 0)
})

test('effects are those of each column by itself', () => {
  const reference = prepareOmnibusReference(Float32Array.of(0, 10, 1, 30, 2, 20, 5, 40), 2)
  const [first, second] = columnEffects(reference, Float32Array.of(1, 60, 3, 25, 2, 50))
  assert.deepEqual([first.referenceMean, first.windowMean], [2, 2])
  assert.deepEqual([second.referenceMean, second.windowMean], [25, 45])
  // Of twelve pairs the window's is higher in six and equal in two; in ten, and equal in none.
  assertClose(first.auc, 7 / 12)
  assertClose(second.auc, 10 / 12)
  assertClose(first.kolmogorovSmirnov, 1 / 4)
  assertClose(second.kolmogorovSmirnov, 2 / 3)
})
