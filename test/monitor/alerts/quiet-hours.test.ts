import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endOfQuiet, quietHoursSchema } from '../../../src/monitor/alerts/quiet-hours.ts'

/** When they end, of a night in Berlin. */
function endAt(time: string, from = '22:00', to = '07:00'): string | undefined {
  const end = endOfQuiet({ from, to, timeZone: 'Europe/Berlin' }, Date.parse(time))
  return end === undefined ? undefined : new Date(end).toISOString()
}

describe('quiet hours', () => {
  it('are those of the clocks of their time zone, over midnight too', () => {
    assert.equal(endAt('2026-11-26T20:59:59Z'), undefined)
    assert.equal(endAt('2026-11-26T21:00:00Z'), '2026-11-27T06:00:00.000Z')
    assert.equal(endAt('2026-11-27T05:59:59Z'), '2026-11-27T06:00:00.000Z')
    assert.equal(endAt('2026-11-27T06:00:00Z'), undefined)
    assert.equal(endAt('2026-07-01T21:00:00Z'), '2026-07-02T05:00:00.000Z')
    assert.equal(endAt('2026-11-26T12:30:30Z', '13:00', '14:00'), '2026-11-26T13:00:00.000Z')
  })

  it('end by the clock where it is changed in between', () => {
    // Set forward on 29 March, back on 25 October, both at 01:00 UTC.
    assert.equal(endAt('2026-03-28T22:00:00Z'), '2026-03-29T05:00:00.000Z')
    assert.equal(endAt('2026-10-24T21:00:00Z'), '2026-10-25T06:00:00.000Z')
    // 02:30 does not come that night: they end with the hour that is left out.
    assert.equal(endAt('2026-03-29T00:30:00Z', '01:00', '02:30'), '2026-03-29T01:00:00.000Z')
    // 02:30 comes twice: they begin again, and end again.
    assert.equal(endAt('2026-10-25T00:10:00Z', '01:00', '02:30'), '2026-10-25T00:30:00.000Z')
    assert.equal(endAt('2026-10-25T01:10:00Z', '01:00', '02:30'), '2026-10-25T01:30:00.000Z')
  })

  it('need times of day, a time zone that there is, and an end', () => {
    const night = { from: '22:00', to: '07:00', timeZone: 'Asia/Kathmandu' }
    assert.ok(quietHoursSchema.safeParse(night).success)
    for (const wrong of [
      { from: '24:00' },
      { to: '7:00' },
      { timeZone: 'Berlin' },
      { to: '22:00' },
    ]) {
      assert.equal(quietHoursSchema.safeParse({ ...night, ...wrong }).success, false)
    }
  })
})
