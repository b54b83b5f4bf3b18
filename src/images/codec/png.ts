/** PNG of 8 bits a sample or fewer, without alpha and interlacing: inflating and undoing the filters is all there is. */
import { crc32 } from 'node:zlib'
import type { RawPixels } from '../raw-pixels.ts'
import { unpackRows } from './png-rows.ts'

type Header = {
  readonly height: number
  readonly width: number
  readonly bits: number
  readonly isPalette: boolean
  /** Stored with each pixel: 1 grey or the palette's index, 3 colour. */
  readonly samples: 1 | 3
}

const COLOUR_TYPES = { grey: 0, colour: 2, palette: 3 } as const

/** Chunks that change no pixel for libvips either; any other makes a PNG unusual. */
const NEUTRAL = /^(?:bKGD|cHRM|gAMA|hIST|pHYs|sBIT|sRGB|tIME)$/

/** Larger ones are read by libvips, on other threads. */
const MOST_PIXELS = 1 << 18
/** Bytes in front of the first chunk, and of a chunk beside its data. */
const SIGNATURE = 8
const FRAME = 12

/**
 * The pixels of a usual PNG, in memory of which the next call makes others; undefined for any other file, a damaged one among
 * them: libvips reads it or says what is wrong.
 */
export function decodeUsualPng(bytes: Uint8Array, pixelLimit: number): RawPixels | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readHeader(view)
  if (header === undefined || header.width * header.height > pixelLimit) return undefined
  const chunks = readChunks(bytes, view)
  if (chunks === undefined || header.isPalette !== (chunks.palette !== undefined)) return undefined
  const { height, width, samples } = header
  const rowBytes = Math.ceil((width * samples * header.bits) / 8)
  const rows = unpackRows(chunks.packed, { rowBytes, height, step: samples })
  if (rows === undefined) return undefined
  const values = header.bits === 8 ? rows : unpack(rows, rowBytes, header)
  if (chunks.palette === undefined) {
    return { shape: { channels: samples, height, width }, layout: 'HWC', data: values }
  }
  const data = lookUp(values, chunks.palette)
  return data && { shape: { channels: 3, height, width }, layout: 'HWC', data }
}

function readHeader(view: DataView): Header | undefined {
  if (view.byteLength < SIGNATURE + FRAME + 13 || view.getUint32(8) !== 13) return undefined
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const bits = view.getUint8(24)
  const type = view.getUint8(25)
  const isPalette = type === COLOUR_TYPES.palette
  const isKnown = isPalette || type === COLOUR_TYPES.grey || type === COLOUR_TYPES.colour
  const hasBits = type === COLOUR_TYPES.colour ? bits === 8 : 8 % bits === 0
  // Compression and filters as the only ones there are, no interlacing.
  const isPlain = view.getUint16(26) === 0 && view.getUint8(28) === 0
  const isOfSize = width > 0 && height > 0 && width * height <= MOST_PIXELS
  if (!isKnown || !hasBits || !isPlain || !isOfSize) return undefined
  return { height, width, bits, isPalette, samples: type === COLOUR_TYPES.colour ? 3 : 1 }
}

type Chunks = { readonly packed: Uint8Array; readonly palette?: Uint8Array | undefined }

/** The image's data and palette; undefined where a chunk is damaged, out of place or may change pixels. */
function readChunks(bytes: Uint8Array, view: DataView): Chunks | undefined {
  const parts: Uint8Array[] = []
  let palette: Uint8Array | undefined
  let last = ''
  for (let at = SIGNATURE; at + FRAME <= bytes.length;) {
    const length = view.getUint32(at)
    const end = at + FRAME + length
    if (end > bytes.length) return undefined
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return undefined
    const data = bytes.subarray(at + 8, end - 4)
    const isFirst = at === SIGNATURE
    if ((name === 'IHDR') !== isFirst) return undefined
    if (name === 'IEND')
      return parts.length === 0 ? undefined : { packed: Buffer.concat(parts), palette }
    if (name === 'IDAT') {
      if (parts.length > 0 && last !== 'IDAT') return undefined
      parts.push(data)
    } else if (name === 'PLTE') {
      if (palette !== undefined || parts.length > 0 || length % 3 !== 0) return undefined
      palette = data
    } else if (!isFirst && !NEUTRAL.test(name)) return undefined
    last = name
    at = end
  }
  return undefined
}

/** Samples of 1, 2 or 4 bits, one a byte: indices as they are, greys scaled to 0..255. */
function unpack(
  rows: Uint8Array,
  rowBytes: number,
  { height, width, bits, isPalette }: Header,
): Uint8Array {
  const largest = (1 << bits) - 1
  const factor = isPalette ? 1 : 255 / largest
  return new Uint8Array(height * width).map((_, i) => {
    const bit = (i % width) * bits
    const byte = rows[Math.floor(i / width) * rowBytes + (bit >> 3)]
    return ((byte >> (8 - bits - (bit & 7))) & largest) * factor
  })
}

/** The palette's colours; undefined where an index is beyond it. */
function lookUp(indices: Uint8Array, palette: Uint8Array): Uint8Array | undefined {
  if (indices.some((index) => 3 * index >= palette.length)) return undefined
  return new Uint8Array(3 * indices.length).map(
    (_, i) => palette[3 * indices[Math.floor(i / 3)] + (i % 3)],
  )
}
