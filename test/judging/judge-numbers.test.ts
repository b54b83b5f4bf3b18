/** Judging of plain numbers: a baseline and a batch that no image was measured for. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, judge, scoreImages } from '../../src/judging/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { baselineOfNumbers, drawRows, measuredRows } from './stream/stream-of-numbers.ts'

const baseline = baselineOfNumbers(1)
const rule = { kind: 'false-alarm-rate', rate: 0.01 } as const
const batch = (count: number, shift = 0) => measuredRows(drawRows(count, createRandom(2), shift))

describe('judging numbers', () => {
  it('takes as many images as the policy asks for, and not one fewer', () => {
    for (const fewestImages of [4, 9]) {
      const policy = completePolicy({ ...rule, fewestImages })
      assert.equal(judge(baseline, batch(fewestImages - 1), policy).severity, 'insufficient-data')
      assert.notEqual(judge(baseline, batch(fewestImages), policy).severity, 'insufficient-data')
    }
  })

  it('alarms where p is the rate exactly', () => {
    const { pValue } = judge(baseline, batch(20, 0.4), completePolicy({ ...rule, rate: 0.2 }))
    assert.ok(pValue !== null && pValue > 0.001 && pValue < 0.2, `${pValue}`)
    const at = judge(baseline, batch(20, 0.4), completePolicy({ ...rule, rate: pValue }))
    assert.equal(at.pValue, pValue)
    assert.notEqual(at.severity, 'ok')
    assert.ok(at.score >= 1)
    const below = completePolicy({ ...rule, rate: pValue - 1e-6 })
    assert.equal(judge(baseline, batch(20, 0.4), below).severity, 'ok')
  })

  it('looks at as many images as the policy lets it, but counts all', () => {
    const { tested, count } = judge(
      baseline,
      batch(50),
      completePolicy({ ...rule, largestWindow: 30 }),
    )
    assert.deepEqual([tested.images, tested.of, count], [30, 50, 50])
  })

  it('refuses numbers of another extractor', () => {
    assert.throws(() => judge(baseline, { ...batch(10), extractorId: 'f' }, completePolicy(rule)), {
      code: 'config.invalid',
    })
  })

  it('scores each image by the columns of its own row', () => {
    const measured = batch(3)
    const { values } = measured
    const scores = scoreImages(baseline, measured)
    assert.deepEqual(
      scores.map(({ loss, excessLoss, score }) => [loss, excessLoss, score]),
      [0, 1, 2].map((row) => [values[row * 4], values[row * 4 + 2], values[row * 4 + 3]]),
    )
    assert.deepEqual(
      scores.map(({ record }) => record.id),
      ['0.png', '1.png', '2.png'],
    )
    for (const { score, pValue } of scores) {
      const above = baseline.sortedScores.filter((one) => one >= score).length
      assert.equal(pValue, (above + 1) / (baseline.sortedScores.length + 1))
    }
  })
})
