import type { ChromaSubsampling, FileChannels, FileFacts } from '../../file-properties.ts'
import { readCamera } from './exif.ts'
import { isFrame, type JpegSegment, visitSegments } from './jpeg-header.ts'
import { estimateQuality, readTable } from './jpeg-quality.ts'

const MARKERS = { exif: 0xe1, tables: 0xdb } as const

/** `Exif` and two zeros; XMP comes in segments of the same marker. */
const EXIF_TITLE = [0x45, 0x78, 0x69, 0x66, 0, 0]

/** The EXIF data of a JPEG, as they are in a TIFF. */
export function findJpegExif(bytes: Uint8Array): Uint8Array | undefined {
  let found: Uint8Array | undefined
  visitSegments(bytes, (segment) => {
    if (isExif(bytes, segment))
      found ??= bytes.subarray(segment.start + EXIF_TITLE.length, segment.end)
  })
  return found
}

function isExif(bytes: Uint8Array, { marker, start }: JpegSegment): boolean {
  return marker === MARKERS.exif && EXIF_TITLE.every((one, i) => bytes[start + i] === one)
}

/** What the segments in front of the picture say of it: as many as can be followed. */
export function readJpegFacts(bytes: Uint8Array): Omit<FileFacts, 'format' | 'width' | 'height'> {
  const tables: JpegSegment[] = []
  let frame: JpegSegment | undefined
  let camera: string | undefined
  visitSegments(bytes, (segment) => {
    const { marker, start, end } = segment
    if (marker === MARKERS.tables) tables.push(segment)
    if (isFrame(marker)) frame ??= segment
    if (isExif(bytes, segment))
      camera ??= readCamera(bytes.subarray(start + EXIF_TITLE.length, end))
  })
  return { camera, ...(frame && readFrame(bytes, frame.start, tables)) }
}

const CHANNELS: Readonly<Record<number, FileChannels>> = { 1: 'grey', 3: 'colour', 4: 'CMYK' }

/** Depth, height, width, number of components; of each its name, its sampling and its table. */
function readFrame(bytes: Uint8Array, start: number, tables: readonly JpegSegment[]) {
  const components = bytes[start + 5]
  const number = bytes[start + 8]
  const table = tables
    .map((segment) => readTable(bytes, segment, number))
    .findLast((one) => one !== undefined)
  return {
    channels: CHANNELS[components],
    depth: bytes[start],
    quality: table && estimateQuality(table),
    subsampling: components === 3 ? subsamplingOf(bytes[start + 7], bytes[start + 10]) : undefined,
  }
}

/** By how often brightness is sampled beside the first colour: across, then down. */
const SUBSAMPLINGS: Readonly<Record<string, ChromaSubsampling>> = {
  '1×1': '4:4:4',
  '2×1': '4:2:2',
  '2×2': '4:2:0',
  '1×2': '4:4:0',
  '4×1': '4:1:1',
}

function subsamplingOf(brightness: number, colour: number): ChromaSubsampling {
  const across = (brightness >> 4) / (colour >> 4)
  const down = (brightness & 15) / (colour & 15)
  return SUBSAMPLINGS[`${across}×${down}`] ?? 'other'
}
