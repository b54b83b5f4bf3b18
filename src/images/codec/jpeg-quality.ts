/** Numbers of a quantisation table, as a JPEG lists them. */
const SIZE = 64

/** The luminance table of Annex K of the JPEG standard, in zigzag order, as a JPEG lists it. */
const STANDARD = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37,
  29, 40, 58, 51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
  95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
]

/** The table that libjpeg makes of the standard one for a quality (`jpeg_set_quality` without limits on 8 bits). */
function tableOf(quality: number): Uint16Array {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality
  return Uint16Array.from(STANDARD, (one) =>
    Math.min(255, Math.max(1, Math.floor((one * scale + 50) / 100))),
  )
}

let tables: readonly Uint16Array[] | undefined
let last: { readonly table: Uint16Array; readonly quality: number } | undefined

/**
 * The quality from 1 to 100 whose table by libjpeg is nearest to this one of the brightness (sum of absolute
 * differences): the very one that was asked for where libjpeg or Pillow wrote the file, the nearest for tables of others.
 */
export function estimateQuality(table: Uint16Array): number {
  // The files of a batch share their tables.
  if (last?.table.every((value, i) => value === table[i]) === true) return last.quality
  tables ??= Array.from({ length: 100 }, (_, i) => tableOf(i + 1))
  const distances = tables.map((known) => distanceOf(known, table))
  const quality = 1 + distances.indexOf(Math.min(...distances))
  last = { table, quality }
  return quality
}

function distanceOf(a: Uint16Array, b: Uint16Array): number {
  let sum = 0
  for (let i = 0; i < SIZE; i++) sum += Math.abs(a[i] - b[i])
  return sum
}

/** The table of this number in a segment of tables, if it is there and whole. */
export function readTable(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  number: number,
): Uint16Array | undefined {
  for (let at = start; at < end;) {
    const width = bytes[at] >> 4 === 0 ? 1 : 2
    const from = at + 1
    at = from + SIZE * width
    if (at > Math.min(end, bytes.length)) return undefined
    if ((bytes[from - 1] & 15) !== number) continue
    const table = new Uint16Array(SIZE)
    for (let i = 0; i < SIZE; i++) {
      table[i] = width === 1 ? bytes[from + i] : bytes[from + 2 * i] * 256 + bytes[from + 2 * i + 1]
    }
    return table
  }
  return undefined
}
