import type { Moments } from '../measuring/values/index.ts'
import type { Estimate, LossComparison } from '../verdict/index.ts'

/** Moments of nothing yet. */
const NO_MOMENTS: Moments = { count: 0, mean: 0, squares: 0 }

/** The moments with one more number (Welford 1962). */
function addValue({ count, mean, squares }: Moments, value: number): Moments {
  const next = mean + (value - mean) / (count + 1)
  return { count: count + 1, mean: next, squares: squares + (value - mean) * (value - next) }
}

/** Moments of a whole array. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let moments = NO_MOMENTS
  for (let i = 0; i < values.length; i++) moments = addValue(moments, values[i])
  return moments
}

/** Squared standard error of the mean; 0 for fewer than two numbers. */
export function squaredError({ count, squares }: Moments): number {
  return count < 2 ? 0 : squares / (count - 1) / count
}

const LEVEL = 0.95
const NORMAL_QUANTILE = 1.959964

/** Largest relative increase reported: what any loss is against a baseline of none. */
const LARGEST_INCREASE = 1e6

function finite(increase: number): number {
  return Number.isNaN(increase) ? 0 : Math.min(LARGEST_INCREASE, increase)
}

/** Mean loss of a batch against the baseline; the interval is the delta method's, of a ratio of means. */
export function compareLoss(baseline: Moments, batch: Moments): LossComparison {
  const ratio = batch.mean / baseline.mean
  const variance =
    (squaredError(batch) + ratio * ratio * squaredError(baseline)) / (baseline.mean * baseline.mean)
  // Against a baseline of none there is no interval.
  const halfWidth = Number.isFinite(ratio) ? NORMAL_QUANTILE * Math.sqrt(variance) : 0
  const relativeIncrease: Estimate = {
    value: finite(ratio - 1),
    low: finite(ratio - 1 - halfWidth),
    high: finite(ratio - 1 + halfWidth),
    level: LEVEL,
  }
  return { baseline: baseline.mean, mean: batch.mean, relativeIncrease }
}
