import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bonferroni, simes } from '../../../evaluation/statistics/multiple-testing.ts'

test('Bonferroni multiplies by the number of p-values, up to 1', () => {
  assert.deepEqual(bonferroni([0.01, 0.04, 0.03, 0.005]), [0.04, 0.16, 0.12, 0.02])
  assert.deepEqual(bonferroni([0.6, 0.2]), [1, 0.4])
})

test('Simes takes the best of p · count / rank', () => {
  assert.equal(simes([0.04, 0.02, 0.9]), 0.06)
  assert.equal(simes([0.04, 0.03, 0.9]), 0.06)
  assert.equal(simes([1, 1]), 1)
  assert.equal(simes([]), 1)
})
