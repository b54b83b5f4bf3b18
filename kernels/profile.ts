import { addUp, ratio } from './lanes'

/** Writes weight, mean and variance of the position 0, 1, 2… under the given weights; the middle where all are 0. */
export function measurePosition(weights: usize, count: i32, into: usize): void {
  let sums = f64x2.splat(0)
  let firsts = sums
  let seconds = sums
  let position = f64x2(0, 1)
  // Behind an odd number of weights, a zero.
  store<f64>(weights + ((<usize>count) << 3), 0)
  for (let i = 0; i < count; i += 2, weights += 16) {
    const value = v128.load(weights)
    const moment = f64x2.mul(position, value)
    sums = f64x2.add(sums, value)
    firsts = f64x2.add(firsts, moment)
    seconds = f64x2.add(seconds, f64x2.mul(position, moment))
    position = f64x2.add(position, f64x2.splat(2))
  }
  const weight = addUp(sums)
  const mean = ratio(addUp(firsts), weight, <f64>(count - 1) / 2)
  const square = ratio(addUp(seconds), weight, mean * mean)
  store<f64>(into, weight)
  store<f64>(into, mean, 8)
  store<f64>(into, max(0, square - mean * mean), 16)
}

/** Of `count` rows or columns of `length` pixels: writes the largest mean, the largest distance of an inner mean
 * from its two neighbours, and the smallest standard deviation. Writes one more sum and square. */
export function inspectProfile(
  sums: usize,
  squares: usize,
  count: i32,
  length: i32,
  into: usize,
): void {
  const end = (<usize>count) << 3
  // Behind an odd number, the last once more.
  store<f64>(sums + end, load<f64>(sums + end - 8))
  store<f64>(squares + end, load<f64>(squares + end - 8))
  const divisor = f64x2.splat(<f64>length)
  let most = f64x2.splat(0)
  let least = f64x2.splat(Infinity)
  for (let at: usize = 0; at < end; at += 16) {
    const sum = v128.load(sums + at)
    const mean = f64x2.div(sum, divisor)
    const square = f64x2.div(v128.load(squares + at), divisor)
    most = f64x2.pmax(most, sum)
    least = f64x2.pmin(least, f64x2.sub(square, f64x2.mul(mean, mean)))
  }
  store<f64>(into, largest(most) / length)
  store<f64>(into, strongestLine(sums, count) / length, 8)
  const variance = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1))
  store<f64>(into, Math.sqrt(max(0, variance)), 16)
}

/** Largest distance of an inner entry from the mean of its two neighbours. */
function strongestLine(sums: usize, count: i32): f64 {
  let most = f64x2.splat(0)
  if (count < 3) return 0
  for (let i = 1; i < count - 1; i += 2) {
    // The last two once more where one is left.
    const at = sums + ((<usize>max(1, min(i, count - 3))) << 3)
    const beside = f64x2.add(v128.load(at - 8), v128.load(at, 8))
    const half = f64x2.mul(beside, f64x2.splat(0.5))
    most = f64x2.pmax(most, f64x2.abs(f64x2.sub(v128.load(at), half)))
  }
  return count === 3 ? f64x2.extract_lane(most, 0) : largest(most)
}

function largest(v: v128): f64 {
  return max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1))
}

/** Standard deviation (divisor n) from Σ v and Σ v². */
export function deviationOf(sum: f64, square: f64, count: i32): f64 {
  const mean = sum / count
  return Math.sqrt(max(0, square / count - mean * mean))
}
