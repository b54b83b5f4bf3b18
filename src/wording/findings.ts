import { FEATURE_GROUPS, isFileGroup } from '../feature-groups.ts'
import { describeShares } from './class-shares.ts'
import { fromTo, inShareOfImages, relativeChange } from './figures.ts'
import { fileChangesOf } from './file-changes.ts'
import type { CategoryEvidence, FeatureEvidence, QuantityEvidence } from '../verdict/index.ts'
import { isSignificant, type Judged } from './judged.ts'
import { observe, type Observation, SIGHTS } from './observe.ts'
import { placeChangeOf } from './place-changes.ts'
import { manyRepeats, tellRepeats } from './repeats-words.ts'
import { tellUnclear } from './unclear-shift.ts'
import { capitalise, withoutExplanation } from './text-layout.ts'

/** At most so many findings of features. */
const TOLD = 6
/** Of what is seen, so that traces of software are told too. */
const TOLD_OF_KIND = { seen: 4, processing: 2, abstract: 1 } as const
const SUSPECTED = 3
const TOLD_CLASSES = 4

/** Something that changed: what the images are now, and the figures that say so. */
export type Change = {
  /** Follows “the images …” or “they …”. */
  readonly predicate: string
  /** From where to where. */
  readonly figures: string
  /** How much that is; may be empty. */
  readonly relative: string
  /** In how many images, as the end of a sentence; may be empty. */
  readonly extent: string
}

/** What changed, in words, most telling first; images that repeat others before all. */
export function tellFindings(verdict: Judged): string[] {
  const repeats = manyRepeats(verdict)
  const changes = tellChanges(verdict)
  return repeats === undefined ? changes : [capitalise(tellRepeats(repeats)), ...changes]
}

/** Empty unless the decision passed its threshold. */
function tellChanges(verdict: Judged): string[] {
  const { score, loss, threshold, shift } = verdict
  if (score < 1) return []
  const words = [...tellShift(shift), ...changesOf(verdict).map(tellChange)]
  return threshold.policy === 'relative' && loss !== null
    ? [
        `Reconstruction loss: ${fromTo(loss.baseline, loss.mean)}${inBrackets(relativeChange(loss.baseline, loss.mean))}`,
        ...words,
      ]
    : words
}

/** `Darker: mean brightness 0.473 → 0.167 (−65%), in at least 93% of the images`. */
export function tellChange({ predicate, figures, relative, extent }: Change): string {
  const title = capitalise(predicate.replace(/^(are|have|come) (an? |their )?/, ''))
  return `${title}: ${figures}${inBrackets(relative)}${extent}`
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${text})`
}

/** The change to name where there is room for one; undefined where nothing stands out. */
export function leadingChange(verdict: Judged): Change | undefined {
  return changesOf(verdict)[0]
}

/** At most so many places to look at. */
const CAUSES = 2

/** Where what changed usually comes from, most likely first; follows “look at …”. */
export function causesOf({ features, shift, places }: Judged): string[] {
  if (shift?.kind === 'prior')
    return ['where these images come from: the mix of classes is another']
  const causes = [
    ...fileChangesOf(features).map(({ cause }) => cause),
    ...inOrderOf(
      placeChangeOf(places),
      mostTelling(observe(features.filter(isSignificant))),
    ).flatMap(({ cause }) => cause ?? []),
  ]
  return [...new Set(causes)].slice(0, CAUSES)
}

/** What changed: the files first, then what they show, most telling first. */
function changesOf({ features, shift, places }: Judged): Change[] {
  const files: Change[] = fileChangesOf(features)
  const shown = features.filter(({ group }) => !isFileGroup(group))
  // Files that changed are sure; what is suspected of their images beside them need not follow.
  const isFilesAlone = files.length > 0 && !shown.some(isSignificant)
  if (isFilesAlone) return files
  const place = placeChangeOf(places)
  // Where a place is sure and no feature is, no feature need be suspected.
  const others =
    place !== undefined && !shown.some(isSignificant) ? [] : shownChangesOf(shown, shift)
  const told = place === undefined ? undefined : { ...place, relative: '', extent: '' }
  return [...files, ...inOrderOf(told, others)].slice(0, TOLD)
}

/** A place comes first where it is one; what happens all over the frame is a sign of something else. */
function inOrderOf<P extends { readonly isLocal: boolean }, T>(
  place: P | undefined,
  others: readonly T[],
): (P | T)[] {
  if (place === undefined) return [...others]
  if (place.isLocal) return [place, ...others]
  return others.length === 0 ? [place] : [...others]
}

function shownChangesOf(features: readonly FeatureEvidence[], shift: Judged['shift']): Change[] {
  const sure = features.filter(isSignificant)
  // A small batch can be surely different as a whole without any one feature being sure.
  if (sure.length === 0) return mostTelling(observe(features)).slice(0, SUSPECTED).map(changeOf)
  const categories = sure.filter((feature) => feature.kind === 'category').map(classChange)
  const named = mostTelling(observe(sure)).map(changeOf)
  const rest = [...named, ...unnamedChanges(sure, named.length === 0)]
  // Where the mix changed alone, what images of other classes look like follows from it.
  const all = shift?.kind === 'prior' ? [...categories, ...rest] : insert(categories, rest)
  return all.slice(0, TOLD)
}

/** After the first ones, but told in any case. */
function insert(categories: readonly Change[], rest: readonly Change[]): Change[] {
  const first = rest.slice(0, TOLD - categories.length)
  return [...first, ...categories]
}

/** Of each kind the first few, in their order. */
function mostTelling(observations: readonly Observation[]): Observation[] {
  const told = { seen: 0, processing: 0, abstract: 0 }
  return observations.filter(({ kind }) => told[kind]++ < TOLD_OF_KIND[kind])
}

function changeOf({ predicate, feature, column }: Observation): Change {
  const [, measure, unit] = column
  const { referenceMean, batchMean } = feature
  return {
    predicate,
    figures: `${measure} ${fromTo(referenceMean, batchMean, unit)}`.trim(),
    relative: relativeChange(referenceMean, batchMean, unit),
    extent: inShareOfImages(feature),
  }
}

function classChange(feature: CategoryEvidence): Change {
  return {
    predicate: FEATURE_GROUPS[feature.group].named,
    figures: describeShares(feature, TOLD_CLASSES),
    relative: '',
    extent: '',
  }
}

const KNOWN = new Set(SIGHTS.flatMap(({ columns }) => columns.map(([name]) => name)))

/** Features without words of their own: what a classifier says, by title; what was learned only where nothing else is told. */
function unnamedChanges(sure: readonly FeatureEvidence[], isAlone: boolean): Change[] {
  const unnamed = sure.filter(
    (feature): feature is QuantityEvidence =>
      feature.kind === 'quantity' && !KNOWN.has(feature.name),
  )
  const strongest = unnamed.toSorted((a, b) => b.kolmogorovSmirnov - a.kolmogorovSmirnov)
  const outputs = strongest.filter(({ group }) => group === 'classifier')
  const others = strongest.filter(({ group }) => group !== 'classifier')
  return [...outputs.slice(0, 1), ...others.slice(0, isAlone ? 1 : 0)].map((feature) => ({
    predicate: FEATURE_GROUPS[feature.group].named,
    figures: `${withoutExplanation(feature.title)} ${fromTo(feature.referenceMean, feature.batchMean)}`,
    relative: relativeChange(feature.referenceMean, feature.batchMean),
    extent: inShareOfImages(feature),
  }))
}

function tellShift(shift: Judged['shift']): string[] {
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
        `Can't tell a change of the mix of classes from a change of what they look like: ${tellUnclear(shift.because)}`,
      ]
    case undefined:
      return []
  }
}
