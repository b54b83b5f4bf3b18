import { causesOf } from './findings.ts'
import type { Told } from './judged.ts'
import { formatCountOf } from './number-format.ts'
import { countSkipped } from './skipped-words.ts'

/** An answer in one short sentence, and what stands behind it. */
export type Answer = { readonly lead: string; readonly more: readonly string[] }

/** What to do after this verdict. */
export function nextSteps(verdict: Told): Answer {
  switch (verdict.severity) {
    case 'drift':
      return {
        lead: 'Find the cause, then decide.',
        more: [
          lookFirst(verdict),
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

/** Where what is seen usually comes from, and what to compare. */
function lookFirst(verdict: Told): string {
  const causes = causesOf(verdict)
  return causes.length === 0
    ? 'Compare the most drifted images with the typical ones: new content, or a fault in camera or pre-processing?'
    : `Look first at ${causes.join('; then at ')}. Compare the most drifted images with the typical ones.`
}

function nextAfterWarning(verdict: Told): Answer {
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

/** True when the statistics alarmed, whatever severity was made of it. */
export function passedThreshold(verdict: Told): boolean {
  return verdict.score >= 1
}

/** Level when the confidence interval of the change contains zero. */
export function lossDirection(verdict: Told): 'rose' | 'fell' | 'level' {
  const change = verdict.loss?.relativeIncrease
  if (change === undefined || (change.low <= 0 && change.high >= 0)) return 'level'
  return change.value > 0 ? 'rose' : 'fell'
}
