import { DriftError } from '../errors.ts'
import { FILE_COLUMNS } from '../file-properties.ts'
import type { DecodeOptions } from './codec/decode-at-once.ts'
import type { ImageItem } from './image-item.ts'
import type { ImageShape } from './image-source.ts'
import { type PreparedGroup, SEVERAL } from './prepare-group.ts'
import type { PreparedItem } from './prepare-item.ts'
import { type RawPixels, shapeError, writePixels } from './raw-pixels.ts'

/** What pictures are brought to where their shape is known. */
export type ShapedForm = DecodeOptions & { readonly shape: ImageShape }

/** Items for one thread, in lists of their parts: to send an object for each costs as much as to read a small file. */
export type DecodeRequest = {
  readonly form: ShapedForm
  readonly ids: readonly string[]
  /** Of each item the path of its file, or how many of `bytes`, one after the other, are its own. */
  readonly files: readonly (string | Uint8Array | number)[]
  /** Numbers of the items that count as one picture, whatever is in them. */
  readonly single: readonly number[]
  readonly bytes: ArrayBuffer
}

/** What became of a request's items; those that are in none of the lists were read. */
export type DecodeAnswer = {
  /** By the item's number. */
  readonly errors: readonly (readonly [item: number, error: SentError])[]
  readonly cameras: readonly (readonly [item: number, camera: string])[]
  /** Items that hold several pictures, which are not read. */
  readonly several: readonly number[]
  /** Of each item that was read a row of `FILE_COLUMNS` numbers, and one of its pixels as batches hold them. */
  readonly files: Float32Array<ArrayBuffer>
  readonly rows: Float32Array<ArrayBuffer>
  /** How many bytes the files had. */
  readonly read: number
}

type SentError = {
  readonly code: DriftError['code']
  readonly message: string
  readonly hint?: string | undefined
}

/** True for what a thread can be sent; what can't be read is no work for one, and a file is not sent once for each page. */
export function isSendable(item: ImageItem): boolean {
  return 'file' in item || ('encoded' in item && item.page === undefined)
}

/** Items as a thread gets them, their bytes in memory of their own that can go with the request. */
export function packItems(items: readonly ImageItem[], form: ShapedForm): DecodeRequest {
  const bytes = new Uint8Array(items.reduce((sum, item) => sum + encodedBytes(item), 0))
  const single: number[] = []
  let start = 0
  const files = items.map((item, i) => {
    if ('file' in item) return item.file
    if (!('encoded' in item)) throw new TypeError(`expected a file or its bytes: ${item.record.id}`)
    if (item.isSingle === true) single.push(i)
    bytes.set(item.encoded, start)
    start += item.encoded.byteLength
    return item.encoded.byteLength
  })
  return { form, ids: items.map(({ record }) => record.id), files, single, bytes: bytes.buffer }
}

const encodedBytes = (item: ImageItem): number => ('encoded' in item ? item.encoded.byteLength : 0)

/** The items of a request, in the thread. */
export function unpackItems({ ids, files, single, bytes }: DecodeRequest): ImageItem[] {
  let start = 0
  const items = ids.map((id, i): ImageItem => {
    const [record, file] = [{ id }, files[i]]
    if (typeof file === 'string') return { record, file }
    if (typeof file !== 'number') return { record, file: Buffer.from(file) }
    const encoded = new Uint8Array(bytes, start, file)
    start += file
    return { record, encoded }
  })
  for (const i of single) items[i] = Object.assign(items[i], { isSingle: true as const })
  return items
}

/** What a thread found, its pictures as rows of a batch of this shape. */
export function packPictures({ prepared, read }: PreparedGroup, shape: ImageShape): DecodeAnswer {
  const { channels, height, width } = shape
  const [columns, size] = [FILE_COLUMNS.length, channels * height * width]
  const outcomes = prepared.map((one) => (one === SEVERAL ? one : asRow(one, shape)))
  const pictures = outcomes.filter((one) => one !== SEVERAL && 'pixels' in one)
  const files = new Float32Array(pictures.length * columns)
  const rows = new Float32Array(pictures.length * size)
  pictures.forEach(({ pixels, file }, row) => {
    writePixels(pixels, channels, rows.subarray(row * size, (row + 1) * size))
    files.set(file.row, row * columns)
  })
  const cameras: [number, string][] = []
  const errors: [number, SentError][] = []
  const several: number[] = []
  for (const [i, one] of outcomes.entries()) {
    if (one === SEVERAL) several.push(i)
    else if ('error' in one) {
      const { code, message, hint } = one.error
      errors.push([i, { code, message, hint }])
    } else if (one.file.camera !== undefined) cameras.push([i, one.file.camera])
  }
  return { errors, cameras, several, files, rows, read }
}

/** Pixels that can be such a row, or why there are none. */
function asRow(
  prepared: PreparedItem,
  shape: ImageShape,
): Extract<PreparedItem, { pixels: RawPixels }> | { readonly error: DriftError } {
  if ('error' in prepared) return prepared
  if ('row' in prepared) throw new TypeError('expected pixels, got a row of a batch')
  const error = shapeError(prepared.pixels.shape, shape, prepared.record.id)
  return error === undefined ? prepared : { error }
}

/** What a thread found of `items`, with the records that stayed here. */
export function unpackPictures(
  answer: DecodeAnswer,
  items: readonly ImageItem[],
  shape: ImageShape,
): PreparedGroup {
  const { files, rows, read } = answer
  const [cameras, errors] = [new Map(answer.cameras), new Map(answer.errors)]
  const several = new Set(answer.several)
  const columns = FILE_COLUMNS.length
  const size = shape.channels * shape.height * shape.width
  let next = 0
  const prepared = items.map(({ record, modelOutputs }, i): PreparedItem | typeof SEVERAL => {
    if (several.has(i)) return SEVERAL
    const failed = errors.get(i)
    if (failed !== undefined) {
      const { code, message, hint } = failed
      const error = new DriftError(code, message, { hint })
      return { record, modelOutputs, bytes: 0, error }
    }
    const row = rows.subarray(next * size, (next + 1) * size)
    const numbers = files.subarray(next * columns, (next + 1) * columns)
    next++
    const file = { row: numbers, camera: cameras.get(i) }
    return { record, modelOutputs, bytes: row.byteLength, row, shape, file }
  })
  return { prepared, read }
}
