import { leadingChange } from './findings.ts'
import type { JudgedBatch, Judged } from './judged.ts'
import { formatCount, formatCountOf } from './number-format.ts'
import { manyRepeats, tellRepeats } from './repeats-words.ts'
import { countSkipped } from './skipped-words.ts'
import { capitalise } from './text-layout.ts'

/** The verdict in one sentence; images that repeat others are named first. */
export function summarise(judged: JudgedBatch): string {
  const { repeats } = judged
  const rest = summaryOf(judged)
  if (repeats === undefined) return capitalise(rest)
  return capitalise(`${tellRepeats(repeats)}; ${rest.charAt(0).toLowerCase()}${rest.slice(1)}`)
}

function summaryOf(judged: JudgedBatch): string {
  const { severity, score, changedShare } = judged
  const count = judged.tested.of
  const these = subjectOf(judged)
  switch (severity) {
    case 'insufficient-data':
      return tooFew(judged)
    case 'ok':
      return looksFine(judged)
    case 'warning':
      if (manyRepeats(judged) !== undefined && score < 1) return onlyRepeats(judged)
      if (score < 1) {
        return `The ${formatCountOf(count, 'image')} that could be read ${count === 1 ? 'looks' : 'look'} like the reference, but ${formatCount(countSkipped(judged))} could not be read.`
      }
      return `Something changed in ${these}, but in few of them${describeExtent(changedShare)}.`
    case 'drift':
      return `${leastOf(changedShare)}${these} no longer look like the reference${mostOfAll(judged)}.`
  }
}

/** Of images of which many repeat others the different ones are spoken of. */
function subjectOf({ tested: { of }, repeats }: JudgedBatch): string {
  const kind = repeats === undefined || repeats.leftOut === 0 ? '' : 'different '
  return of === 1 ? `this ${kind}image` : `these ${formatCount(of)} ${kind}images`
}

function looksFine(judged: JudgedBatch): string {
  const looks = judged.tested.of === 1 ? 'looks' : 'look'
  return `${subjectOf(judged)} ${looks} like the reference${butForeign(judged)}.`
}

/** What there is to say beside images that repeat others, where no drift was found. */
function onlyRepeats(judged: JudgedBatch): string {
  const { images, fewest, setAside } = judged.tested
  if (images >= fewest) return looksFine(judged)
  return setAside > 0
    ? tooFew(judged)
    : `${formatCountOf(images, 'different image')} ${images === 1 ? 'is' : 'are'} too few to judge.`
}

/** One or two are named by chance in every tenth batch: a note says them. */
const SEVERAL = 3

/** Several that look like nothing in the reference. */
function butForeign({ foreign }: JudgedBatch): string {
  return foreign === undefined || foreign.images < SEVERAL
    ? ''
    : `, but for ${formatCount(foreign.images)} that look like nothing in it`
}

function tooFew({ tested: { images, setAside, fewest } }: JudgedBatch): string {
  const needed = `at least ${fewest} are needed`
  return setAside > 0
    ? `Not enough new images to judge: ${formatCount(setAside)} ${setAside === 1 ? 'was' : 'were'} used to fit this detector, ${formatCountOf(images, 'other')} ${images === 1 ? 'remains' : 'remain'}, ${needed}.`
    : `Not enough images to judge: ${formatCount(images)} readable, ${needed}.`
}

/** The share that changed for certain, where it is a percent or more: `at least 12% of `. */
function leastOf(share: Judged['changedShare']): string {
  const least = Math.floor(100 * (share?.atLeast ?? 0))
  return least < 1 ? '' : `at least ${least}% of `
}

/** How many images changed, as far as it is known, in brackets: ` (at least 12% of them, by estimate about 15%)`. */
function describeExtent(share: Judged['changedShare']): string {
  if (share === null) return ''
  const [least, about] = [Math.floor(100 * share.atLeast), Math.round(100 * share.estimate)]
  const estimate = about < 1 ? 'fewer than 1%' : `about ${about}%`
  if (least < 1) return ` (by estimate ${estimate})`
  return least >= about ? ` (at least ${least}%)` : ` (at least ${least}%, by estimate ${estimate})`
}

function mostOfAll(judged: Judged): string {
  const change = leadingChange(judged)
  return change === undefined
    ? ''
    : `; most of all, they ${change.predicate} (${[change.figures, change.relative].filter((part) => part !== '').join(', ')})`
}
