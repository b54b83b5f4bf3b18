import { betaCdf, logBinomial } from './distributions.ts'
import type { TestResult } from './two-sample-test.ts'

/** Outcomes this much likelier than the observed one still count as no likelier (rounding). */
const TIE = 1e-7

/** Two-sided exact binomial test: the chance of all outcomes no likelier than this one. */
export function binomialTest(successes: number, trials: number, chance = 0.5): TestResult {
  if (!(trials >= 1) || successes < 0 || successes > trials || !(chance >= 0 && chance <= 1)) {
    throw new RangeError(
      `expected 0..trials successes at a chance in [0, 1], got ${successes} of ${trials} at ${chance}`,
    )
  }
  const statistic = Math.abs(successes / trials - chance)
  if (statistic === 0) return { statistic, pValue: 1 }
  const limit = logBinomial(successes, trials, chance) + TIE
  const upwards = successes > trials * chance
  const own = upwards ? upperTail(successes, trials, chance) : lowerTail(successes, trials, chance)
  const far = upwards
    ? lowerTail(lastBelow(limit, trials, chance), trials, chance)
    : upperTail(firstAbove(limit, trials, chance), trials, chance)
  return { statistic, pValue: Math.min(1, own + far) }
}

/** P(X ≥ k). */
function upperTail(k: number, trials: number, chance: number): number {
  if (k <= 0) return 1
  return k > trials ? 0 : betaCdf(chance, k, trials - k + 1)
}

/** P(X ≤ k). */
function lowerTail(k: number, trials: number, chance: number): number {
  if (k >= trials) return 1
  return k < 0 ? 0 : betaCdf(1 - chance, trials - k, k + 1)
}

// The chances rise up to the mode and fall after it, so each side can be bisected.
function lastBelow(limit: number, trials: number, chance: number): number {
  let low = -1
  let high = Math.floor((trials + 1) * chance)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (logBinomial(middle, trials, chance) <= limit) low = middle
    else high = middle
  }
  return low
}

function firstAbove(limit: number, trials: number, chance: number): number {
  let low = Math.floor((trials + 1) * chance)
  let high = trials + 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (logBinomial(middle, trials, chance) <= limit) high = middle
    else low = middle
  }
  return high
}
