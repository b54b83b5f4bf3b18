import { DriftError, throwIfCancelled } from '../errors.ts'
import type { ImageItem } from './image-item.ts'
import type {
  BatchOptions,
  ImageBatch,
  ImageShape,
  ImageSource,
  PictureFile,
} from './image-source.ts'
import { orderByTime } from './order-by-time.ts'
import { openBatch, type OpenBatch, type ReadImage, shapeOf } from './open-batch.ts'
import { loadItem, type Placed, type PreparedItem } from './prepare-item.ts'
import { prepareItems, prepareOnThreads } from './prepare-items.ts'
import { channelError, channelsConvert, shapeError } from './raw-pixels.ts'
import { sampleItems } from './sample-images.ts'
import { collectModelOutputs } from './model-outputs/collect-model-outputs.ts'
import { type ModelOutputs, modelOutputNamesOf } from './model-outputs/model-outputs.ts'

/** Says something about a source as a whole. */
export type TellNote = (text: string) => void

/** What a source has to say; `itemSource` does the rest. */
export type SourceDefinition = {
  readonly kind: string
  readonly location: string
  readonly count?: number | undefined
  /** Stated when every image has this shape. */
  readonly shape?: ImageShape | undefined
  /** False when ids cannot repeat by construction; otherwise a repeated id is an error. */
  readonly idsMayRepeat: boolean
  readonly pixelLimit?: number | undefined
  /** Read by time instead of as they stand; only where items hold no pixels. */
  readonly order?: 'time' | undefined
  /** What to do where there turns out to be no image. */
  readonly hintIfEmpty?: string
  /** Starts from the first image at each call; `note` tells the caller what is odd about the source. */
  readonly items: (
    note: TellNote,
    isChosen: IsChosen,
  ) => AsyncIterable<ImageItem> | Iterable<ImageItem>
}

/** Whether the image of this number is wanted; a source may leave others unread, but yields something for each. */
type IsChosen = (place: number) => boolean

/** Images per batch unless the caller says otherwise. */
export const DEFAULT_BATCH_SIZE = 256

const LARGEST_WINDOW = 512
/** Images keep their own size when no shape is asked for, so fewer are decoded ahead. */
const WINDOW_WITHOUT_SHAPE = 16
/** Decodes, converts, resizes, checks and batches what a source yields. */
export function itemSource(definition: SourceDefinition): ImageSource {
  const { kind, location, count } = definition
  return {
    kind,
    location,
    count,
    isNamed: definition.idsMayRepeat,
    batches: (options) => readBatches(definition, options),
    // Pixels of arrays are no files.
    ...(definition.shape === undefined && { files: (options) => readFiles(definition, options) }),
    sample: (most, options) =>
      sampleItems((isChosen) => definition.items(() => {}, isChosen), most, {
        ...options,
        pixelLimit: definition.pixelLimit,
      }),
  }
}

async function* readFiles(
  definition: SourceDefinition,
  { signal }: Pick<BatchOptions, 'signal'>,
): AsyncGenerator<PictureFile> {
  const standing = definition.items(
    () => {},
    () => true,
  )
  const items = definition.order === 'time' ? orderByTime(standing, () => {}) : standing
  for await (const item of items) {
    throwIfCancelled(signal)
    const loaded = loadItem(item)
    const { record, modelOutputs } = loaded
    if ('encoded' in loaded) yield { record, modelOutputs, bytes: loaded.encoded }
    else if ('error' in loaded) yield { record, error: loaded.error }
  }
}

async function* readBatches(
  definition: SourceDefinition,
  options: BatchOptions,
): AsyncGenerator<ImageBatch> {
  const { batchSize = DEFAULT_BATCH_SIZE, signal } = options
  requireBatchSize(batchSize)
  throwIfCancelled(signal)
  if (definition.shape && options.shape) {
    const [from, to] = [definition.shape.channels, options.shape.channels]
    if (!channelsConvert(from, to)) throw channelError(from, to, definition.location)
  }
  let shape = options.shape
  let batch: OpenBatch | undefined
  const outputs = collectModelOutputs()
  const close = (full: OpenBatch): ImageBatch =>
    withModelOutputs({ ...full.close(), number: block }, outputs.take())
  let seen = 0
  let block = 0
  for await (const group of prepareAll(definition, options, () => void seen++)) {
    for (const prepared of group) {
      throwIfCancelled(signal)
      const { place } = prepared
      // By places, so that images are read together with the same others whatever is passed over.
      if (batch && Math.floor(place / batchSize) > block) {
        yield close(batch)
        batch = undefined
      }
      block = Math.floor(place / batchSize)
      const failure = 'error' in prepared ? prepared.error : mismatch(prepared, shape)
      if (failure) {
        if ('fatal' in prepared && prepared.fatal) throw failure
        skip(prepared, failure, options)
        continue
      }
      if ('error' in prepared) continue
      shape ??= shapeOf(prepared)
      batch ??= openBatch(shape, batchSize)
      outputs.add(
        prepared.modelOutputs ?? {},
        `image ${prepared.record.id} of ${definition.location}`,
      )
      batch.add(prepared)
      if (place % batchSize === batchSize - 1) {
        yield close(batch)
        batch = undefined
      }
    }
  }
  if (seen === 0) throw emptySource(definition)
  if (batch) yield close(batch)
  options.onCounted?.(seen)
}

function withModelOutputs(batch: ImageBatch, modelOutputs: ModelOutputs): ImageBatch {
  return modelOutputNamesOf(modelOutputs).length === 0 ? batch : { ...batch, modelOutputs }
}

function prepareAll(
  definition: SourceDefinition,
  options: BatchOptions,
  onItem: () => void,
): AsyncGenerator<readonly Placed<PreparedItem>[]> {
  const { shape, batchSize = DEFAULT_BATCH_SIZE, isChosen: isBatchChosen } = options
  const isChosen =
    isBatchChosen && ((place: number): boolean => isBatchChosen(Math.floor(place / batchSize)))
  const note: TellNote = (text) => options.onNote?.(text)
  const standing = definition.items(note, isChosen ?? (() => true))
  const all = definition.order === 'time' ? orderByTime(standing, note) : standing
  const items = definition.idsMayRepeat ? uniqueItems(all, definition) : all
  const largest = shape ? LARGEST_WINDOW : WINDOW_WITHOUT_SHAPE
  const { resize, depth } = options
  const { pixelLimit, count } = definition
  const form = { shape, resize, depth, pixelLimit }
  const preparing = { form, window: Math.min(batchSize, largest), onItem, isChosen }
  // Numbers of arrays need no decoding.
  if (definition.shape !== undefined || shape === undefined) return prepareItems(items, preparing)
  const { threads } = options
  return prepareOnThreads(items, {
    ...preparing,
    form: { ...form, shape },
    threads,
    count,
    batchSize,
  })
}

async function* uniqueItems(
  items: AsyncIterable<ImageItem> | Iterable<ImageItem>,
  { location }: SourceDefinition,
): AsyncGenerator<ImageItem> {
  const places = new Map<string, number>()
  let place = 0
  for await (const item of items) {
    place++
    const earlier = places.get(item.record.id)
    if (earlier !== undefined) {
      throw new DriftError(
        'source.duplicate-id',
        `expected unique ids, got "${item.record.id}" for image ${earlier} and image ${place} of ${location}`,
        { hint: 'Give every image its own id; scores and ground truth are joined by it.' },
      )
    }
    places.set(item.record.id, place)
    yield item
  }
}

function mismatch(image: ReadImage, shape: ImageShape | undefined): DriftError | undefined {
  return shape && shapeError(shapeOf(image), shape, image.record.id)
}

function skip(
  { record, place }: Placed<PreparedItem>,
  error: DriftError,
  options: BatchOptions,
): void {
  if (options.strict === true) throw error
  options.onSkip?.({ id: record.id, code: error.code, message: error.message, place })
}

function requireBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return
  throw new RangeError(`expected a positive whole batchSize, got ${batchSize}`)
}

function emptySource({ kind, location, hintIfEmpty }: SourceDefinition): DriftError {
  const message = `expected images, found none in ${location} (${kind})`
  return new DriftError('source.empty', message, { hint: hintIfEmpty })
}
