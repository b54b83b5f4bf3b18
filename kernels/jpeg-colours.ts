/** From the samples of a JPEG's components to pixels: libjpeg's smooth enlarging of colours and its conversion, to the last bit. */

/** Copies rows of grey. */
export function copyRows(from: usize, stride: i32, height: i32, width: i32, out: usize): void {
  for (let y = 0; y < height; y++) {
    memory.copy(out, from, <usize>width)
    from += <usize>stride
    out += <usize>width
  }
}

/**
 * A row of a colour, made twice as wide: of two neighbours the nearer counts three times. Where the colour is halved from top
 * to bottom too (`isTall`) so does the `near` row beside the `far` one. Of both `count` samples are real; at `sums` there is
 * room for a number of two bytes for each and 32 bytes more.
 */
export function enlargeRow(
  near: usize,
  far: usize,
  count: i32,
  isTall: bool,
  sums: usize,
  out: usize,
): void {
  if (count <= 2) {
    // So does libjpeg: too narrow to be smooth.
    for (let x = 0; x < count; x++) {
      const sample = <i32>load<u8>(near + <usize>x)
      store<u16>(out + ((<usize>x) << 1), <u16>(sample * 257))
    }
    return
  }
  // One number in front, for the neighbour of the first.
  const row = sums + 16
  for (let x = 0; x < count; x += 8) {
    let sum = v128.load8x8_u(near + <usize>x)
    if (isTall) sum = i16x8.add(i16x8.mul(sum, i16x8.splat(3)), v128.load8x8_u(far + <usize>x))
    v128.store(row + ((<usize>x) << 1), sum)
  }
  const end = row + ((<usize>count) << 1)
  store<u16>(row - 2, load<u16>(row))
  store<u16>(end, load<u16>(end - 2))
  const shift = isTall ? 4 : 2
  const forLeft = i16x8.splat(isTall ? 8 : 1)
  const forRight = i16x8.splat(isTall ? 7 : 2)
  for (let at = row; at < end; at += 16, out += 16) {
    const triple = i16x8.mul(v128.load(at), i16x8.splat(3))
    const left = i16x8.add(i16x8.add(triple, v128.load(at - 2)), forLeft)
    const right = i16x8.add(i16x8.add(triple, v128.load(at + 2)), forRight)
    // The left one in the lower byte, the right one in the upper.
    const pair = v128.or(i16x8.shr_u(left, shift), i16x8.shl(i16x8.shr_u(right, shift), 8))
    v128.store(out, pair)
  }
}

/** Red, green and blue of `width` pixels, one pixel behind the other; up to 48 bytes more are written. */
export function convertRow(
  brightness: usize,
  blueness: usize,
  redness: usize,
  width: i32,
  out: usize,
): void {
  for (let x = 0; x < width; x += 16) {
    const y = v128.load(brightness + <usize>x)
    const b = i8x16.sub(v128.load(blueness + <usize>x), i8x16.splat(-128))
    const r = i8x16.sub(v128.load(redness + <usize>x), i8x16.splat(-128))
    const low = i16x8.extend_low_i8x16_u(y)
    const high = i16x8.extend_high_i8x16_u(y)
    const bLow = i16x8.extend_low_i8x16_s(b)
    const bHigh = i16x8.extend_high_i8x16_s(b)
    const rLow = i16x8.extend_low_i8x16_s(r)
    const rHigh = i16x8.extend_high_i8x16_s(r)
    storePixels(
      i8x16.narrow_i16x8_u(redOf(low, rLow), redOf(high, rHigh)),
      i8x16.narrow_i16x8_u(greenOf(low, bLow, rLow), greenOf(high, bHigh, rHigh)),
      i8x16.narrow_i16x8_u(blueOf(low, bLow), blueOf(high, bHigh)),
      out,
    )
    out += 48
  }
}

// The factors are libjpeg's, of 65,536, but for whole ones that leave a number of 16 bits: 1.402 is 1 and 26,345, 1.772 is 2
// less 14,942, and −0.714 is −1 and 18,734.

function redOf(y: v128, r: v128): v128 {
  return i16x8.add(i16x8.add(y, r), weigh(r, i16x8.splat(2), 26_345, 16_384))
}

function greenOf(y: v128, b: v128, r: v128): v128 {
  return i16x8.add(i16x8.sub(y, r), weighHalf(b, r))
}

function blueOf(y: v128, b: v128): v128 {
  return i16x8.add(i16x8.add(y, i16x8.shl(b, 1)), weigh(b, i16x8.splat(2), -14_942, 16_384))
}

/** (a × first + b × second) / 65,536, rounded down. */
function weigh(a: v128, b: v128, first: i16, second: i16): v128 {
  const factors = v128.or(
    v128.and(i16x8.splat(first), i32x4.splat(0xffff)),
    i32x4.shl(i32x4.splat(second), 16),
  )
  const low = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
  const high = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.dot_i16x8_s(low, factors), 16),
    i32x4.shr_s(i32x4.dot_i16x8_s(high, factors), 16),
  )
}

/** What green loses by both colours, rounded to the nearest. */
function weighHalf(b: v128, r: v128): v128 {
  const factors = i32x4.splat((18_734 << 16) | (-22_554 & 0xffff))
  const half = i32x4.splat(1 << 15)
  const low = v128.shuffle<i16>(b, r, 0, 8, 1, 9, 2, 10, 3, 11)
  const high = v128.shuffle<i16>(b, r, 4, 12, 5, 13, 6, 14, 7, 15)
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low, factors), half), 16),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high, factors), half), 16),
  )
}

/** Sixteen pixels of three bytes. */
// prettier-ignore
function storePixels(r: v128, g: v128, b: v128, out: usize): void {
  const first = v128.shuffle<u8>(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
  const second = v128.shuffle<u8>(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
  const middle = v128.shuffle<u8>(first, second, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26)
  v128.store(out, v128.shuffle<u8>(first, b, 0, 1, 16, 2, 3, 17, 4, 5, 18, 6, 7, 19, 8, 9, 20, 10))
  v128.store(out, v128.shuffle<u8>(middle, b, 0, 21, 1, 2, 22, 3, 4, 23, 5, 6, 24, 7, 8, 25, 9, 10), 16)
  v128.store(out, v128.shuffle<u8>(second, b, 26, 6, 7, 27, 8, 9, 28, 10, 11, 29, 12, 13, 30, 14, 15, 31), 32)
}
