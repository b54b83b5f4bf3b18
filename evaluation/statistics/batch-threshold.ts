import { betaCdf } from '../../src/statistics/index.ts'

/** A threshold with a stated false-alarm rate, whatever the distribution of the statistic. */
export type BatchThreshold = {
  /** Alarm above this value. */
  readonly value: number
  /** It is the rank-th largest null statistic. */
  readonly rank: number
  /** Expected false-alarm rate, rank / (batches + 1). */
  readonly expectedRate: number
}

/**
 * Largest r for which alarming above the r-th largest of `batches` independent null statistics
 * keeps the false-alarm rate, Beta(r, batches + 1 − r) over the calibration, at or below `rate`
 * with confidence `confidence`; 0 when there are too few batches.
 */
export function thresholdRank(batches: number, rate: number, confidence = 0.95): number {
  let low = 0
  let high = batches + 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (betaCdf(rate, middle, batches + 1 - middle) >= confidence) low = middle
    else high = middle
  }
  return low
}

/** The threshold from null statistics of disjoint batches; null when there are too few of them. */
export function batchThreshold(
  statistics: ArrayLike<number>,
  { rate, confidence = 0.95 }: { readonly rate: number; readonly confidence?: number },
): BatchThreshold | null {
  const rank = thresholdRank(statistics.length, rate, confidence)
  if (rank === 0) return null
  const sorted = Float64Array.from(statistics)
  sorted.sort()
  const value = sorted[sorted.length - rank]
  return { value, rank, expectedRate: rank / (statistics.length + 1) }
}
