import type { Severity, Threshold, Verdict } from '../detector/index.ts'
import { isSignificant } from './effect-size.ts'
import {
  formatChange,
  formatCount,
  formatCountOf,
  formatFrequency,
  formatInterval,
  formatNumber,
  formatPercent,
  formatPValueEquation,
  formatRate,
  formatShare,
  sentence,
} from '../wording/index.ts'

/** An answer in one short sentence, and what stands behind it. */
export type Answer = { readonly lead: string; readonly more: readonly string[] }

/** The four questions a person asks of a verdict, answered in words. */
export type Narrative = {
  /** One to three words for a badge. */
  readonly label: string
  readonly headline: string
  /** The verdict's own sentence, without the label it begins with. */
  readonly summary: string
  readonly whatChanged: Answer
  readonly howSure: Answer
  readonly howBad: Answer
  readonly next: Answer
  readonly notes: readonly string[]
}

/** Puts a verdict into words; every format of the report says these. */
export function narrate(verdict: Verdict): Narrative {
  return {
    label: severityLabel(verdict.severity),
    headline: headline(verdict),
    summary: sentence(verdict.summary.replace(/^(no )?drift: /i, '')),
    whatChanged: whatChanged(verdict),
    howSure: howSure(verdict),
    howBad: howBad(verdict),
    next: nextSteps(verdict),
    notes: verdict.notes.map(sentence),
  }
}

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

/** `none skipped`, or how many and why: `3 skipped (2 undecodable, 1 of another shape)`. */
export function describeSkipped(verdict: Verdict): string {
  if (countSkipped(verdict) === 0) return 'none skipped'
  return `${formatCount(countSkipped(verdict))} skipped (${describeReasons(verdict)})`
}

/** Why images were skipped, most frequent reason first: `2 undecodable, 1 of another shape`. */
export function describeReasons(verdict: Verdict): string {
  return Object.entries(skippedCountsOf(verdict))
    .toSorted((a, b) => b[1] - a[1])
    .map(([code, count]) => `${formatCount(count)} ${REASONS[code] ?? code}`)
    .join(', ')
}

/** Images of the batch that could not be read, whether they are named or not. */
export function countSkipped(verdict: Verdict): number {
  return Object.values(skippedCountsOf(verdict)).reduce((sum, count) => sum + count, 0)
}

/** A verdict of an older version names all of them and counts none. */
function skippedCountsOf({ skipped, skippedCounts }: Verdict): Readonly<Record<string, number>> {
  if (skippedCounts !== undefined) return skippedCounts
  const codes = Map.groupBy(skipped, ({ code }) => code)
  return Object.fromEntries([...codes].map(([code, images]) => [code, images.length]))
}

const REASONS: Readonly<Record<string, string>> = {
  'image.undecodable': 'undecodable',
  'image.shape': 'of another shape',
  'image.values': 'with values out of range',
  'image.too-large': 'too large',
  'source.unreadable': 'unreadable',
  'source.duplicate-id': 'with an id used twice',
  'source.unsafe-path': 'outside their folder',
}

function severityLabel(severity: Severity): string {
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

function headline(verdict: Verdict): string {
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

/** True when the statistics alarmed, whatever severity was made of it. */
function passedThreshold(verdict: Verdict): boolean {
  return verdict.score >= 1
}

function whatChanged(verdict: Verdict): Answer {
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

function howSure(verdict: Verdict): Answer {
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

function howBad(verdict: Verdict): Answer {
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
function describeExtent({ atLeast, estimate }: NonNullable<Verdict['changedShare']>): string {
  const about = `about ${formatPercent(Math.max(0.01, Math.round(100 * estimate) / 100))}`
  if (atLeast < 0.01) return `in ${about} of the images by estimate`
  const least = `in at least ${formatShare(atLeast)} of the images`
  return estimate - atLeast < 0.01 ? least : `${least}, by estimate ${about}`
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function describeLoss(verdict: Verdict): string[] {
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

/** Level when the confidence interval of the change contains zero. */
function lossDirection(verdict: Verdict): 'rose' | 'fell' | 'level' {
  const change = verdict.loss?.relativeIncrease
  if (change === undefined || (change.low <= 0 && change.high >= 0)) return 'level'
  return change.value > 0 ? 'rose' : 'fell'
}

function nextSteps(verdict: Verdict): Answer {
  switch (verdict.severity) {
    case 'drift':
      return {
        lead: 'Find the cause, then decide.',
        more: [
          lossDirection(verdict) === 'fell'
            ? 'Check camera and pre-processing first: blank, dark, blurred or cropped images lower the loss.'
            : 'Compare the most drifted images with the typical ones: new content, or a fault in camera or pre-processing?',
          'A fault: mend it at its source and check the next batch.',
          'Here to stay: label some of these images, measure the classifier on them, retrain, and fit a new reference.',
        ],
      }
    case 'warning':
      return nextAfterWarning(verdict)
    case 'ok':
      return { lead: 'Nothing to do.', more: ['Keep checking: drift often comes slowly.'] }
    case 'insufficient-data':
      return {
        lead: 'Check more images together.',
        more: ['Gather further batches until there are enough.'],
      }
  }
}

function nextAfterWarning(verdict: Verdict): Answer {
  if (passedThreshold(verdict)) {
    return {
      lead: 'Nothing urgent.',
      more: ['See whether the next batches move the same way before acting.'],
    }
  }
  return countSkipped(verdict) === 0
    ? { lead: 'Read the notes before relying on this verdict.', more: [] }
    : {
        lead: 'Find out why images could not be read.',
        more: [
          `${formatCountOf(countSkipped(verdict), 'image')} left out; the verdict covers only the rest.`,
        ],
      }
}
