import type { Answer, Judgement } from '../verdict/index.ts'
import { isSignificant } from './judged.ts'
import { lossDirection, passedThreshold } from './next-steps.ts'
import {
  formatChange,
  formatCount,
  formatInterval,
  formatNumber,
  formatPercent,
  formatShare,
} from './number-format.ts'
import { manyRepeats, repeatsHeadline } from './repeats-words.ts'
import { countSkipped } from './skipped-words.ts'
import { capitalise, sentence } from './text-layout.ts'
import { explainPValue, explainThreshold } from './threshold-words.ts'

/** One to three words for a badge. */
export function severityLabel(severity: Judgement['severity']): string {
  switch (severity) {
    case 'ok':
      return 'No drift'
    case 'warning':
      return 'Warning'
    case 'drift':
      return 'Drift'
    case 'insufficient-data':
      return 'Not enough data'
  }
}

/** What the badge says, as a sentence. */
export function headline(judgement: Judgement): string {
  const repeats = manyRepeats(judgement)
  switch (judgement.severity) {
    case 'drift':
      return repeats === undefined
        ? 'These images have drifted.'
        : `${repeatsHeadline(repeats)}, and the images have drifted.`
    case 'ok':
      return 'No sign of drift.'
    case 'warning':
      if (repeats !== undefined) return `${repeatsHeadline(repeats)}.`
      return passedThreshold(judgement)
        ? 'A few images changed.'
        : countSkipped(judgement) > 0
          ? 'No drift found, but part could not be read.'
          : 'No drift found, but look at this batch.'
    case 'insufficient-data':
      return 'Too few images to tell.'
  }
}

/** Too few images, or too few different ones. */
function isUntested({ scoreBasis }: Judgement): boolean {
  return scoreBasis === 'none'
}

/** The findings, and how many features moved. */
export function whatChanged(judgement: Judgement, told: readonly string[]): Answer {
  const findings = told.map(sentence)
  const moved = judgement.features.filter(isSignificant).length
  if (findings.length > 0) {
    const [first, ...rest] = findings
    return moved === 0
      ? { lead: first, more: rest }
      : { lead: countMoved(moved, judgement.features.length), more: findings }
  }
  if (isUntested(judgement)) return { lead: 'Unknown.', more: [] }
  return passedThreshold(judgement)
    ? { lead: 'Nothing stands out on its own; the change is spread over many features.', more: [] }
    : { lead: 'Nothing that stands out from the reference.', more: [] }
}

function countMoved(moved: number, all: number): string {
  return moved === all
    ? `All ${formatCount(all)} measured features moved.`
    : `${formatCount(moved)} of ${formatCount(all)} measured features moved.`
}

/** The p-value or the interval, and the rule it is held against. */
export function howSure(judgement: Judgement): Answer {
  const { pValue, threshold, loss } = judgement
  const rule = explainThreshold(threshold)
  if (threshold.policy === 'relative') {
    if (loss === null) return { lead: 'Unknown: the loss could not be measured.', more: [rule] }
    const { low, value, level } = loss.relativeIncrease
    const lead =
      low > threshold.value
        ? `Above the limit, and its ${formatPercent(level)} interval too.`
        : value > threshold.value
          ? 'Above the limit, but its interval reaches below.'
          : 'Below the limit.'
    return {
      lead,
      more: [`Mean loss ${formatChange(value)} (${formatInterval(loss.relativeIncrease)}).`, rule],
    }
  }
  if (pValue === null) return { lead: 'Unknown: the test was not run.', more: [rule] }
  const more = [explainPValue(pValue, threshold.draws), rule]
  return { lead: confidence(pValue, threshold.value), more }
}

function confidence(pValue: number, limit: number): string {
  if (pValue <= limit / 10) return 'Very sure.'
  if (pValue <= limit) return 'Sure, by the rule that was set.'
  return pValue <= limit * 5 ? 'A hint, not evidence.' : 'No evidence of a change.'
}

/** How far images moved, how many of them, and what became of the loss. */
export function howBad(judgement: Judgement): Answer {
  const loss = describeLoss(judgement)
  const { size, changedShare } = judgement
  if (size !== null && changedShare === null) {
    return {
      lead: 'At a place of the frame; how many images are affected is not known.',
      more: loss,
    }
  }
  if (size === null || changedShare === null) {
    const lead = isUntested(judgement)
      ? 'Unknown.'
      : manyRepeats(judgement) === undefined
        ? 'Nothing was found that could be bad.'
        : 'Nothing was found in the images that came; what did not come is unknown.'
    return { lead, more: loss }
  }
  return {
    lead: `${capitalise(size.word)}, ${describeExtent(changedShare)}.`,
    more: [
      `What was learned of an image moved by ${formatNumber(size.value, 2)} standard deviations of the reference, the mean over all images.`,
      ...loss,
    ],
  }
}

/** How many images changed: at least, and by the best estimate where that says more. */
function describeExtent({ atLeast, estimate }: NonNullable<Judgement['changedShare']>): string {
  const about = `about ${formatPercent(Math.max(0.01, Math.round(100 * estimate) / 100))}`
  if (atLeast < 0.01) return `in ${about} of the images by estimate`
  const least = `in at least ${formatShare(atLeast)} of the images`
  return estimate - atLeast < 0.01 ? least : `${least}, by estimate ${about}`
}

function describeLoss(judgement: Judgement): string[] {
  if (judgement.loss === null) return []
  const { baseline, mean, relativeIncrease } = judgement.loss
  const [from, to] = [formatNumber(baseline), formatNumber(mean)]
  const change = formatChange(relativeIncrease.value)
  switch (lossDirection(judgement)) {
    case 'rose':
      return [`Reconstruction loss rose from ${from} to ${to} (${change}).`]
    case 'fell':
      return [
        `Reconstruction loss fell from ${from} to ${to} (${change}): the images became easier to reconstruct.`,
      ]
    case 'level':
      return [
        `Reconstruction loss ${from} → ${to}, a change that may be chance (${formatInterval(relativeIncrease)}).`,
      ]
  }
}
