/**
 * Reading images. Rules: EXIF orientation is applied; embedded profiles and CMYK become sRGB; alpha is composited on
 * black; 16-bit files keep their depth unless another is asked for; of an animation the first frame counts. A file is
 * decoded whole and then brought to its working form like any other pixels.
 */
import { availableParallelism } from 'node:os'
import sharp, { type Sharp } from 'sharp'
import { DriftError } from '../../errors.ts'
import { pngBitDepth, sniffFormat, type EncodedFormat } from '../encoded-format.ts'
import { describeForeign } from '../foreign-format.ts'
import type { RawPixels } from '../raw-pixels.ts'
import { readBmp } from './bmp.ts'
import {
  brought,
  type DecodedPixels,
  type DecodeOptions,
  DEFAULT_PIXEL_LIMIT,
} from './decode-at-once.ts'
import { jpegDecoder } from './jpeg.ts'
import { readJpegHeader } from './jpeg-header.ts'
import { createSlots } from './slots.ts'
import { hasForeignSamples, readTiffPages, type TiffPage, whyNoTiffPixels } from './tiff-header.ts'

const BLACK = { r: 0, g: 0, b: 0 }

// One image a call, many calls at once: libvips' own threads and cache only cost on small images.
sharp.cache(false)
sharp.concurrency(1)

/** Whole pictures that libvips, which has threads of its own, decodes at once: each may be large. */
const slots = createSlots(availableParallelism())

/** Version of the image library in use. */
export function decoderVersion(): string {
  return sharp.versions.sharp
}

/** Counts up when pixels of picture files come out otherwise, other than by another decoder. */
const RULE = 3

/** Everything that pixels of picture files depend on: decoders, and the rule by which they are resized. */
export function decodingRule(): string {
  return `sharp ${decoderVersion()}, ${jpegDecoder()}, rule ${RULE}`
}

/** Decodes any file's bytes to interleaved pixels, by libvips; throws `image.undecodable` or `image.too-large`. */
export async function decodeImage(
  bytes: Uint8Array,
  where: string,
  options: DecodeOptions = {},
): Promise<DecodedPixels> {
  const format = requireFormat(bytes, where)
  const { pixelLimit = DEFAULT_PIXEL_LIMIT } = options
  const decode = async (): Promise<DecodedPixels> =>
    brought(await decodeFormat(bytes, { ...options, pixelLimit, format, where }), options)
  try {
    return await slots.run(decode)
  } catch (error) {
    throw translate(error, where, pixelLimit)
  }
}

type FileOptions = DecodeOptions & {
  readonly pixelLimit: number
  readonly format: EncodedFormat
  readonly where: string
}

async function decodeFormat(bytes: Uint8Array, options: FileOptions): Promise<RawPixels> {
  if (options.format === 'jpeg') return decodeJpeg(bytes, options)
  if (options.format === 'bmp') return decodeBmp(bytes, options)
  const page = options.format === 'tiff' ? requirePage(bytes, options) : undefined
  return page !== undefined && hasForeignSamples(page)
    ? decodeColourSamples(bytes, page, options)
    : decodeWith(bytes, options, 'error')
}

function decodeBmp(bytes: Uint8Array, { pixelLimit, where }: FileOptions): RawPixels {
  const pixels = readBmp(bytes, pixelLimit)
  if (typeof pixels === 'string') {
    const message = `expected a whole BMP without compression, got ${pixels} in ${where}`
    throw new DriftError('image.undecodable', message, { hint: 'Convert it to PNG.' })
  }
  return pixels
}

/** Faults that leave every pixel as it was: others read such files without a word. */
const HARMLESS =
  /extraneous bytes|Invalid SOS parameters|Inconsistent progression|Unknown Adobe|unknown JFIF|too many scanlines/i

async function decodeJpeg(
  bytes: Uint8Array,
  options: FileOptions,
  isSecondTry = false,
): Promise<RawPixels> {
  try {
    return await decodeWith(bytes, options, 'warning')
  } catch (error) {
    if (isHarmless(error)) return decodeWith(bytes, options, 'error')
    if (isSecondTry) throw error
    // libvips keeps one list of faults for all threads: this one may be another file's.
    return decodeJpeg(bytes, options, true)
  }
}

const isHarmless = (error: unknown): boolean =>
  (error as Error).message.split('\n').every((fault) => HARMLESS.test(fault))

async function decodeWith(
  bytes: Uint8Array,
  { format, shape, pixelLimit, page }: FileOptions,
  failOn: 'error' | 'warning',
): Promise<RawPixels> {
  // Turning and compositing cost a tenth of a small image's decode even where there is nothing to do.
  const isPlain = format === 'jpeg' && readJpegHeader(bytes)?.hasExif === false
  const profile = await findDeepProfile(bytes, format)
  const image = sharp(bytes, {
    autoOrient: !isPlain,
    failOn,
    ignoreIcc: profile === 'srgb',
    limitInputPixels: pixelLimit,
    page,
  })
  const { grey, deep } = await inspect(image, bytes, { format, needsChannels: !shape })
  if (!isPlain) image.flatten({ background: BLACK })
  if (profile === 'grey') return extractGrey(image)
  // Sixteen bits would come out in Display P3 otherwise.
  if (profile === 'other' && !grey) image.withIccProfile('srgb')
  return extract(image, { grey, deep })
}

/** Sixteen bits of grey in the tones of sRGB: libvips makes three equal channels of them, and no transform for `rgb16`. */
async function extractGrey(image: Sharp): Promise<RawPixels> {
  const { shape, layout, data } = await extract(image.withIccProfile('srgb'), {
    grey: true,
    deep: true,
  })
  const { channels } = shape
  return {
    shape: { ...shape, channels: 1 },
    layout,
    data: data.filter((_, i) => i % channels === 0),
  }
}

/** Whose colours a file of 16 bits a sample has, by its embedded profile; undefined where it has none, or fewer bits. */
async function findDeepProfile(
  bytes: Uint8Array,
  format: EncodedFormat,
): Promise<'srgb' | 'grey' | 'other' | undefined> {
  const isDeep =
    (format === 'png' && pngBitDepth(bytes) === 16) ||
    (format === 'tiff' && readTiffPages(bytes).some(({ bits }) => bits > 8))
  const icc = isDeep ? (await sharp(bytes, { failOn: 'none' }).metadata()).icc : undefined
  if (icc === undefined) return undefined
  if (icc.toString('latin1', 16, 20) === 'GRAY') return 'grey'
  // Descriptions are in UTF-16 or in ASCII.
  return icc.toString('latin1').replaceAll('\0', '').includes('sRGB') ? 'srgb' : 'other'
}

function requirePage(
  bytes: Uint8Array,
  { page: index = 0, where }: FileOptions,
): TiffPage | undefined {
  const page = readTiffPages(bytes)[index]
  const reason = page && whyNoTiffPixels(page)
  if (reason === undefined) return page
  throw new DriftError(
    'image.undecodable',
    `expected a TIFF of 8- or 16-bit unsigned integers without compression or with LZW or deflate, got ${reason} in ${where}`,
  )
}

/** The samples that make the colour, those behind them left out before anything is computed of them. */
async function decodeColourSamples(
  bytes: Uint8Array,
  { bits, colourSamples }: TiffPage,
  { pixelLimit, page, where }: FileOptions,
): Promise<RawPixels> {
  if (colourSamples === 4) {
    const message = `expected CMYK without further samples, got a TIFF with some in ${where}`
    throw new DriftError('image.undecodable', message)
  }
  const image = sharp(bytes, {
    failOn: 'error',
    ignoreIcc: true,
    limitInputPixels: pixelLimit,
    page,
  })
  // Without it sixteen bits come out as the numbers of eight.
  if (bits > 8) image.toColourspace(colourSamples === 1 ? 'grey16' : 'rgb16')
  const { data, info } = await image
    .raw({ depth: bits > 8 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const all =
    bits > 8
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const kept = all.filter((_, i) => i % channels < colourSamples)
  const own = { channels: colourSamples, height, width }
  return { shape: own, layout: 'HWC', data: kept }
}

type Depth = { readonly grey: boolean; readonly deep: boolean }

async function inspect(
  image: Sharp,
  bytes: Uint8Array,
  { format, needsChannels }: { format: EncodedFormat; needsChannels: boolean },
): Promise<Depth> {
  // Reading the metadata costs a quarter of a small image's decode, so it is skipped where the
  // format says enough.
  const knowsDepth = format !== 'tiff' && format !== 'avif'
  if (knowsDepth && !needsChannels) {
    return { grey: false, deep: format === 'png' && pngBitDepth(bytes) === 16 }
  }
  const { space, depth } = await image.metadata()
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new Error(`pixels are stored as ${depth}; expected 8- or 16-bit unsigned integers`)
  }
  return { grey: space === 'b-w' || space === 'grey16', deep: depth === 'ushort' }
}

async function extract(image: Sharp, { grey, deep }: Depth): Promise<RawPixels> {
  const space = deep ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb'
  const { data, info } = await image
    .toColourspace(space)
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { channels, height, width } = info
  const values = deep
    ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { shape: { channels, height, width }, layout: 'HWC', data: values }
}

function requireFormat(bytes: Uint8Array, where: string): EncodedFormat {
  const format = sniffFormat(bytes)
  if (format !== undefined) return format
  const foreign = describeForeign(bytes)
  const unknown = bytes.length === 0 ? 'an empty file' : 'bytes that begin like none of them'
  throw new DriftError(
    'image.undecodable',
    `expected PNG, JPEG, WebP, TIFF, GIF, AVIF or BMP, got ${foreign?.title ?? unknown} in ${where}${foreign?.hint ? `: ${foreign.hint}` : ''}`,
  )
}

function translate(error: unknown, where: string, pixelLimit: number): DriftError {
  if (error instanceof DriftError) return error
  const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
  if (/pixel limit/i.test(detail)) {
    return new DriftError(
      'image.too-large',
      `expected at most ${pixelLimit.toLocaleString('en')} pixels, got more in ${where}`,
      {
        hint: 'If this image is genuine, raise the limit: --pixel-limit, or the option pixelLimit.',
        cause: error,
      },
    )
  }
  return new DriftError(
    'image.undecodable',
    `expected a whole image, got a damaged or truncated one in ${where}: ${detail}`,
    { cause: error },
  )
}
