/** Windows bitmaps without compression: rows of pixels behind a header, from the bottom up unless the height is negative. */
import type { RawPixels } from '../raw-pixels.ts'

/** What a header says; colours are cut out of a pixel's number by masks, or looked up by it. */
type Header = {
  readonly width: number
  readonly height: number
  readonly isTopDown: boolean
  readonly bits: number
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number]
  readonly palette: Uint8Array | undefined
  readonly dataStart: number
}

/** Of `BITMAPINFOHEADER`'s compressions: none, and none with masks of the user's choice, with alpha or without. */
const [PLAIN, MASKED, MASKED_WITH_ALPHA] = [0, 3, 6]

const COMPRESSIONS: Readonly<Record<number, string>> = {
  1: 'run-length compression',
  2: 'run-length compression',
  4: 'a JPEG inside',
  5: 'a PNG inside',
}

const FILE_HEADER = 14
const OLD_HEADER = 12

/** Masks where the header gives none. */
const USUAL_MASKS: Readonly<Record<number, Header['masks']>> = {
  16: [0x7c00, 0x03e0, 0x001f, 0],
  24: [0xff_0000, 0xff00, 0xff, 0],
  32: [0xff_0000, 0xff00, 0xff, 0],
}

/** The pixels of a bitmap, or in words why there are none; alpha is laid on black, unless all of it is 0. */
export function readBmp(bytes: Uint8Array, pixelLimit = Infinity): RawPixels | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readHeader(view, bytes)
  if (typeof header === 'string') return header
  const { width, height, bits, dataStart } = header
  if (width * height > pixelLimit) throw new RangeError('more than the pixel limit')
  const stride = Math.floor((width * bits + 31) / 32) * 4
  if (bytes.length - dataStart < stride * (height - 1) + Math.ceil((width * bits) / 8)) {
    return 'a damaged or truncated BMP'
  }
  const rowAt = (y: number): number => dataStart + (header.isTopDown ? y : height - 1 - y) * stride
  return header.palette === undefined
    ? readColours(view, header, rowAt)
    : lookUp(bytes, { ...header, palette: header.palette }, rowAt)
}

function readHeader(view: DataView, bytes: Uint8Array): Header | string {
  if (bytes.length < FILE_HEADER + OLD_HEADER) return 'a damaged or truncated BMP'
  const dataStart = view.getUint32(10, true)
  const size = view.getUint32(FILE_HEADER, true)
  const isOld = size === OLD_HEADER
  if (!isOld && (size < 40 || bytes.length < FILE_HEADER + size))
    return 'a damaged or truncated BMP'
  const at = FILE_HEADER + 4
  const width = isOld ? view.getUint16(at, true) : view.getInt32(at, true)
  const signed = isOld ? view.getInt16(at + 2, true) : view.getInt32(at + 4, true)
  const bits = view.getUint16(isOld ? at + 6 : at + 10, true)
  const compression = isOld ? PLAIN : view.getUint32(at + 12, true)
  const height = Math.abs(signed)
  if (width < 1 || height < 1) return 'a damaged or truncated BMP'
  const isMasked = compression === MASKED || compression === MASKED_WITH_ALPHA
  if (compression !== PLAIN && !(isMasked && bits >= 16)) {
    return `a BMP with ${COMPRESSIONS[compression] ?? `compression ${compression}`}`
  }
  const masks = isMasked ? readMasks(view, size, compression) : USUAL_MASKS[bits]
  const hasPalette = bits === 1 || bits === 4 || bits === 8
  if (!hasPalette && masks === undefined) return `a BMP of ${bits} bits a pixel`
  const common = { width, height, isTopDown: signed < 0, bits, dataStart }
  const colours = isOld ? 0 : view.getUint32(at + 28, true)
  const place = { start: FILE_HEADER + size, step: isOld ? 3 : 4, count: colours || 1 << bits }
  return hasPalette
    ? { ...common, masks: [0, 0, 0, 0], palette: readPalette(bytes, place) }
    : { ...common, masks, palette: undefined }
}

/** In a larger header they are part of it, otherwise they follow it. */
function readMasks(view: DataView, size: number, compression: number): Header['masks'] {
  const at = FILE_HEADER + 40
  const hasAlpha = size >= 56 || compression === MASKED_WITH_ALPHA
  const mask = (i: number): number =>
    at + 4 * i + 4 <= view.byteLength ? view.getUint32(at + 4 * i, true) : 0
  return [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0]
}

/** Red, green and blue of each colour; stored the other way round. */
function readPalette(
  bytes: Uint8Array,
  { start, step, count }: { readonly start: number; readonly step: number; readonly count: number },
): Uint8Array {
  const palette = new Uint8Array(256 * 3)
  for (let i = 0; i < Math.min(256, count); i++) {
    for (let channel = 0; channel < 3; channel++) {
      palette[3 * i + channel] = bytes[start + i * step + 2 - channel] ?? 0
    }
  }
  return palette
}

type RowAt = (y: number) => number

/** A palette of greys makes a grey picture. */
function lookUp(
  bytes: Uint8Array,
  { width, height, bits, palette }: Header & { readonly palette: Uint8Array },
  rowAt: RowAt,
): RawPixels {
  const isGrey = palette.every((value, i) => value === palette[i - (i % 3)])
  const channels = isGrey ? 1 : 3
  const data = new Uint8Array(width * height * channels)
  const largest = (1 << bits) - 1
  for (let y = 0, to = 0; y < height; y++) {
    const row = rowAt(y)
    for (let x = 0; x < width; x++) {
      const bit = x * bits
      const index = (bytes[row + (bit >> 3)] >> (8 - bits - (bit & 7))) & largest
      for (let channel = 0; channel < channels; channel++) data[to++] = palette[3 * index + channel]
    }
  }
  return { shape: { channels, height, width }, layout: 'HWC', data }
}

function readColours(
  view: DataView,
  { width, height, bits, masks }: Header,
  rowAt: RowAt,
): RawPixels {
  const [red, green, blue, alpha] = masks.map(cutter)
  const colours = [red, green, blue]
  const step = bits / 8
  const data = new Uint8Array(width * height * 3)
  const opacity = masks[3] === 0 ? undefined : new Uint8Array(width * height)
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0, at = rowAt(y); x < width; x++, at += step, pixel++) {
      const low = view.getUint16(at, true)
      const high =
        bits === 16 ? 0 : bits === 24 ? view.getUint8(at + 2) : view.getUint16(at + 2, true)
      const value = (low | (high << 16)) >>> 0
      for (let channel = 0; channel < 3; channel++)
        data[3 * pixel + channel] = colours[channel](value)
      if (opacity !== undefined) opacity[pixel] = alpha(value)
    }
  }
  if (opacity?.some((value) => value > 0)) {
    for (let i = 0; i < data.length; i++) {
      data[i] = Math.round((data[i] * opacity[Math.floor(i / 3)]) / 255)
    }
  }
  return { shape: { channels: 3, height, width }, layout: 'HWC', data }
}

/** What a mask cuts out of a pixel's number, scaled to 0..255. */
function cutter(mask: number): (value: number) => number {
  if (mask === 0) return () => 0
  const shift = Math.clz32(mask & -mask) ^ 31
  const largest = mask >>> shift
  return (value) => Math.round((((value & mask) >>> shift) * 255) / largest)
}
