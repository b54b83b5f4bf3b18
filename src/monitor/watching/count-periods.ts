import { type Calendar, openCalendar } from '../calendar/index.ts'
import type { PeriodImages } from '../store/index.ts'
import type { MonitorSettings } from './monitor-settings.ts'

type Timed = { readonly takenAt: number; readonly receivedAt: number }

/** How many images of each period of a monitor come; none where it has no windows by time. */
export function countPeriods(
  images: readonly Timed[],
  { windowEvery, timeZone }: Pick<MonitorSettings, 'windowEvery' | 'timeZone'>,
  calendar: Calendar = openCalendar(timeZone),
): PeriodImages[] {
  if (windowEvery === null) return []
  const periods = new Map<number, PeriodImages>()
  for (const { takenAt, receivedAt } of images) {
    const { start, end } = calendar.periodOf(takenAt, windowEvery)
    const known = periods.get(start) ?? { start, end, images: 0, arrivedAt: receivedAt }
    const arrivedAt = Math.max(known.arrivedAt, receivedAt)
    periods.set(start, { ...known, images: known.images + 1, arrivedAt })
  }
  return [...periods.values()]
}
