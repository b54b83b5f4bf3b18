import { type Successes, wilsonInterval } from '../../statistics/index.ts'
import { formatPercent } from '../../wording/index.ts'
import type { Happening } from '../watching/index.ts'
import type { AccuracyRule } from './accuracy.ts'
import type { Turn } from './answers.ts'

/** A turn in words. */
export function describeTurn(
  monitor: string,
  { source, accuracy: { isLow, last, baseline } }: Turn,
  { rule: { floor }, at }: { readonly rule: AccuracyRule; readonly at: number },
): Happening {
  const window = last ?? { successes: 0, trials: 1 }
  const than =
    floor === null ? `${shareOf(baseline)} of the first ${baseline.trials}` : formatPercent(floor)
  const summary = isLow
    ? `The model was right on ${rangeOf(window)} of the last ${window.trials} images whose truth is known, which is less than ${than}.`
    : `The model was right on ${rangeOf(window)} of the last ${window.trials} images whose truth is known, no longer surely less than ${than}.`
  return {
    kind: isLow ? 'accuracy-low' : 'accuracy-ok',
    monitor,
    source,
    summary,
    findings: [],
    images: [],
    at,
  }
}

function shareOf({ successes, trials }: Successes): string {
  return formatPercent(successes / trials)
}

function rangeOf(some: Successes): string {
  const { low, high } = wilsonInterval(some.successes, some.trials)
  return `${shareOf(some)} (${formatPercent(low)} to ${formatPercent(high)})`
}
