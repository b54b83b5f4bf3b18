/** Four lanes that are set, and eight that are not: the middle of them is where `firstLanes` begins. */
const tailMasks = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0], 16)

/** All bits set in the first `count` lanes of four: in all from 4 on, in none from 0 down to −4. */
export function firstLanes(count: i32): v128 {
  return v128.load(tailMasks + 16 - (min(count, 4) << 2))
}

/** Rows of a strip, four columns wide, that are summed in floats: their rounding stays below that of the pixels. */
export const runLength = 64

/** The first `count` floats at `address`, zeros behind them. */
export function loadFirst(address: usize, count: i32): v128 {
  return v128.and(v128.load(address), firstLanes(count))
}

/** The lower two floats as doubles. */
export function lowDoubles(v: v128): v128 {
  return f64x2.promote_low_f32x4(v)
}

/** The upper two floats as doubles. */
export function highDoubles(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3))
}

/** Adds four float sums of a short run to the two double sums at `slot`. */
export function addFloats(slot: usize, v: v128): void {
  addDoubles(slot, f64x2.add(lowDoubles(v), highDoubles(v)))
}

/** The same of the lanes that are set in `inside`. */
export function addInside(slot: usize, v: v128, inside: v128): void {
  addFloats(slot, v128.and(v, inside))
}

/** Adds to the two double sums at `slot`. */
export function addDoubles(slot: usize, v: v128): void {
  v128.store(slot, f64x2.add(v128.load(slot), v))
}

/** The two double sums at `slot`, added up. */
export function total(slot: usize): f64 {
  return load<f64>(slot) + load<f64>(slot, 8)
}

/** Both lanes, added up. */
export function addUp(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}

/** The largest of four floats. */
export function largestLane(v: v128): f32 {
  const pairs = f32x4.pmax(v, v128.shuffle<i32>(v, v, 2, 3, 2, 3))
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1))
}

/** numerator / denominator, or `otherwise` where the denominator is not positive. */
export function ratio(numerator: f64, denominator: f64, otherwise: f64 = 0): f64 {
  return denominator > 0 ? numerator / denominator : otherwise
}

/** Writes the next number of a row of features. */
export function write(out: usize, index: i32, value: f64): void {
  store<f32>(out + ((<usize>index) << 2), <f32>value)
}
