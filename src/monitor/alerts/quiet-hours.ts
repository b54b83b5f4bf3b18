import { z } from 'zod'
import { isTimeZone } from '../calendar/index.ts'

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day as 22:30')

/** Hours of each day in which a channel is not used; over midnight where they end before they begin. */
export const quietHoursSchema = z
  .strictObject({
    from: time,
    to: time,
    timeZone: z.string().refine(isTimeZone, 'expected a time zone, e.g. Europe/Berlin'),
  })
  .refine(({ from, to }) => from !== to, 'expected an end other than the beginning')

/** Hours of each day in which a channel is not used. */
export type QuietHours = Readonly<z.infer<typeof quietHoursSchema>>

const MINUTE_MS = 60_000
/** A day, and what clocks are set back at most. */
const MOST_MINUTES = 26 * 60

/** When the quiet hours end that it is now in; undefined where it is in none. Some milliseconds. */
export function endOfQuiet(quiet: QuietHours, now: number): number | undefined {
  const isQuiet = quietAt(quiet)
  if (!isQuiet(now)) return undefined
  // Minute by minute, since the clocks may be changed in between.
  let minute = Math.floor(now / MINUTE_MS)
  for (let i = 0; i < MOST_MINUTES && isQuiet(minute * MINUTE_MS); i++) minute++
  return minute * MINUTE_MS
}

function quietAt({ from, to, timeZone }: QuietHours): (at: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => {
    const clock = format.format(at)
    return from < to ? clock >= from && clock < to : clock >= from || clock < to
  }
}
