import { betaCdf, logBinomial } from '../../src/statistics/index.ts'
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
    : upperTail(firstAbove(limit, trials, { chance, after: successes }), trials, chance)
  return { statistic, pValue: Math.min(1, own + far) }
}

/** P(X ≥ k), k ≥ 1. */
function upperTail(k: number, trials: number, chance: number): number {
  return k > trials ? 0 : betaCdf(chance, k, trials - k + 1)
}

/** P(X ≤ k), k < trials. */
function lowerTail(k: number, trials: number, chance: number): number {
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

function firstAbove(
  limit: number,
  trials: number,
  { chance, after }: { readonly chance: number; readonly after: number },
): number {
  // Where the outcome just below the mode is as likely, the mode is the first above it.
  let low = Math.max(after, Math.floor((trials + 1) * chance) - 1)
  let high = trials + 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (logBinomial(middle, trials, chance) <= limit) high = middle
    else low = middle
  }
  return high
}
