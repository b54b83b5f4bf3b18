import type { FileChannels, FileFacts } from '../../file-properties.ts'
import { type EncodedFormat, pngBitDepth, sniffFormat } from '../encoded-format.ts'
import { readCamera, readTakenAt } from './exif.ts'
import { findHeifExif } from './heif-exif.ts'
import { findJpegExif, readJpegFacts } from './jpeg-facts.ts'
import { readTiffPages } from './tiff-header.ts'

/** What the header of a picture file says; its size is known from the pixels. */
export type FileHeader = Omit<FileFacts, 'width' | 'height'>

/** Reads the header; as much as can be followed where it is damaged. `page` is that of a TIFF, from 0. */
export function readFileHeader(bytes: Uint8Array, page = 0): FileHeader {
  const format = sniffFormat(bytes)
  return format === undefined ? {} : { format, ...READERS[format](bytes, page) }
}

/** When a picture was taken by its EXIF data (ISO 8601); undefined where it doesn't say, or its head is cut before. */
export function readTime(bytes: Uint8Array): string | undefined {
  const format = sniffFormat(bytes)
  const exif = format === undefined ? undefined : FINDERS[format]?.(bytes)
  return exif && readTakenAt(exif)
}

/** Where EXIF data stand; formats that have none are not here. */
const FINDERS: Partial<Record<EncodedFormat, (bytes: Uint8Array) => Uint8Array | undefined>> = {
  jpeg: findJpegExif,
  png: findPngExif,
  webp: findWebpExif,
  tiff: (bytes) => bytes,
  avif: findHeifExif,
}

function findPngExif(bytes: Uint8Array): Uint8Array | undefined {
  return findChunk(bytes, { start: 8, name: 'eXIf', isLittle: false })
}

function findWebpExif(bytes: Uint8Array): Uint8Array | undefined {
  const exif = findChunk(bytes, { start: 12, name: 'EXIF', isLittle: true })
  return exif && withoutTitle(exif)
}

type Reader = (bytes: Uint8Array, page: number) => FileHeader

const READERS: Readonly<Record<EncodedFormat, Reader>> = {
  jpeg: readJpegFacts,
  png: readPng,
  webp: readWebp,
  gif: () => ({ channels: 'palette', depth: 8 }),
  tiff: readTiff,
  avif: readAvif,
  bmp: readBmp,
}

const PNG_CHANNELS: Readonly<Record<number, FileChannels>> = {
  0: 'grey',
  2: 'colour',
  3: 'palette',
  4: 'grey with transparency',
  6: 'colour with transparency',
}

function readPng(bytes: Uint8Array): FileHeader {
  const exif = findPngExif(bytes)
  return {
    channels: PNG_CHANNELS[bytes[25]],
    depth: pngBitDepth(bytes),
    camera: exif && readCamera(exif),
  }
}

const WEBP_ALPHA = 0x10

function readWebp(bytes: Uint8Array): FileHeader {
  const find = (name: string) => findChunk(bytes, { start: 12, name, isLittle: true })
  const [extended, lossless] = ['VP8X', 'VP8L'].map(find)
  const exif = findWebpExif(bytes)
  const hasAlpha =
    extended === undefined
      ? lossless !== undefined && ((lossless[4] ?? 0) & WEBP_ALPHA) !== 0
      : (extended[0] & WEBP_ALPHA) !== 0
  return {
    channels: hasAlpha ? 'colour with transparency' : 'colour',
    depth: 8,
    camera: exif && readCamera(exif),
  }
}

/** EXIF data of some writers begin as in a JPEG. */
function withoutTitle(exif: Uint8Array): Uint8Array {
  return Buffer.from(exif.subarray(0, 4)).toString('latin1') === 'Exif' ? exif.subarray(6) : exif
}

/** A chunk's content in a PNG (length, name, content, sum) or a WebP (name, length, content). */
function findChunk(
  bytes: Uint8Array,
  of: { readonly start: number; readonly name: string; readonly isLittle: boolean },
): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wanted = Buffer.from(of.name, 'latin1').readUInt32BE()
  for (let at = of.start; at + 8 <= bytes.length;) {
    const length = view.getUint32(of.isLittle ? at + 4 : at, of.isLittle)
    const content = at + 8
    if (view.getUint32(of.isLittle ? at : at + 4) === wanted)
      return bytes.subarray(content, content + length)
    at = content + (of.isLittle ? length + (length & 1) : length + 4)
  }
  return undefined
}

function readTiff(bytes: Uint8Array, page: number): FileHeader {
  const found = readTiffPages(bytes)[page]
  if (found === undefined) return {}
  const { bits, colourSamples, samples, hasAlpha, isPalette } = found
  const suffix = hasAlpha && samples > colourSamples ? ' with transparency' : ''
  const channels = isPalette
    ? 'palette'
    : colourSamples === 4
      ? 'CMYK'
      : (`${colourSamples === 1 ? 'grey' : 'colour'}${suffix}` as const)
  return { channels, depth: bits, camera: readCamera(bytes) }
}

/** Where the properties of an AVIF stand. */
const AVIF_HEAD = 8192

/** By the configuration of its picture: bits, and whether it has colours. */
function readAvif(bytes: Uint8Array): FileHeader {
  const exif = findHeifExif(bytes)
  const camera = exif && readCamera(exif)
  const at = Buffer.from(bytes.subarray(0, AVIF_HEAD)).indexOf('av1C', 0, 'latin1')
  if (at < 0) return { camera }
  const flags = bytes[at + 6] ?? 0
  const depth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12
  return { channels: (flags & 0x10) === 0 ? 'colour' : 'grey', depth, camera }
}

function readBmp(bytes: Uint8Array): FileHeader {
  const bits = bytes[bytes[14] === 12 ? 24 : 28]
  return bits <= 8
    ? { channels: 'palette', depth: bits }
    : { channels: 'colour', depth: bits === 16 ? 5 : 8 }
}
