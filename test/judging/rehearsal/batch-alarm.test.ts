import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Baseline, completePolicy, type Policy } from '../../../src/judging/index.ts'
import { createBatchAlarm } from '../../../src/judging/rehearsal/batch-alarm.ts'
import { drawsFor, testedGroups, testFeatures } from '../../../src/judging/window-test.ts'
import { prepareFastOmnibus, screenWindow } from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { baselineOfNumbers, drawRows } from '../stream/stream-of-numbers.ts'

const baseline = baselineOfNumbers(1, { rows: 60 })
const { settings, comparison } = baseline
const byRate = (rate: number): Policy => completePolicy({ kind: 'false-alarm-rate', rate })
const alarmAt = (policy: Policy, values: Float32Array, of: Baseline = baseline) =>
  createBatchAlarm(of, policy, { batchSize: values.length / 4, seed: 5 })({ values })

describe('the alarm of many batches of a size', () => {
  it('is by the null of that size, where the reference is twice as large', () => {
    const values = drawRows(30, createRandom(2), 0.75)
    const fast = prepareFastOmnibus(comparison.prepared, testedGroups(settings), {
      sizes: [30],
      draws: 2 * 999,
      random: createRandom(5),
    })
    const { pValue } = screenWindow(fast, values)
    assert.ok(pValue > 0.011 && pValue < 0.4, `${pValue}`)
    assert.equal(drawsFor(pValue), 999)
    assert.equal(alarmAt(byRate(pValue), values), true)
    assert.equal(alarmAt(byRate(pValue - 1e-9), values), false)
  })

  it('is exact where it is not', () => {
    const values = drawRows(31, createRandom(2), 0.75)
    const tested = { manifest: settings, baseline }
    const options = { level: 0.05, seed: 5, mode: 'exact' } as const
    const { pValue } = testFeatures(tested, values, options)
    assert.ok(pValue > 0.011 && pValue < 0.4, `${pValue}`)
    assert.equal(alarmAt(byRate(pValue), values), true)
    assert.equal(alarmAt(byRate(pValue - 1e-9), values), false)
  })

  it('is by the mean loss under the published rule', () => {
    const of = { ...baseline, loss: { count: 9, mean: 2, squares: 0 } }
    const policy = completePolicy({ kind: 'relative', increase: 0.25 })
    const rows = (...losses: readonly number[]) =>
      Float32Array.from(losses.flatMap((loss) => [loss, 90, 90, 90]))
    assert.equal(alarmAt(policy, rows(1, 4, 2.5), of), true)
    assert.equal(alarmAt(policy, rows(1, 4, 2.25), of), false)
  })
})
