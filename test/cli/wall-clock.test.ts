import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wallClock } from '../../src/cli/wall-clock.ts'

describe('the wall clock', () => {
  it('stands still at SOURCE_DATE_EPOCH', () => {
    const clock = wallClock({ SOURCE_DATE_EPOCH: '1700000000' })
    assert.equal(clock().toISOString(), '2023-11-14T22:13:20.000Z')
  })

  it('is the system’s without it, or where it is no number of seconds', () => {
    for (const SOURCE_DATE_EPOCH of [undefined, '', 'now', '-5', '1e9', '9'.repeat(13)]) {
      const before = Date.now()
      const time = wallClock({ SOURCE_DATE_EPOCH })().getTime()
      assert.ok(before <= time && time <= Date.now(), String(SOURCE_DATE_EPOCH))
    }
  })
})
