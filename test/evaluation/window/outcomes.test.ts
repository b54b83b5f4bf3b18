import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compareOnDraws,
  countRejections,
  mcNemarPValue,
  meanPower,
  type Series,
} from '../../../evaluation/window/outcomes.ts'

const series = (pValues: readonly number[], rest: Partial<Series> = {}): Series => ({
  method: 'ours',
  protocol: 'same-size',
  shift: 'a',
  delta: 1,
  seed: 0,
  size: 10,
  pValues,
  ...rest,
})

test('a p-value equal to the level rejects', () => {
  assert.deepEqual(countRejections([series([0.05, 0.051, 0.01])], 0.05), { rejected: 2, draws: 3 })
})

test('the mean power counts each row the same, however many draws it has', () => {
  const rows = [
    series([0, 0, 0, 0]),
    series([1], { shift: 'b' }),
    series([1], { shift: 'b', seed: 1 }),
  ]
  assert.equal(meanPower(rows, 0.05).power, 0.5)
})

test('the standard error shrinks with the draws and is never zero', () => {
  const error = (draws: number): number =>
    meanPower([series(Array.from({ length: draws }, () => 0))], 0.05).standardError
  assert.ok(error(10) > error(100))
  assert.ok(error(100) > 0)
})

test('methods are compared on the draws that both saw', () => {
  const first = [series([0, 0, 1, 1]), series([0], { shift: 'b' })]
  const second = [series([1, 0, 0], { method: 'other' })]
  assert.deepEqual(compareOnDraws(first, second, 0.05), { pairs: 3, onlyFirst: 1, onlySecond: 1 })
})

test("McNemar's p-value is that of a fair coin", () => {
  // 2 · (1 + 10) / 2^10
  const pValue = mcNemarPValue({ pairs: 50, onlyFirst: 9, onlySecond: 1 })
  assert.ok(Math.abs(pValue - 22 / 1024) < 1e-12)
  assert.equal(mcNemarPValue({ pairs: 50, onlyFirst: 0, onlySecond: 0 }), 1)
})
