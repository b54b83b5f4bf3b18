/**
 * Reading images. Rules: EXIF orientation is applied; embedded profiles
 * and CMYK become sRGB; alpha is composited on black; 16-bit files keep their depth; of an animation
 * the first frame counts. Resampling is bilinear with antialiasing, the same for files and arrays.
 */
import sharp, { type Sharp } from 'sharp'
import { DriftError } from '../../errors.ts'
import { pngBitDepth, sniffFormat, type EncodedFormat } from '../encoded-format.ts'
import { describeForeign } from '../foreign-format.ts'
import type { ImageShape, ResizePolicy } from '../image-source.ts'
import type { RawPixels } from '../raw-pixels.ts'
import { enlarge, grows } from './enlarge.ts'
import { decodeUsualJpeg } from './jpeg.ts'
import { readJpegHeader } from './jpeg-header.ts'
import { decodeUsualPng } from './png.ts'
import { hasForeignSamples, readTiffPages, type TiffPage, whyNoTiffPixels } from './tiff-header.ts'

/** Images with more pixels than this are refused unless the caller raises the limit. */
const DEFAULT_PIXEL_LIMIT = 100_000_000

const BLACK = { r: 0, g: 0, b: 0 }
const FITS = { stretch: 'fill', cover: 'cover', contain: 'contain' } as const

/** What the decoded image should look like. */
export type DecodeOptions = {
  /** Without it the image keeps its size, and a grey file its single channel. */
  readonly shape?: ImageShape | undefined
  readonly resize?: ResizePolicy | undefined
  readonly pixelLimit?: number | undefined
  /** Which picture of a file of several, from 0. */
  readonly page?: number | undefined
}

// One image a call, many calls at once: libvips' own threads and cache only cost on small images.
sharp.cache(false)
sharp.concurrency(1)

/** Version of the image library in use. */
export function decoderVersion(): string {
  return sharp.versions.sharp
}

/**
 * The pixels of a file that is read at once, on the thread that asks: a small one of a usual kind, at its own size.
 * Undefined for any other; `decodeImage` reads it or says what is wrong.
 */
export function decodeAtOnce(
  bytes: Uint8Array,
  { shape, pixelLimit = DEFAULT_PIXEL_LIMIT }: DecodeOptions = {},
): RawPixels | undefined {
  const decode = USUAL[sniffFormat(bytes) ?? 'avif']
  const pixels = decode?.(bytes)
  if (pixels === undefined) return undefined
  const { height, width } = pixels.shape
  const isOfSize = shape === undefined || (shape.height === height && shape.width === width)
  return isOfSize && height * width <= pixelLimit ? pixels : undefined
}

const USUAL: Partial<Record<EncodedFormat, (bytes: Uint8Array) => RawPixels | undefined>> = {
  jpeg: decodeUsualJpeg,
  png: decodeUsualPng,
}

/** Decodes any file's bytes to interleaved pixels, by libvips; throws `image.undecodable` or `image.too-large`. */
export async function decodeImage(
  bytes: Uint8Array,
  where: string,
  options: DecodeOptions = {},
): Promise<RawPixels> {
  const format = requireFormat(bytes, where)
  const { pixelLimit = DEFAULT_PIXEL_LIMIT } = options
  try {
    return await decodeFormat(bytes, { ...options, pixelLimit, format, where })
  } catch (error) {
    throw translate(error, where, pixelLimit)
  }
}

type FileOptions = DecodeOptions & { readonly format: EncodedFormat; readonly where: string }

async function decodeFormat(bytes: Uint8Array, options: FileOptions): Promise<RawPixels> {
  if (options.format === 'jpeg') return decodeJpeg(bytes, options)
  const page = options.format === 'tiff' ? requirePage(bytes, options) : undefined
  return page !== undefined && hasForeignSamples(page)
    ? decodeColourSamples(bytes, page, options)
    : decodeWith(bytes, options, 'error')
}

/** Faults that leave every pixel as it was: others read such files without a word. */
const HARMLESS =
  /extraneous bytes|Invalid SOS parameters|Inconsistent progression|Unknown Adobe|unknown JFIF|too many scanlines/i

async function decodeJpeg(bytes: Uint8Array, options: FileOptions): Promise<RawPixels> {
  try {
    return await decodeWith(bytes, options, 'warning')
  } catch (error) {
    const faults = (error as Error).message.split('\n')
    if (!faults.every((fault) => HARMLESS.test(fault))) throw error
    return decodeWith(bytes, options, 'error')
  }
}

async function decodeWith(
  bytes: Uint8Array,
  { format, shape, resize = 'stretch', pixelLimit, page }: FileOptions,
  failOn: 'error' | 'warning',
): Promise<RawPixels> {
  // Turning and compositing cost a tenth of a small image's decode even where there is nothing to do.
  const isPlain = format === 'jpeg' && readJpegHeader(bytes)?.hasExif === false
  const profile = await findDeepProfile(bytes, format)
  const image = sharp(bytes, {
    autoOrient: !isPlain,
    failOn,
    ignoreIcc: profile === 'srgb',
    ...(pixelLimit !== undefined && { limitInputPixels: pixelLimit }),
    ...(page !== undefined && { page }),
  })
  const { grey, deep } = await inspect(image, bytes, { format, needsChannels: !shape })
  if (!isPlain) image.flatten({ background: BLACK })
  // Sixteen bits would come out in Display P3 otherwise.
  if (profile === 'other' && !grey) image.withIccProfile('srgb', { attach: false })
  if (shape === undefined) return extract(image, { grey, deep })
  return resizeTo(image, { shape, policy: resize, grey, deep })
}

/** Whose colours a file of 16 bits a sample has, by its embedded profile; undefined where it has none, or fewer bits. */
async function findDeepProfile(
  bytes: Uint8Array,
  format: EncodedFormat,
): Promise<'srgb' | 'other' | undefined> {
  const isDeep =
    (format === 'png' && pngBitDepth(bytes) === 16) ||
    (format === 'tiff' && readTiffPages(bytes).some(({ bits }) => bits > 8))
  const icc = isDeep ? (await sharp(bytes, { failOn: 'none' }).metadata()).icc : undefined
  if (icc === undefined) return undefined
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
  { shape, resize, pixelLimit, page, where }: FileOptions,
): Promise<RawPixels> {
  if (colourSamples === 4) {
    const message = `expected CMYK without further samples, got a TIFF with some in ${where}`
    throw new DriftError('image.undecodable', message)
  }
  const image = sharp(bytes, {
    failOn: 'error',
    ignoreIcc: true,
    ...(pixelLimit !== undefined && { limitInputPixels: pixelLimit }),
    ...(page !== undefined && { page }),
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
  const pixels: RawPixels = { shape: own, layout: 'HWC', data: kept }
  return shape === undefined || (shape.height === height && shape.width === width)
    ? pixels
    : resizePixels(pixels, shape, resize)
}

/** Height and width of a file's picture as it is to be seen, EXIF orientation applied; throws where there is none. */
export async function measureFile(
  bytes: Uint8Array,
  page = 0,
): Promise<{ readonly height: number; readonly width: number }> {
  const { autoOrient } = await sharp(bytes, { page, failOn: 'none' }).metadata()
  return { height: autoOrient.height, width: autoOrient.width }
}

/** Resamples raw pixels to the height and width of `shape`; channels stay. Floats pass through 16 bits. */
export async function resizePixels(
  pixels: RawPixels,
  shape: ImageShape,
  resize: ResizePolicy = 'stretch',
): Promise<RawPixels> {
  const { channels, height, width } = pixels.shape
  const data = pixels.data instanceof Float32Array ? toUint16(pixels.data) : pixels.data
  const deep = data instanceof Uint16Array
  const resample = async (plane: Uint8Array | Uint16Array, count: 1 | 3): Promise<RawPixels> => {
    const image = sharp(plane, { raw: { width, height, channels: count } })
    return resizeTo(image, { shape, policy: resize, grey: count === 1, deep })
  }
  if (channels === 1) return resample(data, 1)
  if (channels === 3 && pixels.layout === 'HWC') return resample(data, 3)
  const planes = splitPlanes(data, pixels)
  const resampled = await Promise.all(planes.map((plane) => resample(plane, 1)))
  const area = shape.height * shape.width
  const joined = deep ? new Uint16Array(channels * area) : new Uint8Array(channels * area)
  resampled.forEach((plane, channel) => joined.set(plane.data, channel * area))
  return { shape: { ...shape, channels }, layout: 'CHW', data: joined }
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

type Resizing = Depth & { readonly shape: ImageShape; readonly policy: ResizePolicy }

/** libvips makes smaller, `enlarge` larger; for a stretched picture each axis by itself, its size unread. */
async function resizeTo(image: Sharp, { shape, policy, ...depth }: Resizing): Promise<RawPixels> {
  if (policy !== 'stretch') {
    const { autoOrient } = await image.metadata()
    if (grows(autoOrient, shape, policy)) return enlarge(await extract(image, depth), shape, policy)
  }
  image.resize(shape.width, shape.height, {
    fit: FITS[policy],
    kernel: 'linear',
    background: BLACK,
    withoutEnlargement: policy === 'stretch',
  })
  const pixels = await extract(image, depth)
  return grows(pixels.shape, shape, policy) ? enlarge(pixels, shape, policy) : pixels
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
    `expected PNG, JPEG, WebP, TIFF, GIF or AVIF, got ${foreign?.title ?? unknown} in ${where}${foreign?.hint ? `: ${foreign.hint}` : ''}`,
  )
}

function translate(error: unknown, where: string, pixelLimit: number): DriftError {
  if (error instanceof DriftError) return error
  const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
  if (/pixel limit/i.test(detail ?? '')) {
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

function toUint16(values: Float32Array): Uint16Array {
  const scaled = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    scaled[i] = Math.round(Math.min(1, Math.max(0, values[i])) * 65535)
  }
  return scaled
}

function splitPlanes<T extends Uint8Array | Uint16Array>(data: T, pixels: RawPixels): T[] {
  const { channels, height, width } = pixels.shape
  const area = height * width
  return Array.from({ length: channels }, (_, channel) => {
    const plane = data.slice(channel * area, (channel + 1) * area) as T
    if (pixels.layout === 'HWC') {
      for (let i = 0; i < area; i++) plane[i] = data[i * channels + channel]
    }
    return plane
  })
}
