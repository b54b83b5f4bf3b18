/** Lets so many requests of each token through. */
export type RateLimit = {
  /** Milliseconds until the next one may come; 0 where this one may. */
  take(token: string): number
}

const MINUTE_MS = 60_000

type Bucket = { readonly left: number; readonly at: number }

/** A bucket for each token that holds the requests of a minute and fills steadily; of this process alone. */
export function createRateLimit({
  perMinute,
  now,
}: {
  readonly perMinute: number
  readonly now: () => number
}): RateLimit {
  const buckets = new Map<string, Bucket>()
  const perMs = perMinute / MINUTE_MS
  return {
    take: (token) => {
      const at = now()
      const { left, at: before } = buckets.get(token) ?? { left: perMinute, at }
      // A clock that was set back fills nothing.
      const filled = Math.min(perMinute, left + Math.max(0, at - before) * perMs)
      const isLet = filled >= 1
      buckets.set(token, { left: isLet ? filled - 1 : filled, at })
      return isLet ? 0 : Math.ceil((1 - filled) / perMs)
    },
  }
}
