/** What a page of a TIFF says of its pixels. */
export type TiffPage = {
  /** Bits of one sample. */
  readonly bits: number
  /** Unsigned integers, signed integers or floats; 4 and above are neither. */
  readonly sampleFormat: number
  readonly samples: number
  /** Samples that make the colour: 1 grey or palette, 3 RGB, 4 CMYK. */
  readonly colourSamples: number
  /** True when the first sample beyond the colour's is said to be alpha. */
  readonly hasAlpha: boolean
  readonly compression: number
  /** Samples are numbers of colours in a list. */
  readonly isPalette: boolean
  /** A smaller copy or a mask of another page. */
  readonly isAuxiliary: boolean
}

const TAGS = {
  subfileType: 254,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  extraSamples: 338,
  sampleFormat: 339,
} as const

/** Bytes of one value of each field type that is read: BYTE, SHORT, LONG, LONG8. */
const SIZES: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 16: 8 }

/** True when samples follow the colour that are no alpha, such as near infrared: they are no part of the picture. */
export function hasForeignSamples({ samples, colourSamples, hasAlpha }: TiffPage): boolean {
  return samples > colourSamples && !(hasAlpha && samples === colourSamples + 1)
}

/** More pages than this are no picture but a film; it also ends chains that lead back to themselves. */
const MOST_PAGES = 10_000

/** The pages of a TIFF or BigTIFF by their headers; as far as they can be followed where the file is damaged. */
export function readTiffPages(bytes: Uint8Array): TiffPage[] {
  const reader = openReader(bytes)
  const pages: TiffPage[] = []
  const seen = new Set<number>()
  try {
    for (let at = reader.firstPage(); at !== 0 && pages.length < MOST_PAGES;) {
      if (seen.has(at)) break
      seen.add(at)
      const { page, next } = readPage(reader, at)
      pages.push(page)
      at = next
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return pages
}

type Reader = {
  readonly isBig: boolean
  readonly firstPage: () => number
  readonly number: (at: number, size: 1 | 2 | 4 | 8) => number
}

function openReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  const number = (at: number, size: 1 | 2 | 4 | 8): number => {
    if (size === 1) return view.getUint8(at)
    if (size === 2) return view.getUint16(at, little)
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little))
  }
  const isBig = bytes.length >= 4 && number(2, 2) === 43
  return { isBig, number, firstPage: () => (isBig ? number(8, 8) : number(4, 4)) }
}

function readPage(reader: Reader, at: number): { page: TiffPage; next: number } {
  const { isBig, number } = reader
  const count = isBig ? number(at, 8) : number(at, 2)
  const entrySize = isBig ? 20 : 12
  const entries = at + (isBig ? 8 : 2)
  const fields = new Map<number, readonly number[]>()
  for (let i = 0; i < count; i++) {
    const entry = entries + i * entrySize
    fields.set(number(entry, 2), readField(reader, entry))
  }
  const first = (tag: number, missing: number): number => fields.get(tag)?.[0] ?? missing
  const photometric = first(TAGS.photometric, 1)
  const page = {
    bits: first(TAGS.bitsPerSample, 1),
    sampleFormat: first(TAGS.sampleFormat, 1),
    samples: first(TAGS.samplesPerPixel, 1),
    colourSamples:
      photometric === 5 ? 4 : photometric === 0 || photometric === 1 || photometric === 3 ? 1 : 3,
    hasAlpha: first(TAGS.extraSamples, 0) !== 0,
    compression: first(TAGS.compression, 1),
    isPalette: photometric === 3,
    isAuxiliary: (first(TAGS.subfileType, 0) & 0b101) !== 0,
  }
  const end = entries + count * entrySize
  return { page, next: isBig ? number(end, 8) : number(end, 4) }
}

/** The field's first values: enough for what is asked here. */
function readField({ isBig, number }: Reader, entry: number): number[] {
  const size = SIZES[number(entry + 2, 2)]
  if (size === undefined) return []
  const count = Math.min(isBig ? number(entry + 4, 8) : number(entry + 4, 4), 8)
  const place = entry + (isBig ? 12 : 8)
  const inline = count * size <= (isBig ? 8 : 4)
  const at = inline ? place : isBig ? number(place, 8) : number(place, 4)
  return Array.from({ length: count }, (_, i) => number(at + i * size, size))
}

const COMPRESSIONS: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  34_712: 'JPEG 2000',
  34_887: 'LERC',
  34_925: 'LZMA',
  50_000: 'zstd',
  50_001: 'WebP',
  50_002: 'JPEG XL',
}

/** Why the pixels of such a page aren't read, in words; undefined where nothing is known against it. */
export function whyNoTiffPixels({ bits, sampleFormat, compression }: TiffPage): string | undefined {
  const packed = COMPRESSIONS[compression]
  if (packed !== undefined) return `a TIFF with ${packed} compression`
  if (sampleFormat === 3) return `a TIFF of ${bits}-bit floats`
  if (sampleFormat === 2) return `a TIFF of ${bits}-bit signed integers`
  if (sampleFormat > 4) return 'a TIFF of complex numbers'
  return bits > 16 ? `a TIFF of ${bits}-bit integers` : undefined
}
