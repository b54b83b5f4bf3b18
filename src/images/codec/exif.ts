const TAGS = { model: 272 } as const
const ASCII = 2

/** More entries than that no camera writes. */
const MOST_ENTRIES = 1000
/** Longer names are cut. */
const LONGEST_NAME = 64

/** The camera's model in EXIF data, which are built like a TIFF, or in a TIFF itself; undefined where it names none. */
export function readCamera(tiff: Uint8Array): string | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  try {
    const little = view.getUint8(0) === 0x49
    if (view.getUint16(2, little) !== 42) return undefined
    const start = view.getUint32(4, little)
    const count = Math.min(view.getUint16(start, little), MOST_ENTRIES)
    for (let entry = start + 2; entry < start + 2 + 12 * count; entry += 12) {
      if (view.getUint16(entry, little) !== TAGS.model) continue
      if (view.getUint16(entry + 2, little) !== ASCII) return undefined
      const length = view.getUint32(entry + 4, little)
      const at = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
      return readName(tiff.subarray(at, at + Math.min(length, LONGEST_NAME)))
    }
  } catch (error) {
    // Cut or damaged: the picture itself may be sound.
    if (!(error instanceof RangeError)) throw error
  }
  return undefined
}

/** Up to the first zero byte, blanks and control characters as one blank. */
function readName(bytes: Uint8Array): string | undefined {
  const [text = ''] = new TextDecoder().decode(bytes).split('\0', 1)
  const name = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return name === '' ? undefined : name
}
