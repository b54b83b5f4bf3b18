import { logNormalTwoSided } from '../distributions.ts'
import type { OmnibusResult } from './groups.ts'
import { RANK_SCORES } from './scores.ts'

/** Natural logarithm of a p-value, and whether it was extrapolated beyond the draws. */
export type LogPValue = { readonly value: number; readonly isExtrapolated: boolean }

/**
 * The logarithm of a window's p-value, going on where no draw reached the window and the p-value itself can fall no
 * further: there it is the smaller of 1 / (draws + 1) and a normal tail, the two-sided one of the largest standardised
 * rank score of `ranked` columns times the number of scores looked at (Bonferroni). The normal limit of permuted rank
 * sums is Hájek's (1961); so far out it is an order of magnitude, not a guarantee. Never rises as a score grows.
 */
export function extrapolateLogP(
  { pValue, draws, columns }: Pick<OmnibusResult, 'pValue' | 'draws' | 'columns'>,
  ranked: ReadonlySet<number>,
): LogPValue {
  const drawn = Math.log(pValue)
  const scores = columns.filter(({ column }) => ranked.has(column))
  // A draw that reached the window says more than any limit.
  if (pValue > 1.5 / (draws + 1) || scores.length === 0)
    return { value: drawn, isExtrapolated: false }
  const largest = Math.max(...scores.map(({ statistic }) => statistic))
  const tail = Math.log(scores.length * RANK_SCORES) + logNormalTwoSided(largest)
  return tail < drawn
    ? { value: tail, isExtrapolated: true }
    : { value: drawn, isExtrapolated: false }
}
