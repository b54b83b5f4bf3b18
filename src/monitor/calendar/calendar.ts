/** Stretches of time that people go by. */
export const PERIODS = ['hour', 'day', 'week'] as const

/** A stretch of time that people go by; weeks begin on Monday. */
export type PeriodName = (typeof PERIODS)[number]

/** A stretch of time, in milliseconds since 1970; the end is not part of it. */
export type Period = { readonly start: number; readonly end: number }

/** Periods of a time zone. Each begins where the one before ends, whatever is done to the clocks there. */
export type Calendar = {
  /** The period that a moment is in. A day on which clocks change has 23 or 25 hours, and one of its hours may be short. */
  periodOf(time: number, name: PeriodName): Period
  /** So many periods together, the last one of them this. */
  last(period: Period, name: PeriodName, count: number): Period
}

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS
/** No zone is further from Greenwich. */
const FURTHEST_MS = 15 * HOUR_MS

/** Whether there is a time zone of that name, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  // It takes a millisecond to find out, and settings are read at every request.
  if (knownZones.has(name)) return true
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    knownZones.add(name)
    return true
  } catch {
    return false
  }
}

/** Those that were asked for: of some hundred that there are. */
const knownZones = new Set<string>()

/** The calendar of a time zone; what was asked last is remembered. */
export function openCalendar(timeZone: string): Calendar {
  const dateOf = localDates(timeZone)
  const starts = new Map<number, number>()
  const startOf = (date: number): number => {
    const known = starts.get(date)
    if (known !== undefined) return known
    if (starts.size > MOST_REMEMBERED) starts.clear()
    const found = firstMoment(date, dateOf)
    starts.set(date, found)
    return found
  }
  /** The dates before `length` from one on that a moment is in; where clocks went back over midnight a date comes twice. */
  const within = (time: number, length: number, first: number): Period => {
    let date = first
    while (time < startOf(date)) date -= length
    while (time >= startOf(date + length)) date += length
    return { start: startOf(date), end: startOf(date + length) }
  }
  const periodOf: Calendar['periodOf'] = (time, name) => {
    const date = dateOf(time)
    if (name === 'week') return within(time, 7, date - weekday(date))
    const day = within(time, 1, date)
    return name === 'day' ? day : hourOf(time, day)
  }
  return {
    periodOf,
    // oxlint-disable-next-line eslint/max-params -- which, of what length, how many
    last: ({ start, end }, name, count) => {
      let first = start
      for (let i = 1; i < count; i++) first = periodOf(first - 1, name).start
      return { start: first, end }
    },
  }
}

/** Days whose beginning is remembered. */
const MOST_REMEMBERED = 1000

/** Of a date as days since 1970: 0 is Monday. */
function weekday(date: number): number {
  return (((date + 3) % 7) + 7) % 7
}

/** Hours are counted from the beginning of the day, so that they part a day whatever is done to the clocks. */
function hourOf(time: number, day: Period): Period {
  const start = day.start + Math.floor((time - day.start) / HOUR_MS) * HOUR_MS
  return { start, end: Math.min(start + HOUR_MS, day.end) }
}

/** The date there at a moment, as days since 1970. */
function localDates(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name))
    return Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS
  }
}

/** When a date begins; where that day was left out, the one after it. To the second. */
function firstMoment(date: number, dateOf: (time: number) => number): number {
  let before = (date * DAY_MS - FURTHEST_MS) / SECOND_MS
  let within = (date * DAY_MS + FURTHEST_MS) / SECOND_MS
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2)
    if (dateOf(middle * SECOND_MS) >= date) within = middle
    else before = middle
  }
  return within * SECOND_MS
}
