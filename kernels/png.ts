/** What the data of a PNG without interlacing become: unpacked, then rows without their filters (PNG specification, 9.2). */
export { inflate } from './inflate'
export { reserve } from './memory'

/** Undoes the filters of rows of `rowBytes` bytes, each behind the byte that names its filter; `step` bytes, one or three, make
 * a pixel. Up to 16 bytes behind `from` are read, and behind `out` written; as many in front of `out` must be zeros. False
 * where there is no such filter. */
export function undoFilters(
  from: usize,
  rowBytes: i32,
  height: i32,
  step: i32,
  out: usize,
  zeros: usize,
): bool {
  let above = zeros
  const bytes = <usize>rowBytes
  for (let y = 0; y < height; y++) {
    const filter = load<u8>(from)
    from++
    if (filter > 4) return false
    if (filter === 0) memory.copy(out, from, bytes)
    else if (filter === 2) addRows(from, above, bytes, out)
    else if (step === 3) undoColours(filter, from, above, bytes, out)
    else undoBytes(filter, from, above, bytes, out)
    above = out
    from += bytes
    out += bytes
  }
  return true
}

function addRows(from: usize, above: usize, bytes: usize, out: usize): void {
  let x: usize = 0
  for (; x + 16 <= bytes; x += 16) {
    v128.store(out + x, i8x16.add(v128.load(from + x), v128.load(above + x)))
  }
  for (; x < bytes; x++) store<u8>(out + x, <u8>(load<u8>(from + x) + load<u8>(above + x)))
}

/** Left, mean and Paeth's choice, a byte after the other. */
function undoBytes(filter: u8, from: usize, above: usize, bytes: usize, out: usize): void {
  let left = 0
  let corner = 0
  for (let x: usize = 0; x < bytes; x++) {
    const up = <i32>load<u8>(above + x)
    const guess = filter === 1 ? left : filter === 3 ? (left + up) >> 1 : nearest(left, up, corner)
    left = (<i32>load<u8>(from + x) + guess) & 255
    corner = up
    store<u8>(out + x, <u8>left)
  }
}

function nearest(left: i32, up: i32, corner: i32): i32 {
  const toLeft = abs(up - corner)
  const toUp = abs(left - corner)
  const toCorner = abs(left + up - 2 * corner)
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
}

/** The same for pixels of three bytes, these at once; each writes a byte of the next one, which comes after it. */
function undoColours(filter: u8, from: usize, above: usize, bytes: usize, out: usize): void {
  let left = i16x8.splat(0)
  let corner = i16x8.splat(0)
  for (let x: usize = 0; x < bytes; x += 3) {
    const up = i16x8.extend_low_i8x16_u(v128.load32_zero(above + x))
    const own = i16x8.extend_low_i8x16_u(v128.load32_zero(from + x))
    const guess =
      filter === 1
        ? left
        : filter === 3
          ? i16x8.shr_u(i16x8.add(left, up), 1)
          : nearestColours(left, up, corner)
    left = v128.and(i16x8.add(own, guess), i16x8.splat(255))
    corner = up
    const packed = i8x16.narrow_i16x8_u(left, left)
    v128.store32_lane(out + x, packed, 0)
  }
}

function nearestColours(left: v128, up: v128, corner: v128): v128 {
  const fromUp = i16x8.sub(up, corner)
  const fromLeft = i16x8.sub(left, corner)
  const toLeft = i16x8.abs(fromUp)
  const toUp = i16x8.abs(fromLeft)
  const toCorner = i16x8.abs(i16x8.add(fromUp, fromLeft))
  const least = i16x8.min_s(toCorner, i16x8.min_s(toLeft, toUp))
  const other = v128.bitselect(up, corner, i16x8.eq(least, toUp))
  return v128.bitselect(left, other, i16x8.eq(least, toLeft))
}
