import {
  describeShares,
  distanceOf,
  type FeatureEvidence,
  THRESHOLDS,
  type Verdict,
} from '../judging/index.ts'

/** At most this many features are put into words. */
const SPOKEN = 6
const SUSPECTED = 3
const SPOKEN_CLASSES = 4
/** A learned feature has no meaning a person could act on, so named ones speak first. */
const NAMELESS = new Set(['code', 'component'])

type Judged = Pick<
  Verdict,
  'score' | 'severity' | 'pValue' | 'loss' | 'features' | 'threshold' | 'shift' | 'changedShare'
>

/** What the sentence says of the batch. */
export type SummarisedBatch = {
  /** Readable images. */
  readonly count: number
  /** Images that were tested. */
  readonly images: number
  readonly skipped: { readonly total: number }
  /** Left out, since they were learned from. */
  readonly setAside?: number
}

/** The verdict in one sentence. */
export function summarise(
  judged: Judged,
  { count, images: tested, skipped, setAside = 0 }: SummarisedBatch,
): string {
  const images = count === 1 ? '1 image' : `${count} images`
  switch (judged.severity) {
    case 'insufficient-data':
      if (setAside > 0) {
        return `Not enough new images to judge: ${setAside} were used to fit this detector, ${tested} others remain, at least ${THRESHOLDS.fewestImages} are needed.`
      }
      return `Not enough images to judge: ${tested} readable, at least ${THRESHOLDS.fewestImages} are needed.`
    case 'ok':
      return `No drift: these ${images} look like the reference.`
    case 'warning':
      if (judged.score < 1) {
        return `The ${images} that could be read look like the reference, but ${skipped.total} could not be read.`
      }
      return `Something changed in these ${images}, but in few of them${describeExtent(judged.changedShare)}.`
    case 'drift':
      return `Drift: ${leastOf(judged.changedShare)}these ${images} no longer look like the reference${leadingChange(judged.features)}.`
  }
}

/** The share that changed for certain, where it is a percent or more: `at least 12% of `. */
function leastOf(share: Verdict['changedShare']): string {
  const least = Math.floor(100 * (share?.atLeast ?? 0))
  return least < 1 ? '' : `at least ${least}% of `
}

/** How many images changed, as far as it is known, in brackets: ` (at least 12% of them, by estimate about 15%)`. */
function describeExtent(share: Verdict['changedShare']): string {
  if (share === null) return ''
  const [least, about] = [Math.floor(100 * share.atLeast), Math.round(100 * share.estimate)]
  const estimate = about < 1 ? 'fewer than 1%' : `about ${about}%`
  if (least < 1) return ` (by estimate ${estimate})`
  return least >= about ? ` (at least ${least}%)` : ` (at least ${least}%, by estimate ${estimate})`
}

function leadingChange(features: readonly FeatureEvidence[]): string {
  const first = spoken(features)[0]
  return first === undefined ? '' : `; most of all, ${describeChange(first)}`
}

/** What changed, in words, strongest first; empty unless the decision passed its threshold. */
export function findings({ score, features, loss, threshold, shift }: Judged): string[] {
  if (score < 1) return []
  const words = [
    ...describeShift(shift),
    ...spoken(features).map((feature) => capitalise(describeChange(feature))),
  ]
  return threshold.policy === 'relative' && loss !== null
    ? [`Reconstruction loss ${change(loss.baseline, loss.mean)}`, ...words]
    : words
}

function describeShift(shift: Verdict['shift']): string[] {
  switch (shift?.kind) {
    case 'prior':
      return ['The mix of classes changed; images of a class look as before (prior shift)']
    case 'appearance':
      return [
        'Images of a class look different; the mix of classes is as before (appearance shift)',
      ]
    case 'mixed':
      return [
        'Images of a class look different, and the classes are predicted in other shares: the mix changed too, or the classifier judges such images differently',
      ]
    case 'unclear':
      return [
        `Can't tell a change of the mix of classes from a change of what they look like: ${shift.why ?? 'neither is sure on its own'}`,
      ]
    case undefined:
      return []
  }
}

function spoken(features: readonly FeatureEvidence[]): FeatureEvidence[] {
  const sure = features.filter(({ adjustedPValue }) => adjustedPValue <= 0.05)
  const named = sure.filter(({ group }) => !NAMELESS.has(group))
  if (named.length > 0) return withCategories(largestFirst(named))
  if (sure.length > 0) return largestFirst(sure).slice(0, SPOKEN)
  // A small batch can be surely different as a whole without any one feature being sure.
  return largestFirst(features.filter(({ group }) => !NAMELESS.has(group))).slice(0, SUSPECTED)
}

/** The first ones; what changed of the predicted classes is among them in any case. */
function withCategories(features: readonly FeatureEvidence[]): FeatureEvidence[] {
  const left = features.slice(SPOKEN).filter(({ kind }) => kind === 'category')
  return [...features.slice(0, SPOKEN - left.length), ...left]
}

function largestFirst(features: readonly FeatureEvidence[]): FeatureEvidence[] {
  return features.toSorted((a, b) => distanceOf(b) - distanceOf(a))
}

function describeChange(feature: FeatureEvidence): string {
  if (feature.kind === 'category') return `predicted ${describeShares(feature, SPOKEN_CLASSES)}`
  const { title, referenceMean, batchMean, auc, changedShare } = feature
  const share = Math.floor(100 * changedShare)
  const direction = auc > 0.5 ? 'higher' : 'lower'
  const spread = Math.abs(auc - 0.5) < 0.05 ? 'differently spread' : direction
  const extent = share > 0 ? `; at least ${share}% of images changed` : ''
  return `${title} is ${spread} (${change(referenceMean, batchMean)}${extent})`
}

function change(from: number, to: number): string {
  const percent = from === 0 ? undefined : (100 * (to - from)) / Math.abs(from)
  const relative =
    percent === undefined || Math.abs(percent) > 1000
      ? ''
      : `, ${percent > 0 ? '+' : '−'}${Math.abs(percent).toFixed(0)}%`
  return `${shortNumber(from)} → ${shortNumber(to)}${relative}`
}

/** Three significant digits. */
function shortNumber(value: number): string {
  if (value === 0) return '0'
  return String(Number(value.toPrecision(3)))
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
