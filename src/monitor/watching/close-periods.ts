import { openCalendar } from '../calendar/index.ts'
import type { StoredPeriod } from '../store/index.ts'
import type { SteadyClock } from './steady-clock.ts'
import type { LeasedPorts, WatchedMonitor } from './watched.ts'

/**
 * Closes the windows by time that are over: the grace after their end, and after the last of their images came. One is
 * not closed while images of its time wait to be counted, nor while the clock has not run steadily for as long as the
 * grace: one that jumps closes nothing. Returns how many were.
 */
export async function closePeriods(
  { id, settings: { windowEvery, slidingOver, graceMs, timeZone } }: WatchedMonitor,
  { store, clock, lease }: Pick<LeasedPorts, 'store' | 'clock' | 'lease'>,
  steady: SteadyClock,
): Promise<number> {
  const now = clock().getTime()
  const isSteady = now - steady(now, graceMs) >= graceMs
  if (windowEvery === null || !isSteady) return 0
  const oldest = await store.inbox.oldest(id)
  const isOver = ({ end, arrivedAt }: StoredPeriod): boolean => {
    // What was received later than now is of a clock that was put back since.
    const until = Math.max(end, arrivedAt > now ? end : arrivedAt) + graceMs
    return until <= now && (oldest === undefined || oldest > until)
  }
  const over = (await store.periods.open(id, now - graceMs)).filter(isOver)
  if (over.length === 0) return 0
  const calendar = openCalendar(timeZone)
  return store.holding(lease, async (tables) => {
    // Nobody counts meanwhile: whoever does has the lease.
    const { position: last } = await tables.watching.watch(id)
    let closed = 0
    for (const { id: period, start, end } of over) {
      if (!(await tables.periods.close(period, { last, at: now }))) continue
      closed++
      if (slidingOver === null) continue
      const long = calendar.last({ start, end }, windowEvery, slidingOver)
      await tables.periods.addSliding({ ...long, monitor: id, last, at: now })
    }
    return closed
  })
}
