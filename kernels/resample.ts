/** Bilinear resampling of one picture, a row of the result at a time; whole numbers in, whole numbers out, floats between. */
export { reserve } from './memory'

/** sums[i] += the rows' values at i, each row by its weight, in the order of the rows; 16 columns at a time. */
export function addByteRows(
  rows: usize,
  stride: i32,
  count: i32,
  columns: i32,
  weights: usize,
  sums: usize,
): void {
  for (let column = 0; column < columns; column += 16) {
    const slot = sums + ((<usize>column) << 2)
    let a = v128.load(slot)
    let b = v128.load(slot, 16)
    let c = v128.load(slot, 32)
    let d = v128.load(slot, 48)
    let at = rows + <usize>column
    for (let row = 0; row < count; row++) {
      const weight = v128.splat<f32>(load<f32>(weights + ((<usize>row) << 2)))
      const bytes = v128.load(at)
      const low = i16x8.extend_low_i8x16_u(bytes)
      const high = i16x8.extend_high_i8x16_u(bytes)
      a = addWeighted(a, i32x4.extend_low_i16x8_u(low), weight)
      b = addWeighted(b, i32x4.extend_high_i16x8_u(low), weight)
      c = addWeighted(c, i32x4.extend_low_i16x8_u(high), weight)
      d = addWeighted(d, i32x4.extend_high_i16x8_u(high), weight)
      at += <usize>stride
    }
    v128.store(slot, a)
    v128.store(slot, b, 16)
    v128.store(slot, c, 32)
    v128.store(slot, d, 48)
  }
}

/** The same of values of two bytes, 8 columns at a time; `stride` is in bytes. */
export function addShortRows(
  rows: usize,
  stride: i32,
  count: i32,
  columns: i32,
  weights: usize,
  sums: usize,
): void {
  for (let column = 0; column < columns; column += 8) {
    const slot = sums + ((<usize>column) << 2)
    let a = v128.load(slot)
    let b = v128.load(slot, 16)
    let at = rows + ((<usize>column) << 1)
    for (let row = 0; row < count; row++) {
      const weight = v128.splat<f32>(load<f32>(weights + ((<usize>row) << 2)))
      const shorts = v128.load(at)
      a = addWeighted(a, i32x4.extend_low_i16x8_u(shorts), weight)
      b = addWeighted(b, i32x4.extend_high_i16x8_u(shorts), weight)
      at += <usize>stride
    }
    v128.store(slot, a)
    v128.store(slot, b, 16)
  }
}

/** Averages a summed row to `width` pixels: `first[x]` and `counts[x]` say which pixels, `weights` how much of each, one behind the other. */
export function averageToBytes(
  sums: usize,
  channels: i32,
  width: i32,
  first: usize,
  counts: usize,
  weights: usize,
  out: usize,
): void {
  averageTo<u8>(255, sums, channels, width, first, counts, weights, out)
}

/** The same to values of two bytes. */
export function averageToShorts(
  sums: usize,
  channels: i32,
  width: i32,
  first: usize,
  counts: usize,
  weights: usize,
  out: usize,
): void {
  averageTo<u16>(65535, sums, channels, width, first, counts, weights, out)
}

function averageTo<T>(
  most: i32,
  sums: usize,
  channels: i32,
  width: i32,
  first: usize,
  counts: usize,
  weights: usize,
  out: usize,
): void {
  for (let x = 0; x < width; x++) {
    const count = load<i32>(counts + ((<usize>x) << 2))
    const from = sums + ((<usize>(load<i32>(first + ((<usize>x) << 2)) * channels)) << 2)
    if (channels === 3) {
      storeColours<T>(out, averageColours(from, count, weights), most)
      out += 3 * sizeof<T>()
      weights += (<usize>count) << 2
      continue
    }
    for (let channel = 0; channel < channels; channel++) {
      const value = average(from + ((<usize>channel) << 2), channels, count, weights)
      store<T>(out, <T>min(most, <i32>(value + 0.5)))
      out += sizeof<T>()
    }
    weights += (<usize>count) << 2
  }
}

function addWeighted(sum: v128, integers: v128, weight: v128): v128 {
  return f32x4.add(sum, f32x4.mul(f32x4.convert_i32x4_u(integers), weight))
}

function average(from: usize, channels: i32, count: i32, weights: usize): f32 {
  let sum: f32 = 0
  for (let k = 0; k < count; k++) {
    sum += load<f32>(weights + ((<usize>k) << 2)) * load<f32>(from)
    from += (<usize>channels) << 2
  }
  return sum
}

/** The same of three channels at once, the fourth lane being the next pixel's first. */
function averageColours(from: usize, count: i32, weights: usize): v128 {
  let sum = f32x4.splat(0)
  for (let k = 0; k < count; k++) {
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + ((<usize>k) << 2)), v128.load(from)))
    from += 12
  }
  return sum
}

function storeColours<T>(out: usize, colours: v128, most: i32): void {
  const rounded = i32x4.trunc_sat_f32x4_s(f32x4.add(colours, f32x4.splat(0.5)))
  const limited = i32x4.min_s(rounded, i32x4.splat(most))
  store<T>(out, <T>i32x4.extract_lane(limited, 0))
  store<T>(out + sizeof<T>(), <T>i32x4.extract_lane(limited, 1))
  store<T>(out + 2 * sizeof<T>(), <T>i32x4.extract_lane(limited, 2))
}
