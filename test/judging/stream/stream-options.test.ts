import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completeStreamOptions } from '../../../src/judging/stream/stream-options.ts'

describe('options of a stream', () => {
  it('are one false alarm in 100,000 images, guaranteed', () => {
    assert.deepEqual(completeStreamOptions({}), {
      falseAlarmEvery: 100_000,
      threshold: 'guaranteed',
      seed: 0,
    })
    const own = { falseAlarmEvery: 250, threshold: 'calibrated', seed: -7 } as const
    assert.deepEqual(completeStreamOptions(own), own)
  })

  it('are refused where no test could keep them', () => {
    assert.equal(completeStreamOptions({ falseAlarmEvery: 100 }).falseAlarmEvery, 100)
    for (const falseAlarmEvery of [99.9, 0, -1000, NaN, Infinity]) {
      assert.throws(() => completeStreamOptions({ falseAlarmEvery }), { code: 'config.invalid' })
    }
    for (const seed of [0.5, NaN, 2 ** 53]) {
      assert.throws(() => completeStreamOptions({ seed }), { code: 'config.invalid' })
    }
  })
})
