/** The times of the earliest and the latest of some images (ISO 8601, UTC). */
export type Period = { readonly from: string; readonly to: string }

/** When these images were made; null where none of them says so. */
export function periodOf(
  records: Iterable<{ readonly timestamp?: string | undefined }>,
): Period | null {
  let period: Period | null = null
  for (const { timestamp } of records) {
    const time = timestamp === undefined ? Number.NaN : Date.parse(inUtc(timestamp))
    if (Number.isNaN(time)) continue
    const iso = new Date(time).toISOString()
    period = joinPeriods(period, { from: iso, to: iso })
  }
  return period
}

/** The period that covers both. */
export function joinPeriods(a: Period | null, b: Period | null): Period | null {
  if (a === null || b === null) return a ?? b
  return { from: a.from < b.from ? a.from : b.from, to: a.to > b.to ? a.to : b.to }
}

/** A time without a zone is UTC, so that the machine's zone never matters. */
function inUtc(time: string): string {
  return /T[\d:.]+$/.test(time) ? `${time}Z` : time
}
