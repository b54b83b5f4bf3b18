import { sniffFormat } from './encoded-format.ts'

/**
 * Whether a file of an image says that more of it is to come, as one does that is being written; false where its format
 * does not tell, and where whatever follows its end.
 */
export function isCutShort(bytes: Uint8Array): boolean {
  const format = sniffFormat(bytes)
  const end = format === undefined ? undefined : ENDS[format]
  if (end === undefined) return false
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return end(view) > view.length
  } catch (error) {
    // A number that would tell how long it is lies behind its end.
    if (error instanceof RangeError) return true
    throw error
  }
}

type EndOf = (file: Buffer) => number

/** Where a file ends at least, from its start; beyond what is there, or a RangeError of reading there, where it goes on. */
const ENDS: { readonly [format in NonNullable<ReturnType<typeof sniffFormat>>]: EndOf } = {
  png: endOfPng,
  jpeg: endOfJpeg,
  webp: (file) => 8 + file.readUInt32LE(4),
  gif: endOfGif,
  tiff: endOfTiff,
  avif: endOfBoxes,
  // Some write no size.
  bmp: (file) => file.readUInt32LE(2),
}

/** Chunks to the one called IEND: length, name, data, check sum. */
function endOfPng(file: Buffer): number {
  for (let at = 8; ;) {
    const next = at + 12 + file.readUInt32BE(at)
    if (file.toString('latin1', at + 4, at + 8) === 'IEND' || next > file.length) return next
    at = next
  }
}

const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9

/** Segments, and behind the head of a scan its data, to the mark of the end; one within a segment is of a thumbnail. */
function endOfJpeg(file: Buffer): number {
  for (let at = 2; ;) {
    // No mark: it is damaged, and nobody knows where it ends.
    if (file.readUInt8(at) !== 0xff) return at
    while (file.readUInt8(at + 1) === 0xff) at++
    const mark = file.readUInt8(at + 1)
    if (mark === END_OF_IMAGE) return at + 2
    at += 2 + file.readUInt16BE(at + 2)
    if (mark === START_OF_SCAN) at = endOfScan(file, at)
    if (at >= file.length) return file.length + 1
  }
}

/** Data hold 0xff only before a zero, and before the numbers of restarts. */
function endOfScan(file: Buffer, start: number): number {
  for (let at = start; ;) {
    const found = file.indexOf(0xff, at)
    if (found < 0) return file.length
    const next = file.readUInt8(found + 1)
    const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7)
    if (!isData) return found
    at = next === 0xff ? found + 1 : found + 2
  }
}

const GIF_EXTENSION = 0x21
const GIF_IMAGE = 0x2c

/** Blocks, each with its parts, to the mark of the end. */
function endOfGif(file: Buffer): number {
  const paletteBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 6 << (flags & 7))
  for (let at = 13 + paletteBytes(file.readUInt8(10)); ;) {
    const kind = file.readUInt8(at)
    if (kind === GIF_EXTENSION) at += 2
    else if (kind === GIF_IMAGE) at += 11 + paletteBytes(file.readUInt8(at + 9))
    else return at + 1
    for (let size = -1; size !== 0;) {
      size = file.readUInt8(at)
      at += size + 1
    }
  }
}

/** Tags of the offsets of strips and tiles, and of how long each is. */
const PARTS = [
  [273, 279],
  [324, 325],
] as const
/** Of a value by its type, from 1. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]
const SHORT = 3
const ENTRY_BYTES = 12

type TiffValues = { readonly end: number; read(): number[] }

/** The first directory, what it says, and the pixels it names; of files beyond 4 GiB (BigTIFF) nothing. */
function endOfTiff(file: Buffer): number {
  const isLittle = file[0] === 0x49
  const short = (at: number): number => (isLittle ? file.readUInt16LE(at) : file.readUInt16BE(at))
  const long = (at: number): number => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at))
  if (short(2) !== 42) return 0
  const directory = long(4)
  const count = short(directory)
  const valuesAt = (at: number): TiffValues => {
    const [type, many] = [short(at + 2), long(at + 4)]
    const size = TYPE_BYTES[type] ?? 0
    const start = many * size <= 4 ? at + 8 : long(at + 8)
    const read = type === SHORT ? short : long
    return {
      end: start + many * size,
      read: () => Array.from({ length: many }, (_, i) => read(start + i * size)),
    }
  }
  const places = Array.from({ length: count }, (_, i) => directory + 2 + i * ENTRY_BYTES)
  const entries = new Map(places.map((at) => [short(at), valuesAt(at)]))
  const end = Math.max(
    directory + 2 + count * ENTRY_BYTES + 4,
    ...[...entries.values()].map((values) => values.end),
  )
  if (end > file.length) return end
  const pixels = PARTS.flatMap(([offsets, lengths]) => {
    const all = entries.get(lengths)?.read() ?? []
    return (entries.get(offsets)?.read() ?? []).map((offset, i) => offset + (all[i] ?? 0))
  })
  return pixels.reduce((last, one) => Math.max(last, one), end)
}

/** Boxes one after the other, each with its size first; one without a size goes to the end. */
function endOfBoxes(file: Buffer): number {
  let at = 0
  while (at < file.length) {
    const size = file.readUInt32BE(at)
    if (size === 0) return file.length
    const whole = size === 1 ? Number(file.readBigUInt64BE(at + 8)) : size
    if (whole < 8) return file.length
    at += whole
  }
  // Without its pixels it is no image.
  return file.includes('mdat') || file.includes('idat') ? at : file.length + 1
}
