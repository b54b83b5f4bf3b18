import { DriftError } from '../../errors.ts'
import type { StoredBytes } from '../../storage/index.ts'
import { readAxes } from '../arrays/array-layout.ts'
import { arraySource } from '../arrays/array-source.ts'
import { readBytes, type ByteReader } from '../arrays/byte-reader.ts'
import { isNumberType, readNpyHeader, type NpyHeader } from '../arrays/npy-header.ts'
import type { NumberType } from '../arrays/number-type.ts'
import { npyRows } from '../arrays/stored-rows.ts'
import { readColumn } from '../arrays/text-column.ts'
import type { ImageRecord } from '../image-source.ts'
import { findFields, readRecord } from '../record-fields.ts'
import type { OpenOptions, SourceFormat } from '../source-format.ts'
import { attachRows, type ModelOutputRows } from '../model-outputs/attach-model-outputs.ts'
import { findModelOutputs, type ModelOutputColumns } from '../model-outputs/output-columns.ts'
import { readZip, streamZipEntry } from '../zip-file.ts'

/**
 * NumPy arrays in a zip: the images, one-axis arrays beside them as labels, ids, times, attributes, and the outputs of
 * the user's own model.
 */
export const npzFormat: SourceFormat = {
  kind: 'npz',
  title: 'NumPy .npz arrays',
  accepts: ['column', 'layout'],
  recognises: ({ head, path }) =>
    Buffer.from(head.subarray(0, 2)).toString('latin1') === 'PK' && /\.npz$/i.test(path),
  open: async ({ path, bytes }, options) => {
    const { headers, unread } = await readHeaders(bytes)
    const { name, header } = chooseImages({ headers, unread }, path, options)
    const location = `${path}, array ${name}`
    const axes = readAxes(header.shape, location, options.layout)
    const { record, hasIds } = await readRecords(bytes, headers, { name, count: axes.count })
    const images = arraySource({
      kind: 'npz',
      location,
      axes,
      type: header.type,
      fortranOrder: header.fortranOrder,
      dataOffset: header.dataOffset,
      open: async () => streamZipEntry(bytes, `${name}.npy`),
      record,
      idsMayRepeat: hasIds,
      notes: [...unread].map(
        ([other, { message }]) => `the array ${other} beside the images is left out: ${message}`,
      ),
    })
    return attachRows(images, openModelOutputs(bytes, headers, name))
  },
}

type Headers = ReadonlyMap<string, NpyHeader>

/** The arrays of an archive, and why others can't be read. */
type Arrays = { readonly headers: Headers; readonly unread: ReadonlyMap<string, DriftError> }
type ImageHeader = NpyHeader & { readonly type: NumberType }

const IMAGE_NAMES = new Set(['images', 'image', 'pixels', 'x', 'data', 'arr_0'])

async function readHeaders(bytes: StoredBytes): Promise<Arrays> {
  const { location: path } = bytes
  const headers = new Map<string, NpyHeader>()
  const unread = new Map<string, DriftError>()
  for await (const entry of readZip(bytes)) {
    if (!entry.name.endsWith('.npy')) continue
    const name = entry.name.slice(0, -'.npy'.length)
    const reader = readBytes(await entry.stream(), path)
    try {
      headers.set(name, await readNpyHeader(reader, `${path}, array ${name}`))
    } catch (error) {
      // Labels nobody asked for must not keep the images from being read.
      if (!(error instanceof DriftError)) throw error
      unread.set(name, error)
    } finally {
      await reader.close()
    }
  }
  return { headers, unread }
}

function chooseImages(
  { headers, unread }: Arrays,
  path: string,
  { column }: OpenOptions,
): { name: string; header: ImageHeader } {
  const candidates = [...headers].filter(
    (entry): entry is [string, ImageHeader] =>
      isNumberType(entry[1].type) && entry[1].shape.length >= 3,
  )
  const named = candidates.filter(([name]) => IMAGE_NAMES.has(name.toLowerCase()))
  const chosen =
    column === undefined
      ? [candidates, named].find((list) => list.length === 1)?.[0]
      : candidates.find(([name]) => name === column)
  if (chosen) return { name: chosen[0], header: chosen[1] }
  const [broken] = column === undefined ? unread.values() : [unread.get(column)]
  if (broken !== undefined && candidates.length === 0) throw broken
  const found = [...headers].map(([name, { shape }]) => `${name} (${shape.join('×')})`).join(', ')
  const expected =
    column === undefined ? 'one array of images' : `an array of images named "${column}"`
  throw new DriftError(
    'source.unreadable',
    `expected ${expected}, got ${found || 'no arrays'} in ${path}`,
    { hint: 'Name the array that holds the images: --column, or the option column.' },
  )
}

async function readRecords(
  bytes: StoredBytes,
  headers: Headers,
  { name, count }: { name: string; count: number },
): Promise<{ record: (row: number) => ImageRecord; hasIds: boolean }> {
  const { location: path } = bytes
  const ending = endingOf(name)
  const outputs = Object.values(outputArrays(headers, name))
  const beside = [...headers].filter(
    ([other, { shape }]) =>
      shape.length === 1 &&
      shape[0] === count &&
      other.toLowerCase().endsWith(ending) &&
      !outputs.includes(other),
  )
  const columns = new Map<string, string[]>()
  for (const [other] of beside) {
    const location = `${path}, array ${other}`
    const reader: ByteReader = readBytes(await streamZipEntry(bytes, `${other}.npy`), location)
    try {
      const header = await readNpyHeader(reader, location)
      columns.set(other, await readColumn(reader, header, { location, count }))
    } finally {
      await reader.close()
    }
  }
  const fields = findFields([...columns.keys()], ending)
  const record = (row: number): ImageRecord =>
    readRecord(fields, (column) => columns.get(column)?.[row], {
      fallbackId: String(row),
      where: `${path}, row ${row}`,
    })
  return { record, hasIds: fields.id !== undefined }
}

/** Keras' mnist.npz: x_test goes with y_test, x_train with y_train. */
function endingOf(name: string): string {
  return /_(?:train|test|val|valid)$/i.exec(name)?.[0].toLowerCase() ?? ''
}

/** Arrays named as a model output, with the ending of the images' name or, failing that, with none. */
function outputArrays(headers: Headers, images: string): ModelOutputColumns {
  const names = [...headers.keys()]
  return { ...findModelOutputs(names), ...findModelOutputs(names, endingOf(images)) }
}

function openModelOutputs(bytes: StoredBytes, headers: Headers, images: string): ModelOutputRows {
  const rows = Object.entries(outputArrays(headers, images)).flatMap(([output, name]) => {
    const header = headers.get(name)
    if (header === undefined) return []
    const open = async () => streamZipEntry(bytes, `${name}.npy`)
    return [[output, npyRows(header, `${bytes.location}, array ${name}`, open)] as const]
  })
  return Object.fromEntries(rows)
}
