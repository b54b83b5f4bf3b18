import type { Judgement, Threshold } from '../verdict/index.ts'
import {
  formatCount,
  formatFrequency,
  formatPercent,
  formatPValueEquation,
  formatRate,
} from './number-format.ts'

/** What a threshold promises, in plain words. */
export function explainThreshold(threshold: Threshold): string {
  return threshold.policy === 'relative'
    ? `Alarm when the mean loss rises by more than ${formatPercent(threshold.value)} over the baseline; this rule states no false-alarm rate.`
    : `Alarm at p ≤ ${formatRate(threshold.value)}: a batch like the reference would trigger this about ${formatFrequency(threshold.value)} batches.`
}

/** What a p-value means, in plain words; knows that the number of draws bounds how small it can get. */
export function explainPValue(pValue: number, draws: number): string {
  const equation = formatPValueEquation(pValue)
  if (draws > 0 && pValue <= 1.01 / (draws + 1)) {
    return `None of ${formatCount(draws)} random draws made as if nothing had changed differed as much (${equation}).`
  }
  const often = formatFrequency(pValue)
  return pValue > 0.05
    ? `Batches like the reference differ at least this much ${often} (${equation}).`
    : `Only about ${often} batches like the reference would differ this much (${equation}).`
}

/** How a threshold came about. */
export function deriveThreshold({
  threshold,
  tested,
  repeats,
}: Pick<Judgement, 'threshold' | 'tested' | 'repeats'>): string {
  if (threshold.policy === 'relative') {
    return `Chosen by the user: alarm when the mean loss exceeds the baseline by ${Number((100 * threshold.value).toPrecision(6))}%.`
  }
  const { draws, mode, value } = threshold
  const kind = repeats === undefined ? 'readable' : 'different readable'
  if (draws === 0) return `Not applied: fewer than ${tested.fewest} ${kind} images.`
  const how =
    mode === 'exact'
      ? `${draws} random exchanges of batch and held-out reference images`
      : `${draws} batches of this size drawn from the held-out reference, far enough from an alarm to need no exact test`
  return `The p-value of this batch among ${how} (${tested.reference} images); alarm at p ≤ ${value}.`
}

/** What a score is made of; follows a colon. */
export function deriveScore({
  score,
  scoreBasis,
  threshold,
}: Pick<Judgement, 'score' | 'scoreBasis' | 'threshold'>): string {
  switch (scoreBasis) {
    case 'none':
      return 'not tested'
    case 'loss-increase':
      return 'rise of the mean loss over the largest one tolerated'
    case 'p-value':
      return `ln p / ln ${threshold.value}`
    case 'extrapolated-p-value': {
      const draws = threshold.policy === 'relative' ? 0 : threshold.draws
      const exponent = (score * Math.log10(threshold.value)).toFixed(0)
      return `ln p / ln ${threshold.value}; none of ${draws} draws reached this batch, so p is extrapolated by the normal tail of its largest rank score to 10^${exponent}`
    }
  }
}
