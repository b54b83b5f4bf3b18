/** Where EXIF data stand in an AVIF or another picture in the boxes of ISO 23008-12. */

/** A box: its type, and its content from `start` to before `end`. */
type Box = { readonly type: string; readonly start: number; readonly end: number }

/** More items than that no picture has. */
const MOST_ITEMS = 10_000

/** The EXIF data, as they are in a TIFF; undefined where there are none, or they can't be followed. */
export function findHeifExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const meta = findBox(view, { start: 0, end: view.byteLength }, 'meta')
    // Version and flags come before the boxes inside.
    const inside = meta && { start: meta.start + 4, end: meta.end }
    const names = inside && findBox(view, inside, 'iinf')
    const places = inside && findBox(view, inside, 'iloc')
    const item = names && findItem(view, names, 'Exif')
    if (item === undefined || places === undefined) return undefined
    const place = placeOfItem(view, places, item)
    if (place === undefined) return undefined
    // Its first four bytes say how many stand between them and the header of the TIFF.
    const start = place.start + 4 + view.getUint32(place.start)
    return bytes.subarray(start, place.end)
  } catch (error) {
    // Cut or damaged: the picture itself may be sound.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

type Span = { readonly start: number; readonly end: number }

function findBox(view: DataView, within: Span, type: string): Box | undefined {
  for (const box of boxesOf(view, within)) if (box.type === type) return box
  return undefined
}

function* boxesOf(view: DataView, { start, end }: Span): Generator<Box> {
  for (let at = start; at + 8 <= end;) {
    const size = view.getUint32(at)
    const isLong = size === 1
    const length = isLong ? Number(view.getBigUint64(at + 8)) : size === 0 ? end - at : size
    const content = at + (isLong ? 16 : 8)
    if (at + length < content || at + length > end) return
    yield { type: nameAt(view, at + 4), start: content, end: at + length }
    at += length
  }
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...Array.from({ length: 4 }, (_, i) => view.getUint8(at + i)))
}

/** The number of the first item of a type. */
function findItem(view: DataView, { start, end }: Box, type: string): number | undefined {
  const first = start + (view.getUint8(start) === 0 ? 6 : 8)
  for (const box of boxesOf(view, { start: first, end })) {
    const version = view.getUint8(box.start)
    if (box.type !== 'infe' || version < 2) continue
    const isLong = version > 2
    const number = isLong ? view.getUint32(box.start + 4) : view.getUint16(box.start + 4)
    // Behind it two bytes on how it is protected.
    if (nameAt(view, box.start + (isLong ? 10 : 8)) === type) return number
  }
  return undefined
}

/** The first piece of an item that lies in the file itself. */
function placeOfItem(view: DataView, { start }: Box, item: number): Span | undefined {
  const reader = readerAt(view, start)
  const version = reader.read(1)
  reader.read(3)
  const [offsets, rest] = [reader.read(1), reader.read(1)]
  const sizes = {
    offset: offsets >> 4,
    length: offsets & 15,
    base: rest >> 4,
    index: version === 0 ? 0 : rest & 15,
  }
  const width = version < 2 ? 2 : 4
  const count = Math.min(reader.read(width), MOST_ITEMS)
  for (let i = 0; i < count; i++) {
    const number = reader.read(width)
    const method = version === 0 ? 0 : reader.read(2) & 15
    reader.read(2)
    const base = reader.read(sizes.base)
    const extents = reader.read(2)
    for (let extent = 0; extent < extents; extent++) {
      reader.read(sizes.index)
      const from = base + reader.read(sizes.offset)
      const to = from + reader.read(sizes.length)
      if (number === item && extent === 0 && method === 0) return { start: from, end: to }
    }
  }
  return undefined
}

/** Reads whole numbers of so many bytes one after the other; of none it is zero. */
function readerAt(view: DataView, start: number): { read(bytes: number): number } {
  let at = start
  return {
    read(bytes) {
      let value = 0
      for (let i = 0; i < bytes; i++) value = value * 256 + view.getUint8(at++)
      return value
    },
  }
}
