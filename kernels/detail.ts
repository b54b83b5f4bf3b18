import { addFloats, firstLanes, largestLane, loadFirst, ratio, total, write } from './lanes'

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
  const stride = (<usize>width) << 2
  memory.fill(sums, 0, 8 * 16)
  v128.store(bright, f32x4.splat(0))
  v128.store(dark, f32x4.splat(0))
  for (let y = 0; y < height; y++) {
    const row = grey + <usize>y * stride
    sumAcross(row, width - 1)
    if (y < height - 1) sumDown(row, stride, width)
    if (y > 0 && y < height - 1) sumCurvature(row, stride, width - 2)
  }
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

/** Steps from `count` pixels to their right neighbours. */
function sumAcross(row: usize, count: i32): void {
  let sum = f32x4.splat(0)
  let square = f32x4.splat(0)
  let still = i32x4.splat(0)
  for (let x = 0; x < count; x += 4, row += 16) {
    const inside = firstLanes(count - x)
    const step = f32x4.abs(f32x4.sub(v128.load(row, 4), v128.load(row)))
    const kept = v128.and(step, inside)
    sum = f32x4.add(sum, kept)
    square = f32x4.add(square, f32x4.mul(kept, kept))
    still = i32x4.sub(still, v128.and(f32x4.le(step, f32x4.splat(flatStep)), inside))
  }
  addFloats(across, sum)
  addFloats(acrossSquare, square)
  addFloats(flat, f32x4.convert_i32x4_s(still))
}

/** Steps from a row to the one below. */
function sumDown(row: usize, stride: usize, count: i32): void {
  let sum = f32x4.splat(0)
  let square = f32x4.splat(0)
  for (let x = 0; x < count; x += 4, row += 16) {
    const step = f32x4.abs(f32x4.sub(loadFirst(row + stride, count - x), loadFirst(row, count - x)))
    sum = f32x4.add(sum, step)
    square = f32x4.add(square, f32x4.mul(step, step))
  }
  addFloats(down, sum)
  addFloats(downSquare, square)
}

/** 3×3 neighbourhoods around `count` pixels of a row, from its second on. */
function sumCurvature(row: usize, stride: usize, count: i32): void {
  let grain = f32x4.splat(0)
  let squares = f32x4.splat(0)
  let peak = v128.load(bright)
  let pit = v128.load(dark)
  for (let x = 0; x < count; x += 4, row += 16) {
    const inside = firstLanes(count - x)
    const north = v128.load(row - stride, 4)
    const west = v128.load(row)
    const here = v128.load(row, 4)
    const east = v128.load(row, 8)
    const south = v128.load(row + stride, 4)
    const bend = secondDifference(north, here, south)
    // Immerkær's mask is the product of the second differences [1 −2 1] down and across.
    const westBend = secondDifference(v128.load(row - stride), west, v128.load(row + stride))
    const eastBend = secondDifference(v128.load(row - stride, 8), east, v128.load(row + stride, 8))
    const mask = f32x4.abs(secondDifference(westBend, bend, eastBend))
    grain = f32x4.add(grain, v128.and(mask, inside))
    const curve = v128.and(f32x4.add(bend, secondDifference(west, here, east)), inside)
    squares = f32x4.add(squares, f32x4.mul(curve, curve))
    const high = f32x4.pmax(f32x4.pmax(north, south), f32x4.pmax(west, east))
    const low = f32x4.pmin(f32x4.pmin(north, south), f32x4.pmin(west, east))
    peak = f32x4.pmax(peak, v128.and(f32x4.sub(here, high), inside))
    pit = f32x4.pmax(pit, v128.and(f32x4.sub(low, here), inside))
  }
  addFloats(noise, grain)
  addFloats(laplacian, squares)
  v128.store(bright, peak)
  v128.store(dark, pit)
}

function secondDifference(before: v128, here: v128, after: v128): v128 {
  return f32x4.add(f32x4.sub(before, f32x4.add(here, here)), after)
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
