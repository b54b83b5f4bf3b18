import { countBelow, countNotAbove } from './sorted.ts'

/** Chance that a value of the second ascending sample exceeds one of the first, ties counted half (AUC). */
export function exceedanceChance(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const secondIsLarger = second.length > first.length
  const [small, large] = secondIsLarger ? [first, second] : [second, first]
  let wins = 0
  for (let i = 0; i < small.length; i++) {
    wins += (countBelow(large, small[i]) + countNotAbove(large, small[i])) / 2
  }
  const chance = wins / (small.length * large.length)
  return secondIsLarger ? 1 - chance : chance
}
