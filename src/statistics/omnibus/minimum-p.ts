/**
 * Westfall–Young combination of statistics of different scale by their permutation p-values
 * (Westfall & Young 1993, algorithm 2.5). Entry 0 of every array is the observed draw, the others
 * are null draws; nothing here treats entry 0 differently, so the result is valid whenever the
 * draws are exchangeable.
 */

/** Of each draw: the number of draws at least as large, itself included (1 = the largest). */
export function exceedanceCounts(statistics: ArrayLike<number>): Uint32Array {
  const sorted = Float64Array.from(statistics).sort()
  const counts = new Uint32Array(statistics.length)
  for (let b = 0; b < counts.length; b++) {
    counts[b] = sorted.length - countBelow(sorted, statistics[b])
  }
  return counts
}

/** Number of values of an ascending array strictly below `value`. */
export function countBelow(sorted: ArrayLike<number>, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

/** How strong each draw is, on the scale of one statistic. */
export type Strength = {
  /** Any scale; higher = stronger. */
  readonly values: ArrayLike<number>
  /** In [0, 1): how far in the upper tail, comparable between statistics; orders equal p-values. */
  readonly beyond: Float64Array
}

/** Strength of a single statistic: its excess over the median in units of its own upper spread. */
export function strengthOf(values: ArrayLike<number>): Strength {
  const sorted = Float64Array.from(values).sort()
  const median = sorted[sorted.length >>> 1]
  const spread = sorted[Math.floor(0.95 * (sorted.length - 1))] - median
  const unit = spread > 0 ? spread : median > 0 ? median : 1
  const beyond = Float64Array.from(values, (value) => {
    const excess = Math.max(0, value - median) / unit
    return excess / (1 + excess)
  })
  return { values, beyond }
}

/** The combined strength of several statistics, and each one's on that common scale. */
export type CombinedStrength = Strength & { readonly parts: readonly Float64Array[] }

/**
 * Orders the draws by the smallest p-value over the statistics. Equal p-values are ordered by
 * `beyond`: otherwise a draw far beyond all others would tie with the largest draw of every other
 * statistic, and no p-value could fall below (number of statistics) / draws.
 */
export function combineByMinimumP(statistics: readonly Strength[]): CombinedStrength {
  const draws = statistics[0].beyond.length
  const values = new Float64Array(draws).fill(-Infinity)
  const beyond = new Float64Array(draws)
  const parts = statistics.map((statistic) => {
    const counts = exceedanceCounts(statistic.values)
    return statistic.beyond.map((tail, b) => tail - counts[b])
  })
  parts.forEach((part, s) => {
    for (let b = 0; b < draws; b++) {
      if (part[b] <= values[b]) continue
      values[b] = part[b]
      beyond[b] = statistics[s].beyond[b]
    }
  })
  return { values, beyond, parts }
}

/** Share of the draws whose strength reaches `observed`; the observed draw counts among them. */
export function shareReaching(values: ArrayLike<number>, observed: number): number {
  let count = 0
  for (let b = 0; b < values.length; b++) if (values[b] >= observed) count++
  return count / values.length
}
