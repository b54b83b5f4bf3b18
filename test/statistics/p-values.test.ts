import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  benjaminiHochberg,
  conformalPValue,
  holm,
  randomisedConformalPValue,
} from '../../src/statistics/index.ts'
import { kolmogorovSmirnovTest } from '../../evaluation/statistics/kolmogorov-smirnov.ts'
import { createRandom } from '../../src/tensor/index.ts'

test('Holm steps down and keeps the order of its input', () => {
  assert.deepEqual(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
  assert.deepEqual(holm([0.6, 0.7]), [1, 1])
})

test('Benjamini and Hochberg step up and keep the order of the input', () => {
  // p.adjust(…, 'BH') of R.
  assert.deepEqual(benjaminiHochberg([0.01, 0.04, 0.03, 0.005]), [0.02, 0.04, 0.04, 0.02])
  assert.deepEqual(benjaminiHochberg([0.6, 0.9, 0.9]), [0.9, 0.9, 0.9])
  assert.deepEqual(benjaminiHochberg([]), [])
  // The example of their paper: four of fifteen at 0.05.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    0.6528, 0.759, 1,
  ]
  assert.equal(benjaminiHochberg(paper).filter((p) => p <= 0.05).length, 4)
})

test('a conformal p-value counts the score itself', () => {
  const reference = [1, 2, 2, 3]
  assert.equal(conformalPValue(reference, 9), 1 / 5)
  assert.equal(conformalPValue(reference, 2), 4 / 5)
  assert.equal(conformalPValue(reference, 0), 1)
})

test('randomised conformal p-values of tied scores are uniform', () => {
  const random = createRandom(2)
  const values = Float32Array.from({ length: 2000 }, () => {
    const reference = Float32Array.from({ length: 19 }, () => random.integer(3))
    reference.sort()
    return randomisedConformalPValue(reference, random.integer(3), random)
  })
  const uniform = Float32Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000)
  assert.ok(kolmogorovSmirnovTest(values, uniform).statistic < 0.044)
  assert.ok(values.every((p) => p > 0 && p <= 1))
})

test('without the randomisation the same p-values are conservative', () => {
  const random = createRandom(2)
  let half = 0
  for (let i = 0; i < 1000; i++) {
    const reference = Float32Array.from({ length: 19 }, () => random.integer(3))
    reference.sort()
    if (conformalPValue(reference, random.integer(3)) <= 0.5) half++
  }
  assert.ok(half < 450, `${half} of 1000`)
})
