import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  classifyShift,
  confusionMatrix,
  estimateLabelShares,
  labelShiftTest,
} from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { describeTwoSampleTest } from '../contracts/two-sample-test.ts'
import { assertClose, golden } from './golden.ts'

describeTwoSampleTest('label shift', {
  test: (reference: Uint8Array, window: Uint8Array) => ({
    statistic: 0,
    pValue: labelShiftTest(reference, window, { random: createRandom(1), permutations: 99 }),
  }),
  draw: (random: Random, shifted: boolean) =>
    new Uint8Array(60).map(() => (shifted && random.uniform() < 0.6 ? 0 : random.integer(6))),
})

test('label shares under label shift agree with NumPy', () => {
  const { predicted, actual, window, shares } = golden.labelShares
  const found = estimateLabelShares(confusionMatrix(predicted, actual, 3), window)
  shares.forEach((expected, c) => assertClose(found[c], expected, 1e-9))
})

test('a class that nothing suggests is estimated at 0, not below', () => {
  const confusion = confusionMatrix([0, 0, 0, 1, 1, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1], 2)
  const found = estimateLabelShares(confusion, [1, 1, 1, 1])
  assert.deepEqual([...found], [0, 1])
})

test('a label beyond the classes is refused', () => {
  const confusion = confusionMatrix([0, 1], [0, 1], 2)
  for (const label of [2, -1, 0.5]) {
    assert.throws(() => estimateLabelShares(confusion, [0, label]), RangeError)
  }
})

test('the two tests together tell prior, appearance and mixed shifts apart', () => {
  assert.equal(classifyShift({ label: 0.001, conditional: 0.6 }, 0.05), 'prior')
  assert.equal(classifyShift({ label: 0.3, conditional: 0.001 }, 0.05), 'appearance')
  assert.equal(classifyShift({ label: 0.001, conditional: 0.002 }, 0.05), 'mixed')
  // 0.03 alone would pass; Holm over the two asks for 0.025.
  assert.equal(classifyShift({ label: 0.03, conditional: 0.2 }, 0.05), 'none')
  // At the level is within it: 2 · 0.0625.
  assert.equal(classifyShift({ label: 0.0625, conditional: 0.5 }, 0.125), 'prior')
  assert.equal(classifyShift({ label: 0.5, conditional: 0.0625 }, 0.125), 'appearance')
  assert.equal(classifyShift({ label: 0.0625, conditional: 0.125 }, 0.125), 'mixed')
})

test('labels are exchanged 999 times, whole blocks at a time where there are any', () => {
  const [reference, window] = [
    [0, 0, 0, 0, 0, 0],
    [1, 1],
  ]
  const pValue = labelShiftTest(reference, window, { random: createRandom(4) })
  // One in 28 of the pairs that could have been the window, and the observed one.
  assert.ok(Math.abs(pValue - 1 / 28) < 0.02, `${pValue}`)
  assert.equal(Math.round(pValue * 1000), pValue * 1000)
  assert.equal(
    labelShiftTest(reference, window, { random: createRandom(4), permutations: 999 }),
    pValue,
  )
  const blocks = { reference: [0, 0, 1, 1, 2, 2], window: [0, 0] }
  const inBlocks = labelShiftTest(reference, window, { random: createRandom(4), blocks })
  // One in four of the blocks.
  assert.ok(Math.abs(inBlocks - 1 / 4) < 0.05, `${inBlocks}`)
})

test('predictions are counted by label, also where there are fewer labels than classes', () => {
  const { rows, columns, data } = confusionMatrix([0, 2, 2, 1], [1, 0, 0, 1], [3, 2])
  assert.deepEqual([rows, columns, ...data], [3, 2, 0, 1, 0, 1, 2, 0])
})
