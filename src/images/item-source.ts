import { readFileSync } from 'node:fs'
import { DriftError, throwIfCancelled } from '../errors.ts'
import { tensor } from '../tensor/index.ts'
import { decodeImage, resizePixels } from './codec/decode.ts'
import type { ImageItem } from './image-item.ts'
import type {
  BatchOptions,
  ImageBatch,
  ImageRecord,
  ImageShape,
  ImageSource,
} from './image-source.ts'
import {
  badValueError,
  describeShape,
  findBadValue,
  requireChannels,
  writePixels,
  type RawPixels,
} from './raw-pixels.ts'
import { readAhead } from './read-ahead.ts'

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
  /** Starts from the first image at each call. */
  readonly items: () => AsyncIterable<ImageItem> | Iterable<ImageItem>
}

/** Encoded and decoded bytes waiting in front of the consumer stay near this. */
const HELD_BYTES = 64 * 1024 * 1024
const LARGEST_WINDOW = 512
/** Images keep their own size when no shape is asked for, so fewer are decoded ahead. */
const WINDOW_WITHOUT_SHAPE = 16

/** Decodes, converts, resizes, checks and batches what a source yields. */
export function itemSource(definition: SourceDefinition): ImageSource {
  const { kind, location, count } = definition
  return {
    kind,
    location,
    ...(count === undefined ? {} : { count }),
    batches: (options) => readBatches(definition, options),
  }
}

type Prepared = { readonly record: ImageRecord; readonly bytes: number } & (
  | { readonly pixels: RawPixels }
  /** `fatal`: the whole source is on another scale, so skipping image by image would lose it all. */
  | { readonly error: DriftError; readonly fatal?: boolean }
)

async function* readBatches(
  definition: SourceDefinition,
  options: BatchOptions,
): AsyncGenerator<ImageBatch> {
  const { batchSize = 256, signal } = options
  requireBatchSize(batchSize)
  throwIfCancelled(signal)
  if (definition.shape && options.shape) {
    requireChannels(definition.shape.channels, options.shape.channels, definition.location)
  }
  let shape = options.shape
  let batch: OpenBatch | undefined
  let seen = 0
  for await (const prepared of prepareAll(definition, options)) {
    throwIfCancelled(signal)
    seen++
    const failure = 'error' in prepared ? prepared.error : mismatch(prepared, shape)
    if (failure) {
      if ('fatal' in prepared && prepared.fatal) throw failure
      skip(prepared.record, failure, options)
      continue
    }
    if (!('pixels' in prepared)) continue
    shape ??= prepared.pixels.shape
    batch ??= openBatch(shape, batchSize)
    batch.add(prepared.record, prepared.pixels)
    if (batch.isFull()) {
      yield batch.close()
      batch = undefined
    }
  }
  if (seen === 0) throw emptySource(definition)
  if (batch) yield batch.close()
}

function prepareAll(definition: SourceDefinition, options: BatchOptions): AsyncGenerator<Prepared> {
  const { shape, batchSize = 256 } = options
  let held = 0
  const largest = shape ? LARGEST_WINDOW : WINDOW_WITHOUT_SHAPE
  const start = (item: ImageItem): Prepared | Promise<Prepared> => {
    const loaded = load(item)
    if (!('encoded' in loaded) && !needsResize(loaded, shape)) return settle(loaded)
    const before = 'encoded' in loaded ? loaded.encoded.byteLength : 0
    held += before
    return prepare(loaded, definition, options).then((prepared) => {
      held += prepared.bytes - before
      return prepared
    })
  }
  const items = definition.idsMayRepeat ? uniqueItems(definition) : definition.items()
  return readAhead(items, start, {
    window: Math.min(batchSize, largest),
    isFull: () => held >= HELD_BYTES,
    onTaken: (prepared) => {
      held -= prepared.bytes
    },
  })
}

/** A file's bytes are read at once, not in the background: started decodes then need this thread no more. */
function load(item: ImageItem): Exclude<ImageItem, { file: string }> {
  if (!('file' in item)) return item
  const { record, file } = item
  try {
    return { record, encoded: readFileSync(file) }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    const message = `expected a readable file, got ${reason} for ${file}`
    return { record, error: new DriftError('source.unreadable', message, { cause: error }) }
  }
}

function needsResize(
  item: Exclude<ImageItem, { file: string }>,
  shape: ImageShape | undefined,
): boolean {
  if (!shape || !('pixels' in item)) return false
  const { height, width } = item.pixels.shape
  return height !== shape.height || width !== shape.width
}

function settle(item: Exclude<ImageItem, { file: string } | { encoded: Uint8Array }>): Prepared {
  if ('error' in item) return { ...item, bytes: 0 }
  const { data } = item.pixels
  const bad = data instanceof Float32Array ? findBadValue(data) : undefined
  if (bad === undefined) return { ...item, bytes: 0 }
  const error = badValueError(bad, item.record.id)
  return { record: item.record, bytes: 0, error, fatal: Number.isFinite(bad) }
}

async function prepare(
  item: Exclude<ImageItem, { file: string }>,
  definition: SourceDefinition,
  { shape, resize }: BatchOptions,
): Promise<Prepared> {
  const { record } = item
  try {
    if ('encoded' in item) {
      const { pixelLimit } = definition
      const pixels = await decodeImage(item.encoded, record.id, { shape, resize, pixelLimit })
      return { record, pixels, bytes: pixels.data.byteLength }
    }
    const checked = settle(item)
    if ('error' in checked || !shape) return checked
    const pixels = await resizePixels(checked.pixels, shape, resize)
    return { record, pixels, bytes: pixels.data.byteLength }
  } catch (error) {
    return { record, bytes: 0, error: asDriftError(error) }
  }
}

async function* uniqueItems(definition: SourceDefinition): AsyncGenerator<ImageItem> {
  const places = new Map<string, number>()
  let place = 0
  for await (const item of definition.items()) {
    place++
    const earlier = places.get(item.record.id)
    if (earlier !== undefined) {
      throw new DriftError(
        'source.duplicate-id',
        `expected unique ids, got "${item.record.id}" for image ${earlier} and image ${place} of ${definition.location}`,
        { hint: 'Give every image its own id; scores and ground truth are joined by it.' },
      )
    }
    places.set(item.record.id, place)
    yield item
  }
}

function mismatch(prepared: Prepared, shape: ImageShape | undefined): DriftError | undefined {
  if (!shape || !('pixels' in prepared)) return undefined
  const got = prepared.pixels.shape
  if (got.height !== shape.height || got.width !== shape.width) {
    return new DriftError(
      'image.shape',
      `expected ${describeShape(shape)} like the first image, got ${describeShape(got)} in ${prepared.record.id}`,
      { hint: 'Ask for a shape, so that images of other sizes are resized.' },
    )
  }
  try {
    requireChannels(got.channels, shape.channels, prepared.record.id)
    return undefined
  } catch (error) {
    return asDriftError(error)
  }
}

function skip(record: ImageRecord, error: DriftError, options: BatchOptions): void {
  if (options.strict === true) throw error
  options.onSkip?.({ id: record.id, code: error.code, message: error.message })
}

type OpenBatch = {
  add(record: ImageRecord, pixels: RawPixels): void
  isFull(): boolean
  close(): ImageBatch
}

function openBatch(shape: ImageShape, batchSize: number): OpenBatch {
  const { channels, height, width } = shape
  const rowSize = channels * height * width
  const records: ImageRecord[] = []
  const data = new Float32Array(batchSize * rowSize)
  return {
    add(record, pixels) {
      const at = records.length * rowSize
      writePixels(pixels, channels, data.subarray(at, at + rowSize))
      records.push(record)
    },
    isFull: () => records.length === batchSize,
    close() {
      const used = records.length * rowSize
      const values = used === data.length ? data : data.slice(0, used)
      return { pixels: tensor([records.length, channels, height, width], values), records }
    },
  }
}

function requireBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return
  throw new RangeError(`expected a positive whole batchSize, got ${batchSize}`)
}

function emptySource({ kind, location }: SourceDefinition): DriftError {
  return new DriftError('source.empty', `expected images, found none in ${location} (${kind})`, {
    hint: 'PNG, JPEG, WebP, TIFF, GIF and AVIF files are looked for by their extension.',
  })
}

function asDriftError(error: unknown): DriftError {
  if (error instanceof DriftError) return error
  throw error
}
