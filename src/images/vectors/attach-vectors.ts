import { stat } from 'node:fs/promises'
import { DriftError } from '../../errors.ts'
import { elementCount, type Tensor } from '../../tensor/index.ts'
import { requireSize } from '../arrays/array-source.ts'
import { streamFile, withFile } from '../arrays/byte-reader.ts'
import { readNpyHeader } from '../arrays/npy-header.ts'
import { npyRows, type StoredRows, tensorRows } from '../arrays/stored-rows.ts'
import type { ImageBatch, ImageSource } from '../image-source.ts'
import { collectVectors, type GivenVector, requireOneOutput } from './collect-vectors.ts'
import { vectorNamesOf, VECTOR_NAMES, type VectorName } from './given-vectors.ts'

/** NPY files (plain or .gz) or N×K numbers in memory; row i belongs to the i-th image, unreadable ones counted. */
export type VectorSources = { readonly [name in VectorName]?: string | Tensor | undefined }

/** Rows of each vector, one per image of a source. */
export type VectorRows = { readonly [name in VectorName]?: StoredRows }

/** The same images, with what the user's own model said of each beside it; memory doesn't grow with their number. */
export async function attachVectors(
  source: ImageSource,
  vectors: VectorSources,
): Promise<ImageSource> {
  const opened: Partial<Record<VectorName, StoredRows>> = {}
  for (const name of vectorNamesOf(vectors)) {
    const from = vectors[name]
    if (from === undefined) continue
    opened[name] = typeof from === 'string' ? await openNpy(from, name) : tensorRows(from)
  }
  return attachRows(source, opened)
}

/** `attachVectors` for rows that have been opened. */
export function attachRows(source: ImageSource, rows: VectorRows): ImageSource {
  const names = vectorNamesOf(rows)
  if (names.length === 0) return source
  requireOneOutput(names, `what is given beside ${source.location}`)
  for (const name of names) requireRows(rows[name], source.count, source)
  return { ...source, batches: (options) => readTogether(source, rows, options) }
}

async function openNpy(path: string, name: VectorName): Promise<StoredRows> {
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
  rows: VectorRows,
  options: Parameters<ImageSource['batches']>[0],
): AsyncGenerator<ImageBatch> {
  const cursors = VECTOR_NAMES.flatMap((name) => {
    const stored = rows[name]
    return stored === undefined ? [] : [{ name, stored, cursor: openCursor(stored, source) }]
  })
  const vectors = collectVectors()
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
        const row: Partial<Record<VectorName, GivenVector>> = {}
        for (const { name, stored, cursor } of cursors) {
          row[name] = { values: await cursor.row(place), where: `${stored.location}, row ${place}` }
        }
        vectors.add(row, `image ${place} of ${source.location}`)
      }
      seen += places.length
      yield { ...batch, given: { ...batch.given, ...vectors.take() } }
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

/** Throws when the images bring the same vectors, or the other kind of outputs, themselves. */
function requireOnce(
  { given = {} }: ImageBatch,
  rows: VectorRows,
  { location }: ImageSource,
): void {
  const own = vectorNamesOf(given)
  requireOneOutput([...own, ...vectorNamesOf(rows)], `${location} and beside it`)
  const twice = own.find((name) => rows[name] !== undefined)
  if (twice === undefined) return
  throw new DriftError(
    'vector.invalid',
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
    'vector.invalid',
    `expected ${images} rows, one per image of ${source.location}, got ${count} in ${location}`,
    { hint: 'Rows follow the order images are read in; unreadable images have their row too.' },
  )
}
