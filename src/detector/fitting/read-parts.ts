import { DriftError } from '../../errors.ts'
import type { ImageRecord, ImageShape, ImageSource, PixelDepth } from '../../images/index.ts'
import { type ClassifierInput, requireClassNames } from '../../representations/index.ts'
import { requireBatchSizes } from './batch-sizes.ts'
import { type BlockedImages, gatherBlocks } from './gather-blocks.ts'
import {
  createHashList,
  lengthsOf,
  pickSideInputs,
  requireModelOutputs,
  requireOneClassifier,
} from '../../measuring/index.ts'
import {
  type KnownImages,
  labelsOf,
  type OutputsTrust,
  type ReferenceLabels,
  timesIn,
} from '../../judging/index.ts'
import type { ImageLimits } from './memory-plan.ts'
import { requireTrusted, trustOf } from './model-trust.ts'
import type { FitSettings } from '../settings/options.ts'
import { type ReadImages, readReference, type ReadReferenceOptions } from './read-reference.ts'
import { removeCopies } from './remove-copies.ts'
import { requireReference, splitImages, splitLearning, type Splits } from './splits.ts'
import { groupsFor, requireGroups } from './tested-groups.ts'

/** Where the images of a fit come from, and what is to be known of them. */
export type PartsInput = {
  readonly source: ImageSource
  /** A reference of its own; without it part of the source is held out. */
  readonly reference?: ImageSource | undefined
  readonly classifier?: ClassifierInput | undefined
  readonly settings: FitSettings
  readonly shape: ImageShape
  readonly depth: PixelDepth
  readonly limits: ImageLimits
}

/** The images of a fit, read and split. */
export type FitParts = Splits & {
  /** Block of each reference row. */
  readonly blocks?: Uint32Array | undefined
  readonly known: KnownImages
  /** Of the reference rows. */
  readonly records: readonly ImageRecord[]
  /** Labels of the reference rows, where they are kept: with a model whose outputs count. */
  readonly labels?: ReferenceLabels | undefined
  /** The same, kept or not. */
  readonly heldLabels: ReferenceLabels | undefined
  readonly trust: OutputsTrust | undefined
  readonly source: SourceCounts
  /** Of a reference of its own. */
  readonly referenceSource?: SourceCounts | undefined
  /** Images that are exact copies of held-out ones, and whether they were kept out of the learning. */
  readonly copies: { readonly count: number; readonly areRemoved: boolean }
}

/** What there was in a source. */
export type SourceCounts = Pick<ReadImages, 'available' | 'leftOut' | 'skipped' | 'notes'> & {
  readonly location: string
}

type Watch = Pick<ReadReferenceOptions, 'signal' | 'onSkip'> & {
  readonly onRead?: ((done: number, total: number) => void) | undefined
}

/** Reads the images and splits them: what is learned from, and what is held out from all of that. */
export async function readParts(input: PartsInput, watch: Watch): Promise<FitParts> {
  const { source, settings } = input
  let trust: OutputsTrust | undefined
  const read = await readSource(source, input, {
    ...watch,
    maxImages: input.limits.maxImages,
    // Already now: a conflict should not wait for a long reading to end.
    onSideInputs: (sideInputs) => (trust = requireModel(input, sideInputs)),
  })
  const split = await (input.reference === undefined
    ? heldOutPart(read, source)
    : ownReference(read, { ...input, reference: input.reference }, watch))
  const { reference } = split.splits
  requireBatchSizes(settings, reference.pixels.shape[0])
  const { learning, copies, areRemoved } = removeCopies(split.splits)
  const heldLabels = labelsOf(split.records)
  return {
    learning,
    reference,
    blocks: split.blocks,
    records: split.records,
    heldLabels,
    labels: trust === undefined || trust === 'none' ? undefined : heldLabels,
    known: { learned: learnedHashes(learning), reference: reference.hashes.toSorted() },
    trust,
    source: countsOf(read, source),
    referenceSource: split.own,
    copies: { count: copies, areRemoved },
  }
}

function learnedHashes({ training, validation }: Splits['learning']): Float64Array {
  const list = createHashList(training.hashes.length + validation.hashes.length)
  list.add(training.hashes)
  list.add(validation.hashes)
  return list.sorted()
}

function requireModel(
  { source, reference, classifier, settings }: PartsInput,
  sideInputs: ReadImages['sideInputs'],
): OutputsTrust | undefined {
  if (classifier) requireOneClassifier(sideInputs, source.location)
  if (settings.classNames) requireNamed(settings.classNames, sideInputs, classifier)
  const groups = groupsFor({ classifier, sideInputs })
  requireGroups(settings.features, groups)
  const { unseenByClassifier } = settings
  const trust = trustOf({ groups, unseenByClassifier, hasReference: reference !== undefined })
  requireTrusted(settings.features, trust)
  return trust
}

/** Those of a classifier that runs here are checked as it is opened. */
function requireNamed(
  names: readonly string[],
  { probabilities, logits }: ReadImages['sideInputs'],
  classifier: ClassifierInput | undefined,
): void {
  const outputs = probabilities ?? logits
  if (outputs !== undefined) requireClassNames(names, Math.max(2, outputs.shape[1]))
  if (outputs !== undefined || classifier !== undefined) return
  throw new DriftError(
    'config.invalid',
    'expected a classifier, or its outputs beside the images, to name the classes of, got none',
  )
}

type Split = {
  readonly splits: Splits
  readonly blocks?: Uint32Array | undefined
  /** Of the reference rows. */
  readonly records: readonly ImageRecord[]
  readonly own?: SourceCounts | undefined
}

function heldOutPart(read: BlockedImages, source: ImageSource): Split {
  const splits = splitImages(read, source.location)
  const rows = splits.reference.pixels.shape[0]
  return { splits, blocks: read.blocks?.slice(-rows), records: read.records.slice(-rows) }
}

/** Images of the source are left out of the reference, unless they occur several times: those belong to the world. */
async function ownReference(
  read: BlockedImages,
  input: PartsInput & { readonly reference: ImageSource },
  watch: Watch,
): Promise<Split> {
  const learning = splitLearning(read, input.source.location)
  const needed = lengthsOf(read.sideInputs)
  const { location } = input.reference
  const own = await readSource(input.reference, input, {
    ...watch,
    maxImages: input.limits.maxReference,
    isLeftOut: (hash) => timesIn(read.allHashes, hash) === 1,
    onSideInputs: (sideInputs) => requireModelOutputs(needed, sideInputs, location),
  })
  requireReference(own.pixels.shape[0], location)
  const { pixels, hashes, blocks } = own
  const reference = { pixels, hashes, sideInputs: pickSideInputs(own.sideInputs, needed) }
  return {
    splits: { learning, reference },
    blocks,
    records: own.records,
    own: countsOf(own, input.reference),
  }
}

type SourceOptions = Watch &
  Pick<ReadReferenceOptions, 'maxImages' | 'isLeftOut'> & {
    readonly onSideInputs: (sideInputs: ReadImages['sideInputs']) => void
  }

async function readSource(
  source: ImageSource,
  { settings, shape, depth }: PartsInput,
  { onSideInputs, onRead, ...options }: SourceOptions,
): Promise<BlockedImages> {
  const read = await readReference(source, {
    ...settings,
    ...options,
    shape,
    depth,
    onRead: (done, sideInputs) => {
      onSideInputs(sideInputs)
      onRead?.(done, source.count ?? 0)
    },
  })
  return gatherBlocks(read, settings.blockBy)
}

function countsOf(
  { available, leftOut, skipped, notes }: ReadImages,
  { location }: ImageSource,
): SourceCounts {
  return { location, available, leftOut, skipped, notes }
}
