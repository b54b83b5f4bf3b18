/** What a JPEG says of itself in front of its first scan. */
export type JpegHeader = {
  readonly height: number
  readonly width: number
  readonly components: number
  /** Baseline, extended and progressive Huffman coding with 8 bits a sample are usual. */
  readonly hasUsualCoding: boolean
  readonly hasProfile: boolean
  /** EXIF or XMP, which may say that the picture is to be turned. */
  readonly hasExif: boolean
}

const MARKERS = { exif: 0xe1, profile: 0xe2, startOfScan: 0xda, endOfImage: 0xd9 } as const

/** A marker, and the content of its segment: bytes from `start` to before `end`. */
export type JpegSegment = { readonly marker: number; readonly start: number; readonly end: number }

/** SOF0 to SOF15 without DHT, JPG and DAC, which lie among them. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** The header; undefined where none can be followed to the first scan. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  let frame: Omit<JpegHeader, 'hasExif' | 'hasProfile'> | undefined
  let [hasExif, hasProfile] = [false, false]
  const isWhole = visitSegments(bytes, ({ marker, start }) => {
    hasExif ||= marker === MARKERS.exif
    hasProfile ||= marker === MARKERS.profile
    if (isFrame(marker)) frame ??= readFrame(bytes, start - 4)
  })
  return isWhole ? frame && { ...frame, hasExif, hasProfile } : undefined
}

/** Visits the segments in front of the first scan; false where none comes. */
export function visitSegments(bytes: Uint8Array, visit: (segment: JpegSegment) => void): boolean {
  for (let at = 2; at + 4 <= bytes.length;) {
    // A marker may have any number of fill bytes in front, and cameras leave bytes between segments.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at++
      continue
    }
    const marker = bytes[at + 1]
    if (marker === MARKERS.endOfImage) return false
    if (marker === MARKERS.startOfScan) return true
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3]
    visit({ marker, start: at + 4, end })
    at = end
  }
  return false
}

function readFrame(
  bytes: Uint8Array,
  at: number,
): Omit<JpegHeader, 'hasExif' | 'hasProfile'> | undefined {
  if (at + 10 > bytes.length) return undefined
  return {
    hasUsualCoding: bytes[at + 1] <= 0xc2 && bytes[at + 4] === 8,
    height: bytes[at + 5] * 256 + bytes[at + 6],
    width: bytes[at + 7] * 256 + bytes[at + 8],
    components: bytes[at + 9],
  }
}
