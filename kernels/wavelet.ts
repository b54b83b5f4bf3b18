import { addInside, firstLanes, ratio, runLength, total, write } from './lanes'
import { planeBytes } from './memory'

const levels = 3
/** |a − b − c + d| in steps of 1/255 reaches 2 × 255. */
const binCount = 511
/** Distance from the nearest step beyond which rounding could decide; then doubles do. */
const nearHalf: f32 = 0.4995
/** 2²³: added to a smaller positive float, it leaves the nearest integer in the lowest bits. */
const integerBits: f32 = 8388608

/** Squares of a level's details, two double sums each. */
const sums = memory.data(3 * 16, 16)
const horizontal = sums
const vertical = sums + 16
const diagonal = sums + 32
/** Counts of neighbouring blocks, in two histograms: two equal bins in a row don't wait for each other. */
const evenBins = memory.data(2 * 512 * 4, 16)
const oddBins = evenBins + 512 * 4

/** Bytes for the half-size approximations and the diagonal details of a level. */
export function waveletBytes(height: i32, width: i32): usize {
  return 3 * planeBytes(height >> 1, width >> 1)
}

/** Writes the 10 columns of the wavelet family. */
export function measureWavelet(
  grey: usize,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  const plane = planeBytes(height >> 1, width >> 1)
  const details = scratch + 2 * plane
  let source = grey
  for (let level = 0; level < levels; level++) {
    // Each reads what the one before wrote, into one of two planes in turn.
    const target = scratch + <usize>(level & 1) * plane
    memory.fill(sums, 0, 3 * 16)
    transform(source, height >> level, width >> level, target, details)
    if (level === 0) measureSmoothNoise(grey, height, width, details, out)
    const pixels = <f64>(height >> (level + 1)) * (width >> (level + 1))
    // The sums are of twice the orthonormal amplitudes.
    write(out, 3 * level, Math.sqrt(ratio(total(horizontal), 4 * pixels)))
    write(out, 3 * level + 1, Math.sqrt(ratio(total(vertical), 4 * pixels)))
    write(out, 3 * level + 2, Math.sqrt(ratio(total(diagonal), 4 * pixels)))
    source = target
  }
}

/** Writes the half-size approximation and diagonal details; adds up the squares of all details. */
function transform(source: usize, height: i32, width: i32, target: usize, details: usize): void {
  const stride = (<usize>width) << 2
  const columns = width >> 1
  for (let y = 0; y < height >> 1; y += runLength) {
    const rows = min(runLength, (height >> 1) - y)
    // From right to left: the lanes beyond the last column are written over by the strips of the next row.
    for (let x = (columns - 1) & ~3; x >= 0; x -= 4) {
      const from = source + <usize>(2 * y) * stride + ((<usize>x) << 3)
      const to = (<usize>(y * columns + x)) << 2
      transformStrip(from, stride, rows, target + to, details + to, columns, columns - x)
    }
  }
}

function transformStrip(
  strip: usize,
  stride: usize,
  rows: i32,
  target: usize,
  details: usize,
  columns: i32,
  count: i32,
): void {
  let acrossSum = f32x4.splat(0)
  let downSum = f32x4.splat(0)
  let crossSum = f32x4.splat(0)
  for (let y = 0; y < rows; y++, strip += 2 * stride) {
    const a = evenOf(strip)
    const b = oddOf(strip)
    const c = evenOf(strip + stride)
    const d = oddOf(strip + stride)
    const upperSum = f32x4.add(a, b)
    const lowerSum = f32x4.add(c, d)
    const upperStep = f32x4.sub(a, b)
    const lowerStep = f32x4.sub(c, d)
    const across = f32x4.add(upperStep, lowerStep)
    const down = f32x4.sub(upperSum, lowerSum)
    const cross = f32x4.sub(upperStep, lowerStep)
    v128.store(target, f32x4.mul(f32x4.add(upperSum, lowerSum), f32x4.splat(0.5)))
    v128.store(details, cross)
    acrossSum = f32x4.add(acrossSum, f32x4.mul(across, across))
    downSum = f32x4.add(downSum, f32x4.mul(down, down))
    crossSum = f32x4.add(crossSum, f32x4.mul(cross, cross))
    target += (<usize>columns) << 2
    details += (<usize>columns) << 2
  }
  const inside = firstLanes(count)
  addInside(horizontal, acrossSum, inside)
  addInside(vertical, downSum, inside)
  addInside(diagonal, crossSum, inside)
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
function measureSmoothNoise(
  grey: usize,
  height: i32,
  width: i32,
  details: usize,
  out: usize,
): void {
  const columns = width >> 1
  const count = (height >> 1) * columns
  memory.fill(evenBins, 0, 512 * 8)
  let i = 0
  for (; i + 4 <= count; i += 4) {
    if (!countFour(details + ((<usize>i) << 2))) countExactly(grey, width, i, 4)
  }
  countExactly(grey, width, i, count - i)
  const half = count >> 1
  let counted = 0
  let sum: i64 = 0
  for (let bin = 0; counted < half && bin < binCount; bin++) {
    const at = (<usize>bin) << 2
    const times = min(load<i32>(at, evenBins) + load<i32>(at, oddBins), half - counted)
    counted += times
    sum += <i64>times * bin
  }
  write(out, 3 * levels, ratio(<f64>sum, 2 * 255 * <f64>half))
}

/** Counts four details, unless rounding could decide on the bin of one. */
function countFour(details: usize): bool {
  const scaled = f32x4.mul(f32x4.abs(v128.load(details)), f32x4.splat(255))
  const bins = f32x4.add(scaled, f32x4.splat(integerBits))
  const gap = f32x4.abs(f32x4.sub(scaled, f32x4.sub(bins, f32x4.splat(integerBits))))
  if (v128.any_true(f32x4.gt(gap, f32x4.splat(nearHalf)))) return false
  const limited = i32x4.min_u(i32x4.sub(bins, f32x4.splat(integerBits)), i32x4.splat(binCount - 1))
  const low = i64x2.extract_lane(limited, 0)
  const high = i64x2.extract_lane(limited, 1)
  increase(<usize>low, evenBins)
  increase(<usize>(low >> 32), oddBins)
  increase(<usize>high, evenBins)
  increase(<usize>(high >> 32), oddBins)
  return true
}

/** Counts `count` blocks from the number `block` on, in doubles. */
function countExactly(grey: usize, width: i32, block: i32, count: i32): void {
  const columns = width >> 1
  for (const end = block + count; block < end; block++) {
    const pixel = 2 * (block / columns) * width + 2 * (block % columns)
    const upper = grey + ((<usize>pixel) << 2)
    const lower = upper + ((<usize>width) << 2)
    const upperStep = <f64>load<f32>(upper) - <f64>load<f32>(upper, 4)
    const lowerStep = <f64>load<f32>(lower) - <f64>load<f32>(lower, 4)
    const bin = <i32>(abs(upperStep - lowerStep) * 255 + 0.5)
    increase(<usize>min(binCount - 1, bin), evenBins)
  }
}

function increase(bin: usize, bins: usize): void {
  const at = bins + (bin << 2)
  store<i32>(at, load<i32>(at) + 1)
}
