import assert from 'node:assert/strict'

/** Chance of either bound being passed by a test that is exactly at its level; seeds are fixed, so it never flickers. */
const TAIL = 0.0005

/**
 * Asserts that p-values of a null are at or below each level as often as they should be, neither more nor less often:
 * within the central 99.9% of a binomial. Levels must be multiples of the p-values' step.
 */
export function assertUniform(pValues: readonly number[], levels: readonly number[]): void {
  for (const level of levels) {
    const count = pValues.filter((p) => p <= level + 1e-12).length
    const [low, high] = binomialBounds(pValues.length, level)
    assert.ok(
      count >= low && count <= high,
      `${count} of ${pValues.length} p-values at or below ${level}, expected ${low} to ${high}`,
    )
  }
}

/** Asserts that p-values of a null are at or below each level no more often than they may be. */
export function assertNotAbove(pValues: readonly number[], levels: readonly number[]): void {
  for (const level of levels) {
    const count = pValues.filter((p) => p <= level + 1e-12).length
    const [, high] = binomialBounds(pValues.length, level)
    assert.ok(count <= high, `${count} of ${pValues.length} p-values at or below ${level}`)
  }
}

/** The central counts of a binomial: each tail beyond them has a chance of at most TAIL. */
export function binomialBounds(trials: number, chance: number): [low: number, high: number] {
  let log = trials * Math.log1p(-chance)
  let below = 0
  let low = 0
  for (let k = 0; k < trials; k++) {
    below += Math.exp(log)
    if (below <= TAIL) low = k + 1
    if (below >= 1 - TAIL) return [low, k]
    log += Math.log(((trials - k) * chance) / ((k + 1) * (1 - chance)))
  }
  return [low, trials]
}
