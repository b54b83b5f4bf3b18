import type { Random } from '../tensor/index.ts'
import { countBelow, countNotAbove } from './sorted.ts'

/**
 * Share of reference scores at least as large as `score`, the score itself counted: in (0, 1], and
 * P(p ≤ α) ≤ α when it is exchangeable with the reference (`ascending`, higher = more unusual).
 */
export function conformalPValue(ascending: ArrayLike<number>, score: number): number {
  return (ascending.length - countBelow(ascending, score) + 1) / (ascending.length + 1)
}

/**
 * The same with ties broken at random: exactly uniform under exchangeability, which bets on
 * p-values over time need. Mid-ranks of tied scores are not (Vovk et al. 2005, eq. 2.20).
 */
export function randomisedConformalPValue(
  ascending: ArrayLike<number>,
  score: number,
  random: Random,
): number {
  const above = ascending.length - countNotAbove(ascending, score)
  const equal = countNotAbove(ascending, score) - countBelow(ascending, score)
  // 1 − U lies in (0, 1], so that no p-value is 0.
  return (above + (1 - random.uniform()) * (1 + equal)) / (ascending.length + 1)
}
