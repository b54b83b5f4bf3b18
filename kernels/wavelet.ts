import { addFloats, firstLanes, ratio, total, write } from './lanes'

const levels = 3
/** |a − b − c + d| in steps of 1/255 reaches 2 × 255. */
const binCount = 511
/** Distance from the nearest step beyond which rounding could decide; then doubles do. */
const nearHalf: f32 = 0.4995

/** Squares of a level's details, two double sums each. */
const sums = memory.data(3 * 16, 16)
const horizontal = sums
const vertical = sums + 16
const diagonal = sums + 32
/** Counts of neighbouring blocks, in two histograms: two equal bins in a row don't wait for each other. */
const evenBins = memory.data(2 * 512 * 4, 16)
const oddBins = evenBins + 512 * 4

/** Bytes for the half-size approximations of all levels. */
export function waveletBytes(height: i32, width: i32): usize {
  return (<usize>(height >> 1) * (width >> 1) + 64) << 3
}

/** Writes the 10 columns of the wavelet family. */
export function measureWavelet(
  grey: usize,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  measureSmoothNoise(grey, height, width, out)
  let source = grey
  let target = scratch
  for (let level = 0; level < levels; level++) {
    memory.fill(sums, 0, 3 * 16)
    for (let y = 0; y < height >> 1; y++) {
      const row = source + ((<usize>(2 * y * width)) << 2)
      transformRows(
        row,
        row + ((<usize>width) << 2),
        width >> 1,
        target + ((<usize>(y * (width >> 1))) << 2),
      )
    }
    height >>= 1
    width >>= 1
    // Twice the orthonormal amplitudes.
    const count = 4 * <f64>height * width
    write(out, 3 * level, Math.sqrt(ratio(total(horizontal), count)))
    write(out, 3 * level + 1, Math.sqrt(ratio(total(vertical), count)))
    write(out, 3 * level + 2, Math.sqrt(ratio(total(diagonal), count)))
    source = target
    target += (<usize>height * width + 16) << 2
  }
}

/** Two rows to `count` pixels of the half-size approximation; adds up the squares of the details. */
function transformRows(upper: usize, lower: usize, count: i32, target: usize): void {
  let acrossSum = f32x4.splat(0)
  let downSum = f32x4.splat(0)
  let crossSum = f32x4.splat(0)
  for (let x = 0; x < count; x += 4, upper += 32, lower += 32, target += 16) {
    const inside = firstLanes(count - x)
    const a = v128.and(evenOf(upper), inside)
    const b = v128.and(oddOf(upper), inside)
    const c = v128.and(evenOf(lower), inside)
    const d = v128.and(oddOf(lower), inside)
    const upperSum = f32x4.add(a, b)
    const lowerSum = f32x4.add(c, d)
    const upperStep = f32x4.sub(a, b)
    const lowerStep = f32x4.sub(c, d)
    v128.store(target, f32x4.mul(f32x4.add(upperSum, lowerSum), f32x4.splat(0.5)))
    const across = f32x4.add(upperStep, lowerStep)
    const down = f32x4.sub(upperSum, lowerSum)
    const cross = f32x4.sub(upperStep, lowerStep)
    acrossSum = f32x4.add(acrossSum, f32x4.mul(across, across))
    downSum = f32x4.add(downSum, f32x4.mul(down, down))
    crossSum = f32x4.add(crossSum, f32x4.mul(cross, cross))
  }
  addFloats(horizontal, acrossSum)
  addFloats(vertical, downSum)
  addFloats(diagonal, crossSum)
}

/** Every second of eight floats, from the first on. */
function evenOf(address: usize): v128 {
  return v128.shuffle<i32>(v128.load(address), v128.load(address, 16), 0, 2, 4, 6)
}

/** Every second of eight floats, from the second on. */
function oddOf(address: usize): v128 {
  return v128.shuffle<i32>(v128.load(address), v128.load(address, 16), 1, 3, 5, 7)
}

/** Mean of the smaller half of |diagonal detail|, from a histogram in steps of 1/510: edges do not count. */
function measureSmoothNoise(grey: usize, height: i32, width: i32, out: usize): void {
  const stride = (<usize>width) << 2
  memory.fill(evenBins, 0, 512 * 8)
  for (let y = 0; y < height >> 1; y++)
    countDiagonals(grey + <usize>(2 * y) * stride, stride, width >> 1)
  const half = ((height >> 1) * (width >> 1)) >> 1
  let counted = 0
  let sum: i64 = 0
  for (let bin = 0; counted < half && bin < binCount; bin++) {
    const at = (<usize>bin) << 2
    const times = min(load<i32>(evenBins + at) + load<i32>(oddBins + at), half - counted)
    counted += times
    sum += <i64>times * bin
  }
  write(out, 3 * levels, ratio(<f64>sum, 2 * 255 * <f64>half))
}

function countDiagonals(row: usize, stride: usize, count: i32): void {
  for (let x = 0; x < count; x += 4, row += 32) {
    const upper = f32x4.sub(evenOf(row), oddOf(row))
    const lower = f32x4.sub(evenOf(row + stride), oddOf(row + stride))
    const scaled = f32x4.mul(f32x4.abs(f32x4.sub(upper, lower)), f32x4.splat(255))
    const nearest = f32x4.nearest(scaled)
    const inside = firstLanes(count - x)
    const doubtful = f32x4.gt(f32x4.abs(f32x4.sub(scaled, nearest)), f32x4.splat(nearHalf))
    if (count - x < 4 || v128.any_true(v128.and(doubtful, inside))) {
      for (let k = 0; k < min(4, count - x); k++) countDiagonal(row + ((<usize>k) << 3), stride)
      continue
    }
    const bins = i32x4.min_u(i32x4.trunc_sat_f32x4_u(nearest), i32x4.splat(binCount - 1))
    const low = i64x2.extract_lane(bins, 0)
    const high = i64x2.extract_lane(bins, 1)
    increase(evenBins, <i32>low)
    increase(oddBins, <i32>(low >> 32))
    increase(evenBins, <i32>high)
    increase(oddBins, <i32>(high >> 32))
  }
}

function countDiagonal(block: usize, stride: usize): void {
  const upper = <f64>load<f32>(block) - <f64>load<f32>(block, 4)
  const lower = <f64>load<f32>(block + stride) - <f64>load<f32>(block + stride, 4)
  increase(evenBins, min(binCount - 1, <i32>(abs(upper - lower) * 255 + 0.5)))
}

function increase(bins: usize, bin: i32): void {
  const at = bins + ((<usize>bin) << 2)
  store<i32>(at, load<i32>(at) + 1)
}
