import { countBelow, countNotAbove } from './sorted.ts'

/** Largest gap between the distribution functions of two ascending samples, in [0, 1]. */
export function kolmogorovSmirnovDistance(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): number {
  // The gap is widest at, or just below, a value of the smaller sample or of the larger one next to it.
  const [small, large] = first.length <= second.length ? [first, second] : [second, first]
  let distance = 0
  for (let i = 0; i < small.length; i++) {
    const value = small[i]
    const upTo = countNotAbove(large, value) / large.length
    const before = countBelow(large, value) / large.length
    distance = Math.max(
      distance,
      Math.abs(countNotAbove(small, value) / small.length - upTo),
      Math.abs(countBelow(small, value) / small.length - before),
    )
  }
  return distance
}
