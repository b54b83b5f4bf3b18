import type { Threshold } from '../judging/index.ts'
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
