import { stat } from 'node:fs/promises'
import { DriftError } from '../../errors.ts'
import { elementCount, type Tensor } from '../../tensor/index.ts'
import { requireSize } from '../arrays/array-source.ts'
import { streamFile, withFile } from '../arrays/byte-reader.ts'
import { readNpyHeader } from '../arrays/npy-header.ts'
import { npyRows, type StoredRows, tensorRows } from '../arrays/stored-rows.ts'
import type { ImageBatch, ImageSource } from '../image-source.ts'
import { collectModelOutputs, type ModelOutput, requireOneOutput } from './collect-model-outputs.ts'
import { MODEL_OUTPUT_NAMES, type ModelOutputName, modelOutputNamesOf } from './model-outputs.ts'

/** NPY files (plain or .gz) or N×K numbers in memory; row i belongs to the i-th image, unreadable ones counted. */
export type ModelOutputSources = {
  readonly [name in ModelOutputName]?: string | Tensor | undefined
}

/** Rows of each model output, one per image of a source. */
export type ModelOutputRows = { readonly [name in ModelOutputName]?: StoredRows }

/** The same images, with what the user's own model said of each beside it; memory doesn't grow with their number. */
export async function attachModelOutputs(
  source: ImageSource,
  outputs: ModelOutputSources,
): Promise<ImageSource> {
  const opened: Partial<Record<ModelOutputName, StoredRows>> = {}
  for (const name of modelOutputNamesOf(outputs)) {
    const from = outputs[name]
    if (from === undefined) continue
    opened[name] = typeof from === 'string' ? await openNpy(from, name) : tensorRows(from)
  }
  return attachRows(source, opened)
}

/** `attachModelOutputs` for rows that have been opened. */
export function attachRows(source: ImageSource, rows: ModelOutputRows): ImageSource {
  const names = modelOutputNamesOf(rows)
  if (names.length === 0) return source
  requireOneOutput(names, `what is given beside ${source.location}`)
  for (const name of names) requireRows(rows[name], source.count, source)
  return { ...source, batches: (options) => readTogether(source, rows, options) }
}

async function openNpy(path: string, name: ModelOutputName): Promise<StoredRows> {
  const gzipped = /\.gz$/i.test(path)
  const file = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const message = `expected an NPY file of ${name}, got ${cause.code ?? String(cause)} at ${path}`
    throw new DriftError('source.unreadable', message, { cause })
  })
  if (!file.isFile()) {
    const message = `expected an NPY file of ${name}, got a folder or device at ${path}`
    throw new DriftError('source.unreadable', message)
  }
  const header = await withFile(path, { gzipped }, (reader) => readNpyHeader(reader, path))
  const rows = npyRows(header, path, async () => streamFile(path, { gzipped }))
  const bytes = header.dataOffset + elementCount(header.shape) * header.type.bytes
  if (!gzipped) requireSize(bytes, file.size, path)
  return rows
}

async function* readTogether(
  source: ImageSource,
  rows: ModelOutputRows,
  options: Parameters<ImageSource['batches']>[0],
): AsyncGenerator<ImageBatch> {
  const cursors = MODEL_OUTPUT_NAMES.flatMap((name) => {
    const stored = rows[name]
    return stored === undefined ? [] : [{ name, stored, cursor: openCursor(stored, source) }]
  })
  const outputs = collectModelOutputs()
  let [seen, skipped] = [0, 0]
  let counted: number | undefined
  const onCounted = (images: number): void => {
    counted = images
    options.onCounted?.(images)
  }
  const onSkip: typeof options.onSkip = (image) => {
    skipped++
    options.onSkip?.(image)
  }
  try {
    for await (const batch of source.batches({ ...options, onSkip, onCounted })) {
      requireOnce(batch, rows, source)
      const places = placesOf(batch, seen, skipped)
      for (const place of places) {
        const row: Partial<Record<ModelOutputName, ModelOutput>> = {}
        for (const { name, stored, cursor } of cursors) {
          row[name] = { values: await cursor.row(place), where: `${stored.location}, row ${place}` }
        }
        outputs.add(row, `image ${place} of ${source.location}`)
      }
      seen += places.length
      yield { ...batch, modelOutputs: { ...batch.modelOutputs, ...outputs.take() } }
    }
    for (const { stored } of cursors) requireRows(stored, counted ?? seen + skipped, source)
  } finally {
    for (const { cursor } of cursors) await cursor.close()
  }
}

/** Goes through stored rows once; each place asked for lies behind the last. */
function openCursor(stored: StoredRows, source: ImageSource) {
  const { width } = stored
  const pieces = stored.pieces()[Symbol.asyncIterator]()
  let piece: Float32Array = new Float32Array()
  let start = 0
  return {
    row: async (place: number): Promise<Float32Array> => {
      while ((place - start) * width >= piece.length) {
        const next = await pieces.next()
        if (next.done === true) throw wrongCount(stored, `at least ${place + 1}`, source)
        start += piece.length / width
        piece = next.value
      }
      return piece.subarray((place - start) * width, (place - start + 1) * width)
    },
    close: async () => pieces.return?.(),
  }
}

function placesOf({ places, records }: ImageBatch, seen: number, skipped: number): number[] {
  if (places !== undefined) return [...places]
  if (skipped === 0) return records.map((_, i) => seen + i)
  throw new TypeError('expected a source that skips images to state the places of the others')
}

/** Throws when the images bring the same outputs, or the other kind of outputs, themselves. */
function requireOnce(
  { modelOutputs = {} }: ImageBatch,
  rows: ModelOutputRows,
  { location }: ImageSource,
): void {
  const own = modelOutputNamesOf(modelOutputs)
  requireOneOutput([...own, ...modelOutputNamesOf(rows)], `${location} and beside it`)
  const twice = own.find((name) => rows[name] !== undefined)
  if (twice === undefined) return
  throw new DriftError(
    'model-outputs.invalid',
    `expected ${twice} once, got them in ${location} and in ${rows[twice]?.location}`,
    { hint: 'Leave one of the two out.' },
  )
}

function requireRows(
  stored: StoredRows | undefined,
  images: number | undefined,
  source: ImageSource,
): void {
  if (stored === undefined || images === undefined || stored.count === images) return
  throw wrongCount(stored, String(images), source)
}

function wrongCount(
  { count, location }: StoredRows,
  images: string,
  source: ImageSource,
): DriftError {
  return new DriftError(
    'model-outputs.invalid',
    `expected ${images} rows, one per image of ${source.location}, got ${count} in ${location}`,
    { hint: 'Rows follow the order images are read in; unreadable images have their row too.' },
  )
}
