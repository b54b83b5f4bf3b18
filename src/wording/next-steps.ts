import type { Answer, Judgement } from '../verdict/index.ts'
import { causesOf } from './findings.ts'
import { formatCountOf } from './number-format.ts'
import { afterRepeats, manyRepeats } from './repeats-words.ts'
import { countSkipped } from './skipped-words.ts'

/** What to do after this verdict. */
export function nextSteps(judgement: Judgement): Answer {
  switch (judgement.severity) {
    case 'drift':
      return {
        lead: 'Find the cause, then decide.',
        more: [
          lookFirst(judgement),
          ...stepsOnRepeats(judgement),
          'A fault: mend it at its source and check the next batch.',
          'Here to stay: label some of these images, measure the classifier on them, retrain, and fit a new reference.',
        ],
      }
    case 'warning':
      return nextAfterWarning(judgement)
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
function lookFirst(judgement: Judgement): string {
  const causes = causesOf(judgement)
  return causes.length === 0
    ? 'Compare the most drifted images with the typical ones: new content, or a fault in camera or pre-processing?'
    : `Look first at ${causes.join('; then at ')}. Compare the most drifted images with the typical ones.`
}

function stepsOnRepeats(judgement: Judgement): string[] {
  const repeats = manyRepeats(judgement)
  return repeats === undefined ? [] : [afterRepeats(repeats).lead]
}

function nextAfterWarning(judgement: Judgement): Answer {
  const repeats = manyRepeats(judgement)
  if (repeats !== undefined) return afterRepeats(repeats)
  if (passedThreshold(judgement)) {
    return {
      lead: 'Nothing urgent.',
      more: ['See whether the next batches move the same way before acting.'],
    }
  }
  return countSkipped(judgement) === 0
    ? { lead: 'Read the notes before relying on this verdict.', more: [] }
    : {
        lead: 'Find out why images could not be read.',
        more: [
          `${formatCountOf(countSkipped(judgement), 'image')} left out; the verdict covers only the rest.`,
        ],
      }
}

/** True when the statistics alarmed, whatever severity was made of it. */
export function passedThreshold(judgement: Judgement): boolean {
  return judgement.score >= 1
}

/** Level when the confidence interval of the change contains zero. */
export function lossDirection(judgement: Judgement): 'rose' | 'fell' | 'level' {
  const change = judgement.loss?.relativeIncrease
  if (change === undefined || (change.low <= 0 && change.high >= 0)) return 'level'
  return change.value > 0 ? 'rose' : 'fell'
}
