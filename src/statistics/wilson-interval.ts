import { normalQuantile } from './distributions.ts'

/** A two-sided confidence interval. */
export type Interval = { readonly low: number; readonly high: number }

/** Wilson's score interval of a rate (Wilson 1927); close to its level even at few trials, at least one. */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  if (!(trials > 0) || successes < 0 || successes > trials) {
    throw new RangeError(
      `expected 0..trials successes of > 0 trials, got ${successes} of ${trials}`,
    )
  }
  const z = normalQuantile(0.5 + level / 2)
  const rate = successes / trials
  const centre = rate + (z * z) / (2 * trials)
  const half = z * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials))
  const scale = 1 + (z * z) / trials
  return {
    low: successes === 0 ? 0 : (centre - half) / scale,
    high: successes === trials ? 1 : (centre + half) / scale,
  }
}
