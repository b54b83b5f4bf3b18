import { isoTime } from '../record-time.ts'

const TAGS = { model: 272, changed: 306, more: 34_665, taken: 36_867, zone: 36_881 } as const
const ASCII = 2

/** More entries than that no camera writes. */
const MOST_ENTRIES = 1000
/** Longer texts are cut. */
const LONGEST = 64

/** The camera's model in EXIF data, which are built like a TIFF, or in a TIFF itself; undefined where it names none. */
export function readCamera(tiff: Uint8Array): string | undefined {
  return inTiff(tiff, ({ first, textOf }) => textOf(first, TAGS.model))
}

/** When the picture was taken by its EXIF data, else when it was last changed (ISO 8601; without a zone in UTC); undefined where they don't say. */
export function readTakenAt(tiff: Uint8Array): string | undefined {
  return inTiff(tiff, ({ first, textOf, numberOf }) => {
    const more = numberOf(first, TAGS.more)
    const taken = more === undefined ? undefined : textOf(more, TAGS.taken)
    const zone = more === undefined ? '' : (textOf(more, TAGS.zone) ?? '')
    const text = taken === undefined ? textOf(first, TAGS.changed) : `${taken}${zone}`
    return text === undefined ? undefined : timeOf(text)
  })
}

/** Cameras whose clock was never set write zeros. */
function timeOf(text: string): string | undefined {
  try {
    return isoTime(text, 'EXIF')
  } catch {
    return undefined
  }
}

/** Directories are where they begin. */
type Directories = {
  readonly first: number
  readonly textOf: (directory: number, tag: number) => string | undefined
  readonly numberOf: (directory: number, tag: number) => number | undefined
}

/** What `read` finds in the directories; undefined where they are cut or damaged: the picture itself may be sound. */
function inTiff(
  tiff: Uint8Array,
  read: (directories: Directories) => string | undefined,
): string | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  try {
    const little = view.getUint8(0) === 0x49
    if (view.getUint16(2, little) !== 42) return undefined
    const entryOf = (directory: number, tag: number): number | undefined => {
      const count = Math.min(view.getUint16(directory, little), MOST_ENTRIES)
      for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12) {
        if (view.getUint16(entry, little) === tag) return entry
      }
      return undefined
    }
    return read({
      first: view.getUint32(4, little),
      textOf: (directory, tag) => {
        const entry = entryOf(directory, tag)
        if (entry === undefined || view.getUint16(entry + 2, little) !== ASCII) return undefined
        const length = view.getUint32(entry + 4, little)
        const at = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
        return readText(tiff.subarray(at, at + Math.min(length, LONGEST)))
      },
      numberOf: (directory, tag) => {
        const entry = entryOf(directory, tag)
        return entry === undefined ? undefined : view.getUint32(entry + 8, little)
      },
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return undefined
  }
}

/** Up to the first zero byte, blanks and control characters as one blank. */
function readText(bytes: Uint8Array): string | undefined {
  const [text = ''] = new TextDecoder().decode(bytes).split('\0', 1)
  const name = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return name === '' ? undefined : name
}
