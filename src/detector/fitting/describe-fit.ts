import type { ProbedShape } from '../../images/index.ts'
import { type FeatureTable, nameColumns } from '../../representations/index.ts'
import {
  classOutputs,
  largestBatch,
  MOST_REFERENCE,
  namesFromLabels,
  undrawn,
} from '../../judging/index.ts'
import type { Unidentified } from '../artifact/identity.ts'
import type { DetectorManifest } from '../artifact/manifest.ts'
import { cameAsFiles, withoutAbsentFiles } from './look-at-files.ts'
import type { ImageLimits } from './memory-plan.ts'
import { type Agreement, agreementOf, isSignOfMemory } from './memory-sign.ts'
import { notesOnTrust, trustedGroups } from './model-trust.ts'
import { featureGroupSchema, type FitNote, type Versions } from '../../verdict/index.ts'
import type { FitSettings } from '../settings/options.ts'
import type { FitParts, SourceCounts } from './read-parts.ts'
import type { DetectorParts } from '../artifact/storage.ts'
import { describeTolerance, notesOnTolerance } from './tolerance/describe-tolerance.ts'

type Fitted = {
  readonly parts: FitParts
  readonly settings: FitSettings
  readonly limits: ImageLimits
  readonly made: { readonly fittedAt: string; readonly versions: Versions }
  /** What was found of the source before it was read. */
  readonly probed: ProbedShape
}

/** What a new detector says about itself. */
export function describeFit(
  { parts, settings, limits, made, probed }: Fitted,
  stored: Omit<DetectorParts, 'manifest'>,
): Unidentified {
  const { learning, trust, source, referenceSource } = parts
  const { extractor, tolerance, thumbnails } = stored
  const classNames = classNamesOf(parts, settings, stored)
  const [training, channels, height, width] = learning.training.pixels.shape as Shape
  const { copies } = parts
  const counts = {
    available: source.available,
    training,
    validation: learning.validation.pixels.shape[0],
    reference: parts.reference.pixels.shape[0],
    skipped: source.skipped.total,
    copies: copies.count > 0 && copies.areRemoved ? copies.count : undefined,
  }
  const described = {
    counts,
    referenceSource: referenceSource && withoutDetails(referenceSource),
  }
  return {
    libraryVersion: made.versions.pixeldrift,
    ...made,
    seed: settings.seed,
    shape: [channels, height, width],
    resize: settings.resize,
    depth: probed.depth,
    policy: settings.policy,
    features: testedOf(settings, trust, extractor.columns),
    toleratedFiles: settings.tolerateFiles.length > 0 ? settings.tolerateFiles : undefined,
    readFrom: cameAsFiles(parts) ? 'files' : 'arrays',
    outputsTrust: trust,
    blockBy: settings.blockBy,
    location: source.location,
    ...described,
    columns: nameColumns(extractor.columns, classNames).map(({ name, group, title }) => ({
      name,
      group,
      title,
    })),
    classNames: classNames && [...classNames],
    labels: parts.labels && [...parts.labels.names],
    tolerated: [],
    tolerance: tolerance && describeTolerance(tolerance, settings.tolerate, extractor.columns),
    thumbnails: thumbnails.shape[0],
    notes: [
      ...notesOnTrust(trust, signOf(parts, stored)),
      ...[...probed.notes, ...source.notes, ...(referenceSource?.notes ?? [])].map(noteOfSource),
      ...notesOnSize(described),
      ...notesOnCaps(described, { ...limits, isAsked: settings.maxImages !== undefined }),
      ...notesOnCopies(parts),
      ...notesOnReading(described),
      ...notesOnTolerance(tolerance, extractor),
    ],
  }
}

function testedOf(
  { features = featureGroupSchema.options }: FitSettings,
  trust: FitParts['trust'],
  columns: FeatureTable['columns'],
): DetectorManifest['features'] {
  return withoutAbsentFiles(trustedGroups(features, trust), columns)
}

/** As given, as the model says, or as the labels that go with each class are called. */
function classNamesOf(
  { labels }: FitParts,
  { classNames }: FitSettings,
  { extractor, reference }: Omit<DetectorParts, 'manifest'>,
): readonly string[] | undefined {
  const known = classNames ?? extractor.classNames
  if (known !== undefined || labels === undefined) return known
  const outputs = classOutputs(reference.columns, reference.values)
  return outputs === null
    ? undefined
    : namesFromLabels(outputs.predicted, labels, extractor.classCount)
}

/** How well the classifier agrees with the labels of the held-out images, where that is suspicious. */
function signOf(
  { heldLabels }: FitParts,
  { reference }: Omit<DetectorParts, 'manifest'>,
): Agreement | undefined {
  const outputs = classOutputs(reference.columns, reference.values)
  if (heldLabels === undefined || outputs === null) return undefined
  const agreement = agreementOf(outputs.predicted, heldLabels)
  return isSignOfMemory(agreement) ? agreement : undefined
}

function withoutDetails({ location, available, leftOut, skipped }: SourceCounts) {
  return { location, available, leftOut, skipped: skipped.total }
}

type Shape = [count: number, channels: number, height: number, width: number]
type Described = Pick<DetectorManifest, 'counts' | 'referenceSource'>

/** Held-out images from which on a batch of 50 keeps its false-alarm rate close to the stated one. */
const COMFORTABLE_REFERENCE = 1000
/** With fewer held-out images, batches that are small for them would be too small to see anything. */
const SMALL_REFERENCE = 400

/** What is to be said of a reference that took another's place. */
export function notesOnReference(described: Described): FitNote[] {
  return [...notesOnSize(described), ...notesOnReading(described)]
}

/** What a source says of itself. */
export function noteOfSource(text: string): FitNote {
  return { code: 'text', text }
}

function notesOnSize(fitted: Described): FitNote[] {
  const { reference } = fitted.counts
  if (reference >= COMFORTABLE_REFERENCE) return []
  const wasCapped = fitted.referenceSource === undefined && undrawn(fitted) > 0
  return [
    {
      code: 'few-reference',
      reference,
      largest: largestBatch(reference),
      rateMayBeOff: reference < SMALL_REFERENCE,
      more: wasCapped ? 'max-images' : 'images',
    },
  ]
}

/** What was given and not used, or not used for what one would think. */
function notesOnCaps(
  fitted: Described,
  { maxReference, isAsked }: ImageLimits & { readonly isAsked: boolean },
): FitNote[] {
  const { counts, referenceSource } = fitted
  const { available, reference } = counts
  const unused = undrawn(fitted)
  const notes: FitNote[] = []
  if (unused > 0) notes.push({ code: 'not-used', unused, available, isAsked })
  if (referenceSource === undefined) {
    if (reference === MOST_REFERENCE) notes.push({ code: 'most-held-out', reference })
  } else if (reference === maxReference) {
    notes.push({
      code: 'reference-drawn',
      drawn: maxReference,
      available: referenceSource.available,
    })
  }
  return notes
}

function notesOnCopies({ copies, referenceSource }: FitParts): FitNote[] {
  const notes: FitNote[] = []
  if (referenceSource !== undefined && referenceSource.leftOut > 0) {
    notes.push({ code: 'left-out', images: referenceSource.leftOut })
  }
  if (copies.count > 0) {
    notes.push({ code: 'copies', images: copies.count, areLearned: !copies.areRemoved })
  }
  return notes
}

function notesOnReading({ counts, referenceSource }: Described): FitNote[] {
  const sources = [
    { ...counts, from: referenceSource === undefined ? 'reference' : 'learning' } as const,
    ...(referenceSource === undefined ? [] : [{ ...referenceSource, from: 'reference' } as const]),
  ]
  return sources
    .filter(({ skipped }) => skipped > 0)
    .map(({ available, skipped, from }) => ({
      code: 'unreadable',
      images: skipped,
      of: available + skipped,
      from,
    }))
}
