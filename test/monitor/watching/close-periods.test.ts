import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openCalendar } from '../../../src/monitor/calendar/index.ts'
import { monitorSettingsSchema } from '../../../src/monitor/watching/index.ts'
import { closePeriods } from '../../../src/monitor/watching/close-periods.ts'
import { countPeriods } from '../../../src/monitor/watching/count-periods.ts'
import { openSteadyClock } from '../../../src/monitor/watching/steady-clock.ts'
import { DATABASES, withStore } from '../databases.ts'
import { leaveOutFirst } from '../../fixtures/leave-out.ts'

const MINUTE = 60 * 1000

describe('a steady clock', () => {
  it('runs since it was looked at first, put back, or moved on by more than the limit', () => {
    const steady = openSteadyClock()
    const since = [100, 105, 110, 121, 130, 129, 139].map((now) => steady(now, 10))
    assert.deepEqual(since, [100, 100, 100, 121, 121, 129, 129])
  })
})

describe('images of a step', () => {
  it('are counted by the period in which they were made, with when the last was received', () => {
    const at = (time: string) => Date.parse(`2026-03-29T${time}Z`)
    const images = [
      { takenAt: at('00:59'), receivedAt: 5 },
      { takenAt: at('01:00'), receivedAt: 9 },
      { takenAt: at('00:00'), receivedAt: 3 },
    ]
    const settings = { windowEvery: 'hour', timeZone: 'Europe/Berlin' } as const
    assert.deepEqual(countPeriods(images, settings), [
      { start: at('00:00'), end: at('01:00'), images: 2, arrivedAt: 5 },
      { start: at('01:00'), end: at('02:00'), images: 1, arrivedAt: 9 },
    ])
    assert.deepEqual(countPeriods(images, { ...settings, windowEvery: null }), [])
  })
})

describe('a window by time', () => {
  it('is closed once: the grace after its end and its last image, when nothing of its time waits, by a steady clock', async () => {
    await withStore(DATABASES[0], async (store) => {
      const settings = monitorSettingsSchema.parse({ windowEvery: 'hour', graceMs: 10 * MINUTE })
      const monitor = { id: 'm', detector: 'd', settings }
      const lease = await store.leases.take('m', { owner: 'o', now: 0, forMs: 1e15 })
      assert.ok(lease)
      const noon = Date.parse('2026-03-29T12:00:00Z')
      const { start, end } = openCalendar('UTC').periodOf(noon, 'hour')
      await store.periods.add('m', [{ start, end, images: 5, arrivedAt: end + 3 * MINUTE }])
      const steady = openSteadyClock()
      const closed: number[] = []
      const look = async (minute: number) => {
        const clock = () => new Date(end + minute * MINUTE)
        if ((await closePeriods(monitor, { store, lease, clock }, steady)) > 0) closed.push(minute)
      }
      const waiting = {
        monitor: 'm',
        predictionId: 'a',
        digest: 'd',
        source: null,
        takenAt: null,
        facts: '{}',
        receivedAt: end + 2 * MINUTE,
        bytes: Uint8Array.of(1),
      }
      // The clock jumps to it, and runs on.
      for (const minute of [-60, 14, 19]) await look(minute)
      await store.inbox.add([waiting])
      for (const minute of [23, 24, 25]) await look(minute)
      assert.deepEqual(closed, [])
      const [{ number }] = await store.inbox.pending('m', {
        images: 1,
        bytes: 9,
        except: new Set(),
      })
      await leaveOutFirst(store, 'm', number)
      // One that came later is of another time.
      await store.inbox.add([{ ...waiting, predictionId: 'b', receivedAt: end + 26 * MINUTE }])
      for (const minute of [26, 27, 28]) await look(minute)
      assert.deepEqual(closed, [26])
    })
  })

  it('is closed ten minutes after its last image, where the clock ran on', async () => {
    await withStore(DATABASES[0], async (store) => {
      const settings = monitorSettingsSchema.parse({ windowEvery: 'hour', graceMs: 10 * MINUTE })
      const lease = await store.leases.take('m', { owner: 'o', now: 0, forMs: 1e15 })
      assert.ok(lease)
      const steady = openSteadyClock()
      const closed: number[] = []
      await store.periods.add('m', [{ start: 0, end: 60 * MINUTE, images: 5, arrivedAt: 0 }])
      for (let minute = 55; minute < 80; minute++) {
        if (minute === 66) {
          const late = { start: 0, end: 60 * MINUTE, images: 1, arrivedAt: minute * MINUTE }
          await store.periods.add('m', [late])
        }
        const clock = () => new Date(minute * MINUTE)
        const ports = { store, lease, clock }
        const monitor = { id: 'm', detector: 'd', settings }
        if ((await closePeriods(monitor, ports, steady)) > 0) closed.push(minute)
      }
      assert.deepEqual(closed, [76])
    })
  })
})
