import {
  addFloats,
  addInside,
  firstLanes,
  largestLane,
  ratio,
  runLength,
  total,
  write,
} from './lanes'

/** Steps up to this (as a float) are rounding of the channel mean; a step of 16-bit data is 15 times larger. */
const flatStep: f32 = 1e-6

/** Sums over an image, two doubles each. */
const sums = memory.data(8 * 16, 16)
const across = sums
const acrossSquare = sums + 16
const down = sums + 32
const downSquare = sums + 48
const flat = sums + 64
const noise = sums + 80
const laplacian = sums + 96
const excess = sums + 112
/** Four floats each: the highest peak above and the deepest pit below all four neighbours. */
const bright = memory.data(16, 16)
const dark = memory.data(16, 16)

/** Writes the 10 columns of the detail family. */
export function measureDetail(grey: usize, height: i32, width: i32, out: usize): void {
  sumStrips(grey, height, width)
  const acrossCount = <f64>height * (width - 1)
  const downCount = <f64>(height - 1) * width
  const inner = <f64>max(0, height - 2) * max(0, width - 2)
  const acrossMean = ratio(total(across), acrossCount)
  const downMean = ratio(total(down), downCount)
  write(out, 0, acrossMean)
  write(out, 1, downMean)
  write(out, 2, Math.sqrt(ratio(total(acrossSquare), acrossCount)))
  write(out, 3, Math.sqrt(ratio(total(downSquare), downCount)))
  write(out, 4, ratio(total(flat), acrossCount))
  const blocks = excessAcross(grey, height, width) + excessDown(grey, height, width)
  write(out, 5, ratio(blocks, acrossMean + downMean))
  // Immerkær, Fast noise variance estimation, 1996, eq. 5.
  write(out, 6, Math.sqrt(Math.PI / 2) * ratio(total(noise), 6 * inner))
  write(out, 7, Math.sqrt(ratio(total(laplacian), inner)))
  write(out, 8, largestLane(v128.load(bright)))
  write(out, 9, largestLane(v128.load(dark)))
}

function sumStrips(grey: usize, height: i32, width: i32): void {
  const stride = (<usize>width) << 2
  memory.fill(sums, 0, 8 * 16)
  v128.store(bright, f32x4.splat(0))
  v128.store(dark, f32x4.splat(0))
  for (let y = 0; y < height; y += runLength) {
    const row = grey + <usize>y * stride
    const rows = min(runLength, height - y)
    for (let x = 0; x < width; x += 4) {
      const strip = row + ((<usize>x) << 2)
      const above = y > 0 ? strip - stride : strip
      sumSteps(strip, stride, rows, above, width - x)
      sumCurvature(strip, stride, min(rows, height - 2 - y), firstLanes(width - 2 - x))
    }
  }
}

/** Steps to the right neighbours and from the upper ones; there is none from a row to itself. */
function sumSteps(strip: usize, stride: usize, rows: i32, above: usize, count: i32): void {
  let right = f32x4.splat(0)
  let rightSquare = f32x4.splat(0)
  let still = i32x4.splat(0)
  let lower = f32x4.splat(0)
  let lowerSquare = f32x4.splat(0)
  let north = v128.load(above)
  for (let y = 0; y < rows; y++, strip += stride) {
    const here = v128.load(strip)
    const step = f32x4.abs(f32x4.sub(v128.load(strip, 4), here))
    right = f32x4.add(right, step)
    rightSquare = f32x4.add(rightSquare, f32x4.mul(step, step))
    still = i32x4.sub(still, f32x4.le(step, f32x4.splat(flatStep)))
    const fall = f32x4.sub(here, north)
    lower = f32x4.add(lower, f32x4.abs(fall))
    lowerSquare = f32x4.add(lowerSquare, f32x4.mul(fall, fall))
    north = here
  }
  const inside = firstLanes(count - 1)
  addInside(across, right, inside)
  addInside(acrossSquare, rightSquare, inside)
  addInside(flat, f32x4.convert_i32x4_s(still), inside)
  addInside(down, lower, firstLanes(count))
  addInside(downSquare, lowerSquare, firstLanes(count))
}

/** 3×3 neighbourhoods; the pixels of `strip` are the north-western corners of the first row of them. */
function sumCurvature(strip: usize, stride: usize, rows: i32, inside: v128): void {
  let grain = f32x4.splat(0)
  let squares = f32x4.splat(0)
  let peak = f32x4.splat(0)
  let pit = f32x4.splat(0)
  let north = v128.load(strip, 4)
  const northBend = bendAcross(strip)
  strip += stride
  let here = v128.load(strip, 4)
  let bend = bendAcross(strip)
  let fall = f32x4.sub(here, north)
  let bendStep = f32x4.sub(bend, northBend)
  for (let y = 0; y < rows; y++) {
    const west = v128.load(strip)
    const east = v128.load(strip, 8)
    strip += stride
    const south = v128.load(strip, 4)
    const nextFall = f32x4.sub(south, here)
    const curve = f32x4.add(bend, f32x4.sub(nextFall, fall))
    squares = f32x4.add(squares, f32x4.mul(curve, curve))
    // Immerkær's mask is the product of the second differences [1 −2 1] across and down.
    const southBend = bendAcross(strip)
    const nextBendStep = f32x4.sub(southBend, bend)
    grain = f32x4.add(grain, f32x4.abs(f32x4.sub(nextBendStep, bendStep)))
    const high = f32x4.pmax(f32x4.pmax(north, south), f32x4.pmax(west, east))
    const low = f32x4.pmin(f32x4.pmin(north, south), f32x4.pmin(west, east))
    peak = f32x4.pmax(peak, f32x4.sub(here, high))
    pit = f32x4.pmax(pit, f32x4.sub(low, here))
    north = here
    here = south
    fall = nextFall
    bend = southBend
    bendStep = nextBendStep
  }
  addInside(noise, grain, inside)
  addInside(laplacian, squares, inside)
  v128.store(bright, f32x4.pmax(v128.load(bright), v128.and(peak, inside)))
  v128.store(dark, f32x4.pmax(v128.load(dark), v128.and(pit, inside)))
}

/** Second difference [1 −2 1] of each pixel behind the first and its neighbours. */
function bendAcross(pixels: usize): v128 {
  const here = v128.load(pixels, 4)
  return f32x4.add(f32x4.sub(v128.load(pixels), f32x4.add(here, here)), v128.load(pixels, 8))
}

/** Mean step across the left-right borders of 8-pixel blocks minus the mean of the steps beside them. */
function excessAcross(grey: usize, height: i32, width: i32): f64 {
  const weights = f32x4(-0.5, 1, -0.5, 0)
  let borders = 0
  v128.store(excess, f64x2.splat(0))
  for (let border = 7; border < width - 2; border += 8, borders++) {
    let from = grey + ((<usize>(border - 1)) << 2)
    let sum = f32x4.splat(0)
    for (let y = 0; y < height; y++, from += (<usize>width) << 2) {
      const pixels = v128.load(from)
      const next = v128.shuffle<i32>(pixels, pixels, 1, 2, 3, 3)
      sum = f32x4.add(sum, f32x4.mul(f32x4.abs(f32x4.sub(next, pixels)), weights))
    }
    addFloats(excess, sum)
  }
  return ratio(total(excess), <f64>borders * height)
}

/** The same for the top-bottom borders. */
function excessDown(grey: usize, height: i32, width: i32): f64 {
  const stride = (<usize>width) << 2
  let borders = 0
  v128.store(excess, f64x2.splat(0))
  for (let border = 7; border < height - 2; border += 8, borders++) {
    let from = grey + <usize>(border - 1) * stride
    let sum = f32x4.splat(0)
    for (let x = 0; x < width; x += 4, from += 16) {
      const before = v128.load(from + stride)
      const after = v128.load(from + 2 * stride)
      const middle = f32x4.abs(f32x4.sub(after, before))
      const beside = f32x4.add(
        f32x4.abs(f32x4.sub(before, v128.load(from))),
        f32x4.abs(f32x4.sub(v128.load(from + 3 * stride), after)),
      )
      const gap = f32x4.sub(middle, f32x4.mul(beside, f32x4.splat(0.5)))
      sum = f32x4.add(sum, v128.and(gap, firstLanes(width - x)))
    }
    addFloats(excess, sum)
  }
  return ratio(total(excess), <f64>borders * width)
}
