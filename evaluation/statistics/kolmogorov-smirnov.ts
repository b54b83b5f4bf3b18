import { ascending, kolmogorovSmirnovDistance, kolmogorovTail } from '../../src/statistics/index.ts'
import type { TestResult } from './two-sample-test.ts'

/** Lattice size up to which the exact distribution is summed. */
const EXACT_CELLS = 10_000

/** Two-sample Kolmogorov–Smirnov test, two-sided; with ties its p-value is conservative. */
export function kolmogorovSmirnovTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): TestResult {
  const statistic = kolmogorovSmirnovDistance(ascending(first), ascending(second))
  return { statistic, pValue: kolmogorovSmirnovTail(statistic, first.length, second.length) }
}

/** P(D ≥ distance) under the null: exact for small samples, else the limit with Stephens' correction. */
export function kolmogorovSmirnovTail(distance: number, n: number, m: number): number {
  if (n * m <= EXACT_CELLS) return exactTail(distance, n, m)
  const root = Math.sqrt((n * m) / (n + m))
  return Math.min(1, kolmogorovTail((root + 0.12 + 0.11 / root) * distance))
}

/**
 * Share of the lattice paths from (0, 0) to (n, m) that leave the band |i/n − j/m| < distance
 * (Hodges 1958): the last step into (i, j) comes from (i − 1, j) with chance i / (i + j). O(nm).
 */
function exactTail(distance: number, n: number, m: number): number {
  // Half a lattice unit of slack keeps rounding from moving a point across the band's edge.
  const edge = distance - 0.5 / (n * m)
  const left = new Float64Array(m + 1)
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i / n - j / m) >= edge) left[j] = 1
      else if (j > 0) left[j] = (i * left[j] + j * left[j - 1]) / (i + j)
    }
  }
  return left[m]
}
