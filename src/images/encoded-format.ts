/** The file formats that are decoded. */
export type EncodedFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif' | 'bmp'

const IMAGE_NAME =
  /\.(?:png|apng|jpe?g|jpe|jfif|webp|gif|tiff?|avif|heic|heif|bmp|dib|jp2|j2k|jxl|ico|p[gpbn]m|tga|svg|exr)$/i

/** True when the name claims to be a picture, also in a format that is not decoded. */
export function isImageName(path: string): boolean {
  return IMAGE_NAME.test(path)
}

/** What cameras, desktops and network storage leave beside pictures. */
const LEFTOVERS = new Set([
  '__macosx',
  '@eadir',
  '@tmp',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
])

/** True for names every reader passes over: hidden files, AppleDouble `._x`, and what systems leave (`@eaDir`, `Thumbs.db`). */
export function isHiddenPath(path: string): boolean {
  return path
    .split('/')
    .some(
      (part) => LEFTOVERS.has(part.toLowerCase()) || (part.startsWith('.') && !/^\.+$/.test(part)),
    )
}

/** The format by its first bytes; names lie. */
export function sniffFormat(bytes: Uint8Array): EncodedFormat | undefined {
  // Most are, and this is asked several times of each.
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16))
  const text = head.toString('latin1')
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (text.startsWith('GIF8')) return 'gif'
  if (isBitmap(head)) return 'bmp'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  if (/^(?:II[*+]\0|MM\0[*+])/.test(text)) return 'tiff'
  if (/^ftyp(?:avif|avis|mif1|msf1|miaf)/.test(text.slice(4))) return 'avif'
  return undefined
}

/** Two letters are not much: the size of the second header, behind them, must be one that there is. */
function isBitmap(head: Buffer): boolean {
  return head.length >= 16 && head.toString('latin1', 0, 2) === 'BM' && BITMAP_HEADERS.has(head[14])
}

/** Bytes of `BITMAPCOREHEADER`, `BITMAPINFOHEADER` and its later versions. */
const BITMAP_HEADERS = new Set([12, 40, 52, 56, 64, 108, 124])

/** Bits per sample of a PNG, from its header chunk. */
export function pngBitDepth(bytes: Uint8Array): number {
  return bytes[24] ?? 8
}
