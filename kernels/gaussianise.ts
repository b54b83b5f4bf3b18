/** Knots per column; see fitGaussianiser. */
const knotCount = 32
/** Relative differences below this are rounding of float32 sums. */
const rounding: f64 = 1e-5
/** No column may speak louder than this many standard deviations. */
const clip: f32 = 10

/** Every fourth knot of the column at hand, from the fourth on, and one that no value reaches. */
const coarse = memory.data(8 * 4, 16)

/** Turns `count` rows of `size` values into normal scores, in place; `count` is a multiple of 4. Per column, `knots` and
 * `scores` hold 32 numbers and `scales` one; 16 bytes behind the knots and scores must be readable. */
export function gaussianise(
  rows: usize,
  count: i32,
  size: i32,
  knots: usize,
  scores: usize,
  scales: usize,
): void {
  const stride = (<usize>size) << 2
  for (const end = rows + stride; rows < end; rows += 4) {
    gatherCoarse(knots)
    if (load<f32>(scales) > 0) mapColumn(rows, stride, count, knots, scores, scales)
    else mapRigidColumn(rows, stride, count, knots, scores)
    knots += knotCount << 2
    scores += knotCount << 2
    scales += 4
  }
}

function gatherCoarse(knots: usize): void {
  for (let k: usize = 0; k < 7; k++) store<f32>(coarse + 4 * k, load<f32>(knots + 16 * (k + 1)))
  store<f32>(coarse, Infinity, 28)
}

function mapColumn(
  values: usize,
  stride: usize,
  count: i32,
  knots: usize,
  scores: usize,
  scale: usize,
): void {
  const lower = v128.load(coarse)
  const upper = v128.load(coarse, 16)
  const deviation = v128.load32_splat(scale)
  const first = v128.load32_splat(knots)
  const last = v128.load32_splat(knots, 4 * knotCount - 4)
  for (; count > 0; count -= 4, values += 4 * stride) {
    const third = values + 2 * stride
    const a = lastKnot(values, lower, upper, knots)
    const b = lastKnot(values + stride, lower, upper, knots)
    const c = lastKnot(third, lower, upper, knots)
    const d = lastKnot(third + stride, lower, upper, knots)
    let value = v128.load32_zero(values)
    value = v128.load32_lane(values + stride, value, 1)
    value = v128.load32_lane(third, value, 2)
    value = v128.load32_lane(third + stride, value, 3)
    const kneeAB = v128.load64_lane(knots + b, v128.load64_zero(knots + a), 1)
    const kneeCD = v128.load64_lane(knots + d, v128.load64_zero(knots + c), 1)
    const riseAB = v128.load64_lane(scores + b, v128.load64_zero(scores + a), 1)
    const riseCD = v128.load64_lane(scores + d, v128.load64_zero(scores + c), 1)
    const knot = v128.shuffle<i32>(kneeAB, kneeCD, 0, 2, 4, 6)
    const base = v128.shuffle<i32>(riseAB, riseCD, 0, 2, 4, 6)
    const width = f32x4.sub(v128.shuffle<i32>(kneeAB, kneeCD, 1, 3, 5, 7), knot)
    const rise = f32x4.sub(v128.shuffle<i32>(riseAB, riseCD, 1, 3, 5, 7), base)
    // Beyond the outermost knots, a standard deviation is one.
    const isOutside = v128.or(f32x4.lt(value, first), f32x4.ge(value, last))
    const run = v128.bitselect(deviation, width, isOutside)
    const slope = f32x4.div(f32x4.sub(value, knot), run)
    const step = f32x4.mul(slope, v128.bitselect(f32x4.splat(1), rise, isOutside))
    const score = f32x4.add(base, step)
    const clipped = f32x4.pmax(f32x4.pmin(score, f32x4.splat(clip)), f32x4.splat(-clip))
    v128.store32_lane(values, clipped, 0)
    v128.store32_lane(values + stride, clipped, 1)
    v128.store32_lane(third, clipped, 2)
    v128.store32_lane(third + stride, clipped, 3)
  }
}

/** Where the last knot is that the value at `address` reaches, in bytes; the first where it reaches none. */
function lastKnot(address: usize, lower: v128, upper: v128, knots: usize): usize {
  const value = v128.load32_splat(address)
  const fours =
    popcnt(i32x4.bitmask(f32x4.le(lower, value))) + popcnt(i32x4.bitmask(f32x4.le(upper, value)))
  const four = v128.load(knots + ((<usize>fours) << 4))
  const reached = 4 * fours + popcnt(i32x4.bitmask(f32x4.le(four, value)))
  return (<usize>(reached - i32(reached > 0))) << 2
}

/** A column that never varied: outside its knots nothing counts but that a value differs from them. */
function mapRigidColumn(
  values: usize,
  stride: usize,
  count: i32,
  knots: usize,
  scores: usize,
): void {
  const lower = v128.load(coarse)
  const upper = v128.load(coarse, 16)
  for (; count > 0; count--, values += stride) {
    const knot = lastKnot(values, lower, upper, knots)
    const distance = difference(values, knots + knot)
    let score = load<f32>(scores + knot)
    if (distance > 0 && knot < 4 * knotCount - 4) {
      const share = distance / difference(knots + knot + 4, knots + knot)
      score = <f32>(<f64>score + share * difference(scores + knot + 4, scores + knot))
    } else if (abs(distance) > rounding * abs(<f64>load<f32>(knots + knot))) {
      score = distance > 0 ? clip : -clip
    }
    store<f32>(values, min(clip, max(-clip, score)))
  }
}

function difference(a: usize, b: usize): f64 {
  return <f64>load<f32>(a) - <f64>load<f32>(b)
}
