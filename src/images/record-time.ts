import { DriftError } from '../errors.ts'

const DATE = /^(\d{4})([-/:.]?)(\d{2})\2(\d{2})/
const TIME = /^[T ]?\s*(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?/i
const ZONE = /^\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)$/i

/** Digits of a count since 1970, and how many of its units make a millisecond. */
const EPOCHS: ReadonlyMap<number, number> = new Map([
  [10, 1e-3],
  [13, 1],
  [16, 1e3],
  [19, 1e6],
])

/**
 * A time as ISO 8601 in UTC. Read are ISO 8601 (also with a space, slashes or colons as cameras write them, and without
 * separators), RFC 2822, and seconds, milli-, micro- or nanoseconds since 1970. Times without a zone are UTC, so that the
 * machine's zone never matters. `02/03/2026` is refused: it means two days.
 */
export function isoTime(text: string, where: string): string {
  const time = readEpoch(text.trim()) ?? readCalendar(text.trim()) ?? readMailDate(text.trim())
  if (time !== undefined && !Number.isNaN(time)) return new Date(time).toISOString()
  throw new DriftError(
    'source.unreadable',
    `expected an ISO 8601 time such as 2026-11-23T14:05:00Z, or seconds since 1970, got ${JSON.stringify(text)} in ${where}`,
    { hint: 'Write times as ISO 8601, or give the column another name to keep it as it is.' },
  )
}

function readEpoch(text: string): number | undefined {
  const digits = /^(\d+)(?:\.\d+)?$/.exec(text)?.[1]
  const perMillisecond = digits === undefined ? undefined : EPOCHS.get(digits.length)
  return perMillisecond === undefined ? undefined : Math.round(Number(text) / perMillisecond)
}

function readCalendar(text: string): number | undefined {
  const date = DATE.exec(text)
  if (!date) return undefined
  const [whole, year, , month, day] = date
  const rest = text.slice(whole.length)
  const time = TIME.exec(rest)
  const behind = rest.slice(time?.[0].length ?? 0)
  const zone = ZONE.exec(behind)
  if (behind !== '' && !zone) return undefined
  const [, hour = '00', minute = '00', second = '00', fraction = '0'] = time ?? []
  const clock = `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`
  const utc = Date.parse(`${year}-${month}-${day}T${clock}Z`)
  // Date.parse takes 2026-02-30 for the second of March.
  if (new Date(utc).getUTCDate() !== Number(day)) return Number.NaN
  const [, , sign, zoneHours = '0', zoneMinutes = '0'] = zone ?? []
  const ahead = 60 * Number(zoneHours) + Number(zoneMinutes)
  return utc - (sign === '-' ? -ahead : ahead) * 60_000
}

function readMailDate(text: string): number | undefined {
  const isMail =
    /^(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC|[+-]\d{4})$/i
  return isMail.test(text) ? Date.parse(text) : undefined
}
