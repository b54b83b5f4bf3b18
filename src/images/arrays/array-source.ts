import { DriftError } from '../../errors.ts'
import { elementCount } from '../../tensor/index.ts'
import type { ImageItem } from '../image-item.ts'
import type { ImageRecord, ImageSource } from '../image-source.ts'
import { itemSource, type TellNote } from '../item-source.ts'
import type { RawPixels } from '../raw-pixels.ts'
import type { ImageAxes } from './array-layout.ts'
import { type ByteStream, readBytes } from './byte-reader.ts'
import { toPixelData, type NumberType } from './number-type.ts'
import { toRowMajor } from './row-major.ts'

/** Images stored as one array of numbers behind a header. */
export type ImageArray = {
  readonly kind: string
  readonly location: string
  readonly axes: ImageAxes
  readonly type: NumberType
  readonly fortranOrder: boolean
  /** Bytes in front of the first value. */
  readonly dataOffset: number
  /** Opens the stored bytes from their start, header included. */
  readonly open: () => Promise<ByteStream>
  readonly record: (row: number) => ImageRecord
  /** False when the record's id is the row number. */
  readonly idsMayRepeat: boolean
  /** What a reader should know of the file. */
  readonly notes?: readonly string[]
}

/** Rows are read in pieces of about this many bytes. */
const PIECE_BYTES = 1 << 20

/** A source over an array file; a Fortran-ordered array is held in memory whole, any other is streamed. */
export function arraySource(array: ImageArray): ImageSource {
  const { kind, location, axes, idsMayRepeat } = array
  return itemSource({
    kind,
    location,
    count: axes.count,
    shape: axes.shape,
    idsMayRepeat,
    items: (note) => readRows(array, note),
  })
}

/** Throws `source.unreadable` when a file of `actual` bytes cannot hold exactly the announced array. */
export function requireSize(expected: number, actual: number, location: string): void {
  if (actual === expected) return
  const state = actual < expected ? 'truncated' : 'longer than its header says'
  throw new DriftError(
    'source.unreadable',
    `expected ${expected} bytes by the header, got ${actual}: ${location} is ${state}`,
    { hint: 'Copy or download the file again.' },
  )
}

async function* readRows(array: ImageArray, note: TellNote): AsyncGenerator<ImageItem> {
  const { axes, type, location, record } = array
  const { count, shape, layout } = axes
  const rowBytes = elementCount([shape.channels, shape.height, shape.width]) * type.bytes
  const perPiece = array.fortranOrder ? count : Math.max(1, Math.floor(PIECE_BYTES / rowBytes))
  for (const text of array.notes ?? []) note(text)
  const range = watchRange(type)
  const reader = readBytes(await array.open(), location)
  try {
    await reader.read(array.dataOffset)
    for (let row = 0; row < count; row += perPiece) {
      const rows = Math.min(perPiece, count - row)
      const stored = await reader.read(rows * rowBytes)
      if (stored.length < rows * rowBytes) throw shortArray(array, row + stored.length / rowBytes)
      const piece = array.fortranOrder ? toRowMajor(stored, array) : stored
      for (let i = 0; i < rows; i++) {
        const bytes = piece.subarray(i * rowBytes, (i + 1) * rowBytes)
        const data = toPixelData(type, bytes, `${location}, row ${row + i}`)
        range?.see(data)
        yield { record: record(row + i), pixels: { shape, layout, data } }
      }
    }
    const remark = range?.remark()
    if (remark !== undefined) note(remark)
  } finally {
    await reader.close()
  }
}

/** Watches 16-bit values, which are read as shares of 65,535: what holds bytes is nearly black then. */
function watchRange(
  type: NumberType,
): { see(data: RawPixels['data']): void; remark(): string | undefined } | undefined {
  if (type.kind !== 'unsigned' || type.bytes !== 2) return undefined
  let largest = 0
  return {
    see: (data) => {
      for (let i = 0; i < data.length; i++) if (data[i] > largest) largest = data[i]
    },
    remark: () =>
      largest > 255
        ? undefined
        : `all values are at most ${largest} of 65,535, which is nearly black: if they are bytes, store them as uint8`,
  }
}

function shortArray({ axes, location }: ImageArray, got: number): DriftError {
  return new DriftError(
    'source.unreadable',
    `expected ${axes.count} images, got ${Math.floor(got)}: ${location} is truncated`,
    { hint: 'Copy or download the file again.' },
  )
}
