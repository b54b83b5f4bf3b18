import type { Random } from '../../src/tensor/index.ts'
import { betaQuantile, type Interval } from '../../src/statistics/index.ts'

/** Clopper–Pearson's interval of a rate (1934): never below its level. */
export function clopperPearsonInterval(successes: number, trials: number, level = 0.95): Interval {
  checkCounts(successes, trials)
  const tail = (1 - level) / 2
  const failures = trials - successes
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  }
}

/** Mean of `numerator` over mean of `denominator`, with a bootstrap percentile interval over both. */
export function ratioOfMeans(
  numerator: ArrayLike<number>,
  denominator: ArrayLike<number>,
  options: { readonly random: Random; readonly level?: number; readonly draws?: number },
): Interval & { readonly value: number } {
  const { random, level = 0.95, draws = 2000 } = options
  if (numerator.length === 0 || denominator.length === 0) {
    throw new RangeError('expected values in numerator and denominator, got none')
  }
  const ratios = new Float64Array(draws)
  for (let b = 0; b < draws; b++) {
    ratios[b] = resampledMean(numerator, random) / resampledMean(denominator, random)
  }
  ratios.sort()
  const at = (p: number): number => ratios[Math.round(p * (draws - 1))]
  return {
    value: mean(numerator) / mean(denominator),
    low: at((1 - level) / 2),
    high: at((1 + level) / 2),
  }
}

function resampledMean(values: ArrayLike<number>, random: Random): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[random.integer(values.length)]
  return sum / values.length
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

function checkCounts(successes: number, trials: number): void {
  if (!(trials > 0) || successes < 0 || successes > trials) {
    throw new RangeError(
      `expected 0..trials successes of > 0 trials, got ${successes} of ${trials}`,
    )
  }
}
