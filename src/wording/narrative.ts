import { isSignificant, type Told } from './judged.ts'
import { type Answer, lossDirection, nextSteps, passedThreshold } from './next-steps.ts'
import {
  formatChange,
  formatCount,
  formatInterval,
  formatNumber,
  formatPercent,
  formatShare,
} from './number-format.ts'
import { countSkipped } from './skipped-words.ts'
import { capitalise, sentence } from './text-layout.ts'
import { explainPValue, explainThreshold } from './threshold-words.ts'

/** The four questions a person asks of a verdict, answered in words. */
export type Narrative = {
  /** One to three words for a badge. */
  readonly label: string
  readonly headline: string
  /** The verdict in one sentence. */
  readonly summary: string
  readonly whatChanged: Answer
  readonly howSure: Answer
  readonly howBad: Answer
  readonly next: Answer
  readonly notes: readonly string[]
}

/** Puts a verdict into words; every format of the report says these. */
export function narrate(verdict: Told): Narrative {
  return {
    label: severityLabel(verdict.severity),
    headline: headline(verdict),
    summary: sentence(verdict.summary),
    whatChanged: whatChanged(verdict),
    howSure: howSure(verdict),
    howBad: howBad(verdict),
    next: nextSteps(verdict),
    notes: verdict.notes.map(sentence),
  }
}

function severityLabel(severity: Told['severity']): string {
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

function headline(verdict: Told): string {
  switch (verdict.severity) {
    case 'drift':
      return 'These images have drifted.'
    case 'ok':
      return 'No sign of drift.'
    case 'warning':
      return passedThreshold(verdict)
        ? 'A few images changed.'
        : countSkipped(verdict) > 0
          ? 'No drift found, but part could not be read.'
          : 'No drift found, but look at this batch.'
    case 'insufficient-data':
      return 'Too few images to tell.'
  }
}

function whatChanged(verdict: Told): Answer {
  const findings = verdict.findings.map(sentence)
  const moved = verdict.features.filter(isSignificant).length
  if (findings.length > 0) {
    const [first, ...rest] = findings
    return moved === 0
      ? { lead: first, more: rest }
      : { lead: countMoved(moved, verdict.features.length), more: findings }
  }
  if (verdict.severity === 'insufficient-data') return { lead: 'Unknown.', more: [] }
  return passedThreshold(verdict)
    ? { lead: 'Nothing stands out on its own; the change is spread over many features.', more: [] }
    : { lead: 'Nothing that stands out from the reference.', more: [] }
}

function countMoved(moved: number, all: number): string {
  return moved === all
    ? `All ${formatCount(all)} measured features moved.`
    : `${formatCount(moved)} of ${formatCount(all)} measured features moved.`
}

function howSure(verdict: Told): Answer {
  const { pValue, threshold, loss } = verdict
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

function howBad(verdict: Told): Answer {
  const loss = describeLoss(verdict)
  const { size, changedShare } = verdict
  if (size === null || changedShare === null) {
    const lead =
      verdict.severity === 'insufficient-data' ? 'Unknown.' : 'Nothing was found that could be bad.'
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
function describeExtent({ atLeast, estimate }: NonNullable<Told['changedShare']>): string {
  const about = `about ${formatPercent(Math.max(0.01, Math.round(100 * estimate) / 100))}`
  if (atLeast < 0.01) return `in ${about} of the images by estimate`
  const least = `in at least ${formatShare(atLeast)} of the images`
  return estimate - atLeast < 0.01 ? least : `${least}, by estimate ${about}`
}

function describeLoss(verdict: Told): string[] {
  if (verdict.loss === null) return []
  const { baseline, mean, relativeIncrease } = verdict.loss
  const [from, to] = [formatNumber(baseline), formatNumber(mean)]
  const change = formatChange(relativeIncrease.value)
  switch (lossDirection(verdict)) {
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
