/** The inverse cosine transform of a JPEG's blocks: libjpeg's accurate one in integers (`jidctint.c`), to the last bit. */

/** Columns after the first pass, which are the rows of the second. */
const between = memory.data(64 * 4, 16)

/** Bits behind the point of the constants, and of the numbers between the passes. */
const constantBits = 13
const firstShift = constantBits - 2
const secondShift = constantBits + 2 + 3

/** Makes the 8×8 samples of a block of dequantised coefficients, 64 integers of 32 bits, and leaves zeros there. */
export function transformBlock(block: usize, out: usize, stride: usize): void {
  transformFour(block, between, firstShift)
  transformFour(block + 16, between + 128, firstShift)
  memory.fill(block, 0, 256)
  transformFour(between, block, secondShift)
  storeRows(block, out, stride)
  transformFour(between + 16, block, secondShift)
  storeRows(block, out + 4 * stride, stride)
  memory.fill(block, 0, 128)
}

/** The same where only the first coefficient is not zero. */
export function fillBlock(block: usize, out: usize, stride: usize): void {
  const sample = toBytes(i32x4.splat(((load<i32>(block) << 2) + 16) >> 5))
  store<i32>(block, 0)
  const row = i8x16.splat(i8x16.extract_lane_s(sample, 0))
  for (let y = 0; y < 8; y++) {
    v128.store64_lane(out, row, 0)
    out += stride
  }
}

/** Four rows of eight samples. */
function storeRows(rows: usize, out: usize, stride: usize): void {
  for (let y = 0; y < 4; y++) {
    const bytes = i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(centred(v128.load(rows)), centred(v128.load(rows, 16))),
      i16x8.splat(0),
    )
    v128.store64_lane(out, bytes, 0)
    rows += 32
    out += stride
  }
}

function toBytes(samples: v128): v128 {
  const shorts = i16x8.narrow_i32x4_s(centred(samples), centred(samples))
  return i8x16.narrow_i16x8_u(shorts, shorts)
}

/** Samples around 128; libjpeg takes their lowest ten bits, whatever a damaged file makes of the others. */
function centred(samples: v128): v128 {
  return i32x4.add(i32x4.shr_s(i32x4.shl(samples, 22), 22), i32x4.splat(128))
}

/** One pass over four columns, 32 bytes from row to row, which become four rows of eight. */
function transformFour(from: usize, to: usize, shift: i32): void {
  const c2 = v128.load(from, 64)
  const c6 = v128.load(from, 192)
  const turned = times(i32x4.add(c2, c6), 4433)
  const low = i32x4.sub(turned, times(c6, 15137))
  const high = i32x4.add(turned, times(c2, 6270))
  const c0 = v128.load(from)
  const c4 = v128.load(from, 128)
  const half = i32x4.splat(1 << (shift - 1))
  const sum = i32x4.add(i32x4.shl(i32x4.add(c0, c4), constantBits), half)
  const difference = i32x4.add(i32x4.shl(i32x4.sub(c0, c4), constantBits), half)
  const e0 = i32x4.add(sum, high)
  const e3 = i32x4.sub(sum, high)
  const e1 = i32x4.add(difference, low)
  const e2 = i32x4.sub(difference, low)

  const c1 = v128.load(from, 32)
  const c3 = v128.load(from, 96)
  const c5 = v128.load(from, 160)
  const c7 = v128.load(from, 224)
  const z5 = times(i32x4.add(i32x4.add(c7, c3), i32x4.add(c5, c1)), 9633)
  const z1 = times(i32x4.add(c7, c1), -7373)
  const z2 = times(i32x4.add(c5, c3), -20995)
  const z3 = i32x4.add(times(i32x4.add(c7, c3), -16069), z5)
  const z4 = i32x4.add(times(i32x4.add(c5, c1), -3196), z5)
  const o0 = i32x4.add(times(c1, 12299), i32x4.add(z1, z4))
  const o1 = i32x4.add(times(c3, 25172), i32x4.add(z2, z3))
  const o2 = i32x4.add(times(c5, 16819), i32x4.add(z2, z4))
  const o3 = i32x4.add(times(c7, 2446), i32x4.add(z1, z3))

  storeTurned(
    to,
    i32x4.shr_s(i32x4.add(e0, o0), shift),
    i32x4.shr_s(i32x4.add(e1, o1), shift),
    i32x4.shr_s(i32x4.add(e2, o2), shift),
    i32x4.shr_s(i32x4.add(e3, o3), shift),
  )
  storeTurned(
    to + 16,
    i32x4.shr_s(i32x4.sub(e3, o3), shift),
    i32x4.shr_s(i32x4.sub(e2, o2), shift),
    i32x4.shr_s(i32x4.sub(e1, o1), shift),
    i32x4.shr_s(i32x4.sub(e0, o0), shift),
  )
}

function times(numbers: v128, constant: i32): v128 {
  return i32x4.mul(numbers, i32x4.splat(constant))
}

/** Four columns as rows. */
function storeTurned(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const abLow = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const cdLow = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<i64>(abLow, cdLow, 0, 2))
  v128.store(to, v128.shuffle<i64>(abLow, cdLow, 1, 3), 32)
  v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 0, 2), 64)
  v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 1, 3), 96)
}
