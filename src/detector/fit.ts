import { throwIfCancelled } from '../errors.ts'
import { type ImageSource, mapVectors, probeShape, type SkippedImage } from '../images/index.ts'
import { type FeatureStack, type FeatureTable, tableOf } from '../representations/index.ts'
import { sliceRows, takeRows, type Tensor } from '../tensor/index.ts'
import { scoreColumn, type ToleratedTable } from './baseline.ts'
import { requireBatchSizes } from './batch-sizes.ts'
import { blockOrder, blocksOf } from './blocks.ts'
import { createDetector, type Detector } from './detector.ts'
import { type ClassifierInput, fitFeatureStack } from './fit-feature-stack.ts'
import { groupsFor, requireGroups } from './tested-groups.ts'
import type { DetectorManifest } from './manifest.ts'
import { notesOnTolerated, requireOneClassifier } from './match-vectors.ts'
import { featureGroupSchema, type FitInput, type FitSettings, parseFitOptions } from './options.ts'
import { type ReadImages, readReference } from './read-reference.ts'
import { type Clock, installedVersions, systemClock, type Versions } from './provenance.ts'
import { type Part, type Splits, splitImages } from './splits.ts'
import type { DetectorParts } from './storage.ts'
import { toleratedImages } from './tolerance.ts'
import { requirePresetSides, workingShape } from './working-shape.ts'

/** What a fit is doing; `done` and `total` count images (`total` 0 while unknown). */
export type FitProgress = {
  readonly stage: 'reading' | 'training' | 'measuring'
  readonly done: number
  readonly total: number
  readonly epoch?: number
  readonly epochs?: number
  readonly trainingLoss?: number
  readonly validationLoss?: number
}

/** Settings of a fit, and what it is told while it runs. */
export type FitOptions = FitInput & {
  /** Adds its outputs and predicted classes to the features. */
  readonly classifier?: ClassifierInput
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FitProgress) => void
  /** Called once for each reference image left out. */
  readonly onSkip?: (skipped: SkippedImage) => void
  /** Says when the fit was made; the system's clock by default. */
  readonly now?: Clock
}

const THUMBNAILS = 12
const MEASURED_AT_ONCE = 1000

/** Learns what the reference images look like. Minutes for 10,000 images of 28×28 on two cores. */
export async function fit(source: ImageSource, options: FitOptions = {}): Promise<Detector> {
  const { signal, onProgress, onSkip, classifier, now = systemClock, ...input } = options
  const settings = parseFitOptions(input)
  const watch = { ...(signal && { signal }), ...(onProgress && { onProgress }) }
  const probed = await probeShape(source, watch)
  const shape = workingShape(probed.shape, settings.workingSide)
  requirePresetSides(shape, settings.preset)
  const sampled = await readReference(source, {
    ...settings,
    ...watch,
    shape,
    // Already now: a conflict should not wait for a long reading to end.
    onRead: (done, given) => {
      if (classifier) requireOneClassifier(given, source.location)
      requireGroups(settings.features, groupsFor({ classifier, given }))
      onProgress?.({ stage: 'reading', done, total: source.count ?? 0 })
    },
  })
  const read = { ...sampled, notes: [...probed.notes, ...sampled.notes] }
  for (const skipped of read.skipped) onSkip?.(skipped)
  const blocked: BlockedImages =
    settings.blockBy === undefined ? read : gatherBlocks(read, settings.blockBy)
  const splits = splitImages(blocked, source.location)
  requireBatchSizes(settings, splits.reference.pixels.shape[0])
  const stack = await fitFeatureStack(splits.learning, settings, {
    ...(signal && { signal }),
    ...(classifier && { classifier }),
    onProgress: ({ imagesDone, imagesTotal, ...epoch }) =>
      onProgress?.({ stage: 'training', done: imagesDone, total: imagesTotal, ...epoch }),
  })
  try {
    const made = { fittedAt: now().toISOString(), versions: await installedVersions() }
    return await measureReference({ source, settings, read: blocked, splits, stack, made }, watch)
  } catch (error) {
    await stack.close()
    throw error
  }
}

type BlockedImages = ReadImages & { readonly blocks?: Uint32Array }

/** Images of a block brought together, blocks in random order. */
function gatherBlocks(read: ReadImages, blockBy: string): BlockedImages {
  const unordered = blocksOf(read.records, blockBy)
  const order = blockOrder(unordered)
  return {
    ...read,
    pixels: takeRows(read.pixels, order),
    given: mapVectors(read.given, (rows) => takeRows(rows, order)),
    records: Array.from(order, (row) => read.records[row]),
    blocks: order.map((row) => unordered[row]),
  }
}

type Fitted = {
  readonly source: ImageSource
  readonly settings: FitSettings
  readonly read: BlockedImages
  readonly splits: Splits
  readonly stack: FeatureStack
  readonly made: { readonly fittedAt: string; readonly versions: Versions }
}

type Watch = Pick<FitOptions, 'signal' | 'onProgress'>

/** Puts the held-out images through the fitted stack: the baseline every batch is compared with. */
async function measureReference(fitted: Fitted, watch: Watch): Promise<Detector> {
  const { stack, splits, settings } = fitted
  const held = splits.reference
  const reference = await measure(stack, held, watch)
  const tolerated: ToleratedTable[] = []
  for (const { title, pixels } of toleratedImages(held.pixels, settings.tolerate, settings.seed)) {
    // What the user's own model says of changed images is not known.
    const same = mapVectors(held.given ?? {}, (rows) => sliceRows(rows, 0, pixels.shape[0]))
    tolerated.push({ title, table: await measure(stack, { pixels, given: same }, watch) })
  }
  const rows = typicalRows(reference.values, scoreColumn(stack.columns), stack.columns.length)
  const blocks = fitted.read.blocks?.slice(-reference.rows)
  const thumbnails = takeRows(held.pixels, rows)
  const parts = { reference, tolerated, ...(blocks && { blocks }), stack, thumbnails }
  const detector = createDetector({ ...parts, manifest: describe(fitted, parts) })
  if (settings.batchSizes.length === 0) return detector
  const prepared = detector.prepare(settings.batchSizes)
  await detector.close()
  return prepared
}

async function measure(
  stack: FeatureStack,
  { pixels, given = {} }: Part,
  { signal, onProgress }: Watch,
): Promise<FeatureTable> {
  const rows = pixels.shape[0]
  const width = stack.columns.length
  const values = new Float32Array(rows * width)
  for (let start = 0; start < rows; start += MEASURED_AT_ONCE) {
    throwIfCancelled(signal)
    const end = Math.min(start + MEASURED_AT_ONCE, rows)
    const cut = (all: Tensor) => sliceRows(all, start, end)
    values.set(await stack.transform(cut(pixels), mapVectors(given, cut)), start * width)
    onProgress?.({ stage: 'measuring', done: end, total: rows })
  }
  return tableOf(stack.columns, values)
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i)
}

/** Rows around the median of one column. */
function typicalRows(values: Float32Array, column: number, width: number): number[] {
  const rows = values.length / width
  const order = range(0, rows).toSorted(
    (a, b) => values[a * width + column] - values[b * width + column],
  )
  const first = Math.max(0, Math.floor((rows - THUMBNAILS) / 2))
  return order.slice(first, first + THUMBNAILS)
}

function describe(
  { source, settings, read, splits, stack, made }: Fitted,
  parts: Omit<DetectorParts, 'manifest'>,
): Omit<DetectorManifest, 'id'> {
  const [training, channels, height, width] = splits.learning.training.pixels.shape as [
    number,
    number,
    number,
    number,
  ]
  const counts = {
    available: read.available,
    training,
    validation: splits.learning.validation.pixels.shape[0],
    reference: splits.reference.pixels.shape[0],
    skipped: read.skipped.length,
  }
  return {
    libraryVersion: made.versions.pixeldrift,
    ...made,
    seed: settings.seed,
    shape: [channels, height, width],
    resize: settings.resize,
    policy: settings.policy,
    features: settings.features ?? [...featureGroupSchema.options],
    ...(settings.blockBy !== undefined && { blockBy: settings.blockBy }),
    location: source.location,
    counts,
    columns: stack.columns.map(({ name, group, title }) => ({ name, group, title })),
    tolerated: parts.tolerated.map(({ title, table: { rows } }) => ({ title, rows })),
    thumbnails: parts.thumbnails.shape[0],
    notes: [
      ...read.notes,
      ...notesOn(counts),
      ...notesOnTolerated(stack.given, parts.tolerated.length),
    ],
  }
}

/** Held-out images from which on a batch of 50 keeps its false-alarm rate close to the stated one. */
const COMFORTABLE_REFERENCE = 1000
/** With fewer held-out images, batches that are small for them would be too small to see anything. */
const SMALL_REFERENCE = 400

function notesOn({ reference, skipped, available }: DetectorManifest['counts']): string[] {
  const notes: string[] = []
  if (reference < COMFORTABLE_REFERENCE) {
    const advice =
      reference < SMALL_REFERENCE
        ? 'small changes stay unseen and the false-alarm rate may be off; fit on a few thousand images'
        : `keep batches below ${Math.floor(reference / 20)} images, or fit on more`
    notes.push(`only ${reference} held-out reference images: ${advice}`)
  }
  if (skipped > 0)
    notes.push(`${skipped} of ${available + skipped} reference images could not be read`)
  return notes
}
