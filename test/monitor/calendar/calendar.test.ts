import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isTimeZone, openCalendar, PERIODS } from '../../../src/monitor/calendar/index.ts'

const HOUR = 3600 * 1000
const hours = ({ start, end }: { start: number; end: number }) => (end - start) / HOUR
const iso = (time: number) => new Date(time).toISOString()

/** Where clocks change at midnight, by half an hour, often, over a date, or never. */
const ZONES = [
  ['Europe/Berlin', '2026-03-20'],
  ['Europe/Berlin', '2026-10-20'],
  ['America/Sao_Paulo', '2018-10-28'],
  ['America/Sao_Paulo', '2018-02-10'],
  ['Australia/Lord_Howe', '2026-04-01'],
  ['America/St_Johns', '2010-11-01'],
  ['Pacific/Apia', '2011-12-25'],
  ['Africa/Casablanca', '2026-02-10'],
  ['Asia/Kathmandu', '2026-01-01'],
  ['Pacific/Kiritimati', '2026-01-01'],
  ['UTC', '2026-02-27'],
] as const

describe('periods of a time zone', () => {
  it('follow each other without a gap, and every moment is in its own, whatever is done to the clocks', () => {
    for (const [zone, from] of ZONES) {
      const calendar = openCalendar(zone)
      const start = Date.parse(`${from}T00:00:00Z`)
      const end = start + 21 * 24 * HOUR
      for (const name of PERIODS) {
        let period = calendar.periodOf(start, name)
        while (period.end < end) {
          assert.ok(period.end > period.start)
          for (const time of [period.start, period.end - 1]) {
            assert.deepEqual(calendar.periodOf(time, name), period, `${zone} ${name} ${iso(time)}`)
          }
          const next = calendar.periodOf(period.end, name)
          assert.equal(next.start, period.end, `${zone} ${name} ${iso(period.end)}`)
          period = next
        }
      }
    }
  })

  it('are days of 23 and 25 hours where clocks change, and of 24 otherwise', () => {
    const berlin = openCalendar('Europe/Berlin')
    const day = (date: string) => berlin.periodOf(Date.parse(`${date}T12:00:00Z`), 'day')
    assert.equal(iso(day('2026-03-29').start), '2026-03-28T23:00:00.000Z')
    assert.deepEqual(
      ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25'].map((date) => hours(day(date))),
      [24, 23, 24, 25],
    )
    const week = berlin.periodOf(Date.parse('2026-03-29T12:00:00Z'), 'week')
    assert.deepEqual([iso(week.start), hours(week)], ['2026-03-22T23:00:00.000Z', 167])
  })

  it('begin where the day does: at one o’clock where midnight is left out, at half past where zones are', () => {
    const brazil = openCalendar('America/Sao_Paulo')
    const day = brazil.periodOf(Date.parse('2018-11-04T12:00:00Z'), 'day')
    assert.deepEqual([iso(day.start), hours(day)], ['2018-11-04T03:00:00.000Z', 23])
    const nepal = openCalendar('Asia/Kathmandu')
    assert.equal(
      iso(nepal.periodOf(Date.parse('2026-01-01T12:20:00Z'), 'hour').start),
      '2026-01-01T12:15:00.000Z',
    )
  })

  it('are taken together, the last ones', () => {
    const berlin = openCalendar('Europe/Berlin')
    const day = berlin.periodOf(Date.parse('2026-03-30T12:00:00Z'), 'day')
    assert.deepEqual(berlin.last(day, 'day', 1), day)
    const week = berlin.last(day, 'day', 7)
    assert.deepEqual([iso(week.start), hours(week)], ['2026-03-23T23:00:00.000Z', 7 * 24 - 1])
  })

  it('are of zones that there are', () => {
    assert.deepEqual(
      ['Europe/Berlin', 'UTC', 'Europe/Atlantis', ''].map((name) => isTimeZone(name)),
      [true, true, false, false],
    )
  })
})
