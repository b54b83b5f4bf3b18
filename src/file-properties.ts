/**
 * What an image's file says beside the pixels, as numbers: which columns there are, what their codes stand for, and what a
 * user calls that which may change. Zero is “not there” throughout: an array has a size and channels, and nothing else;
 * only a JPEG has a quality.
 */

/** What may change of files, and be tolerated by name. */
export const FILE_TRAITS = ['size', 'format', 'compression', 'channels', 'depth', 'camera'] as const

/** `size`: width, height and their ratio; `compression`: JPEG quality and chroma subsampling; `depth`: bits of a channel. */
export type FileTrait = (typeof FILE_TRAITS)[number]

/** A column of the properties of files. */
export type FileColumn = {
  readonly name: string
  /** Numbers, or codes of names. */
  readonly group: 'file' | 'file-kind'
  readonly title: string
  readonly trait: FileTrait
  /** What the codes from 1 on stand for, where they are of a fixed list. */
  readonly names?: readonly string[]
}

const FORMATS = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  gif: 'GIF',
  tiff: 'TIFF',
  avif: 'AVIF',
  bmp: 'BMP',
} as const

const CHANNELS = [
  'grey',
  'grey with transparency',
  'colour',
  'colour with transparency',
  'CMYK',
  'palette',
] as const

const SUBSAMPLINGS = ['4:4:4', '4:2:2', '4:2:0', '4:4:0', '4:1:1', 'other'] as const

/** Channels as a file holds them. */
export type FileChannels = (typeof CHANNELS)[number]

/** How much finer than its colours a JPEG's brightness is. */
export type ChromaSubsampling = (typeof SUBSAMPLINGS)[number]

/** Columns, in the order of the numbers of `fileRow`. */
export const FILE_COLUMNS: readonly FileColumn[] = [
  { name: 'image-width', group: 'file', title: 'width of the image (pixels)', trait: 'size' },
  { name: 'image-height', group: 'file', title: 'height of the image (pixels)', trait: 'size' },
  { name: 'aspect-ratio', group: 'file', title: 'aspect ratio (width by height)', trait: 'size' },
  { name: 'jpeg-quality', group: 'file', title: 'JPEG quality (1 to 100)', trait: 'compression' },
  {
    name: 'file-format',
    group: 'file-kind',
    title: 'file format',
    trait: 'format',
    names: Object.values(FORMATS),
  },
  {
    name: 'file-channels',
    group: 'file-kind',
    title: 'channels of the file',
    trait: 'channels',
    names: CHANNELS,
  },
  { name: 'bit-depth', group: 'file-kind', title: 'bits of a channel', trait: 'depth' },
  {
    name: 'chroma-subsampling',
    group: 'file-kind',
    title: 'chroma subsampling',
    trait: 'compression',
    names: SUBSAMPLINGS,
  },
  { name: 'camera-model', group: 'file-kind', title: 'camera model (EXIF)', trait: 'camera' },
]

/** What is known of an image's file; of an array the size and the channels. */
export type FileFacts = {
  /** As shown, turned where EXIF says so. */
  readonly width: number
  readonly height: number
  readonly channels?: FileChannels | undefined
  /** Absent where the image came as an array. */
  readonly format?: keyof typeof FORMATS | undefined
  /** Bits of a channel. */
  readonly depth?: number | undefined
  /** From 1 to 100, as libjpeg counts. */
  readonly quality?: number | undefined
  readonly subsampling?: ChromaSubsampling | undefined
  /** The camera's model by EXIF. */
  readonly camera?: string | undefined
}

const FORMAT_NAMES = Object.keys(FORMATS)

/** The facts as numbers, one for each of `FILE_COLUMNS`. */
export function fileRow(facts: FileFacts): number[] {
  const { width, height, channels, format, depth = 0, quality = 0, subsampling, camera } = facts
  return [
    width,
    height,
    width / height,
    quality,
    codeOf(FORMAT_NAMES, format),
    codeOf(CHANNELS, channels),
    depth,
    codeOf(SUBSAMPLINGS, subsampling),
    format === undefined ? 0 : cameraCode(camera),
  ]
}

function codeOf(names: readonly string[], name: string | undefined): number {
  return name === undefined ? 0 : names.indexOf(name) + 1
}

/** A file that names no camera. */
const NO_CAMERA = 1
/** Whole numbers below it are exact as 32-bit floats. */
const CODES = 2 ** 24

/** A number of a camera's model, the same everywhere; two of a thousand models get the same once in thirty times. */
export function cameraCode(model: string | undefined): number {
  if (model === undefined) return NO_CAMERA
  // FNV-1a.
  let hash = 0x811c9dc5
  for (const unit of new TextEncoder().encode(model))
    hash = Math.imul(hash ^ unit, 0x01000193) >>> 0
  return 1 + NO_CAMERA + (hash % (CODES - 1 - NO_CAMERA))
}

/** What a code of a column of names stands for; `cameras` are the models met, by their codes. */
export function nameOfCode(
  column: string,
  code: number,
  cameras: ReadonlyMap<number, string>,
): string {
  if (code === 0) return 'none'
  if (column === 'bit-depth') return `${code} bits`
  if (column === 'camera-model') {
    return code === NO_CAMERA ? 'none stated' : (cameras.get(code) ?? 'another camera')
  }
  const names = FILE_COLUMNS.find(({ name }) => name === column)?.names
  return names?.[code - 1] ?? `code ${code}`
}

const TRAIT_OF = new Map(FILE_COLUMNS.map(({ name, trait }) => [name, trait]))

/** What of files a column is about; undefined where it is not about files. */
export function fileTraitOf(column: string): FileTrait | undefined {
  return TRAIT_OF.get(column)
}

const FORMAT_PLACE = FILE_COLUMNS.findIndex(({ name }) => name === 'file-format')

/** Whether any of these rows, one after the other, is of a file: arrays have no format. */
export function hasFiles(rows: Float32Array): boolean {
  for (let i = FORMAT_PLACE; i < rows.length; i += FILE_COLUMNS.length)
    if (rows[i] !== 0) return true
  return false
}
