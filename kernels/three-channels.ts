import { brightest, chroma, colourless, detail, greyTolerance } from './colour-sums'
import { addInside, firstLanes, runLength, total } from './lanes'

/** Sums over r, g, b less their pivots, two doubles each: values, squares, and the products rg, gb, rb. */
const sums = memory.data(9 * 16, 16)
/** The pivots: floats near the means, so that products of the differences can be summed in floats. */
const pivots = memory.data(3 * 4, 16)

/** The same numbers as for any number of channels, for red, green and blue in one pass. */
export function measureThree(
  values: usize,
  height: i32,
  width: i32,
  means: usize,
  squares: usize,
  products: usize,
): void {
  const count = height * width
  const size = (<usize>count) << 2
  const stride = (<usize>width) << 2
  memory.fill(sums, 0, 9 * 16)
  for (let c: usize = 0; c < 3; c++) store<f32>(pivots + 4 * c, roughMean(values + c * size, count))
  for (let y = 0; y < height; y += runLength) {
    const rows = min(runLength, height - y)
    for (let x = 0; x < width; x += 4) {
      const strip = values + ((<usize>(y * width + x)) << 2)
      sumProducts(strip, size, stride, rows, firstLanes(width - x))
      sumDifferences(strip, size, stride, rows, width - x)
    }
  }
  for (let c = 0; c < 3; c++) {
    const mean = <f64>load<f32>(pivots + (c << 2)) + total(sums + (c << 4)) / count
    store<f64>(means + (c << 3), mean)
  }
  for (let c = 0; c < 3; c++) {
    const other = c < 2 ? c + 1 : 0
    store<f64>(squares + (c << 3), meanProduct(c, c, 3 + c, means, count))
    store<f64>(products + (c << 3), meanProduct(c, other, 6 + c, means, count))
  }
}

/** Of every fourth four pixels. */
function roughMean(plane: usize, count: i32): f32 {
  if (count < 4) return load<f32>(plane)
  let sum = f32x4.splat(0)
  let taken = 0
  for (let i = 0; i + 4 <= count; i += 16, plane += 64, taken += 4) {
    sum = f32x4.add(sum, v128.load(plane))
  }
  const pairs = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 2, 3))
  return (f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)) / <f32>taken
}

/** Mean of a·b from the sum over (a − pivot)·(b − pivot) with the number `slot`. */
function meanProduct(a: i32, b: i32, slot: i32, means: usize, count: i32): f64 {
  const shifts = (total(sums + (a << 4)) / count) * (total(sums + (b << 4)) / count)
  const covariance = total(sums + (slot << 4)) / count - shifts
  return covariance + load<f64>(means + (a << 3)) * load<f64>(means + (b << 3))
}

function sumProducts(strip: usize, size: usize, stride: usize, rows: i32, inside: v128): void {
  const redPivot = v128.load32_splat(pivots)
  const greenPivot = v128.load32_splat(pivots, 4)
  const bluePivot = v128.load32_splat(pivots, 8)
  const zero = f32x4.splat(0)
  let r = zero
  let g = zero
  let b = zero
  let rr = zero
  let gg = zero
  let bb = zero
  let rg = zero
  let gb = zero
  let rb = zero
  for (let y = 0; y < rows; y++, strip += stride) {
    const red = f32x4.sub(v128.load(strip), redPivot)
    const green = f32x4.sub(v128.load(strip + size), greenPivot)
    const blue = f32x4.sub(v128.load(strip + 2 * size), bluePivot)
    r = f32x4.add(r, red)
    g = f32x4.add(g, green)
    b = f32x4.add(b, blue)
    rr = f32x4.add(rr, f32x4.mul(red, red))
    gg = f32x4.add(gg, f32x4.mul(green, green))
    bb = f32x4.add(bb, f32x4.mul(blue, blue))
    rg = f32x4.add(rg, f32x4.mul(red, green))
    gb = f32x4.add(gb, f32x4.mul(green, blue))
    rb = f32x4.add(rb, f32x4.mul(red, blue))
  }
  addInside(sums, r, inside)
  addInside(sums + 16, g, inside)
  addInside(sums + 32, b, inside)
  addInside(sums + 48, rr, inside)
  addInside(sums + 64, gg, inside)
  addInside(sums + 80, bb, inside)
  addInside(sums + 96, rg, inside)
  addInside(sums + 112, gb, inside)
  addInside(sums + 128, rb, inside)
}

function sumDifferences(strip: usize, size: usize, stride: usize, rows: i32, count: i32): void {
  let steps = f32x4.splat(0)
  let spreads = steps
  let highs = steps
  let grey = steps
  for (let y = 0; y < rows; y++, strip += stride) {
    const red = v128.load(strip)
    const green = v128.load(strip + size)
    const blue = v128.load(strip + 2 * size)
    const nextGreen = v128.load(strip + size, 4)
    const redGreen = f32x4.sub(f32x4.sub(v128.load(strip, 4), nextGreen), f32x4.sub(red, green))
    const nextBlue = v128.load(strip + 2 * size, 4)
    const greenBlue = f32x4.sub(f32x4.sub(nextGreen, nextBlue), f32x4.sub(green, blue))
    const redBlue = f32x4.abs(f32x4.add(redGreen, greenBlue))
    const others = f32x4.add(f32x4.abs(redGreen), f32x4.abs(greenBlue))
    steps = f32x4.add(steps, f32x4.add(redBlue, others))
    const high = f32x4.pmax(f32x4.pmax(red, green), blue)
    const low = f32x4.pmin(f32x4.pmin(red, green), blue)
    const spread = f32x4.sub(high, low)
    spreads = f32x4.add(spreads, spread)
    highs = f32x4.add(highs, high)
    grey = i32x4.sub(grey, f32x4.lt(spread, f32x4.splat(greyTolerance)))
  }
  const inside = firstLanes(count)
  addInside(detail, steps, firstLanes(count - 1))
  addInside(chroma, spreads, inside)
  addInside(brightest, highs, inside)
  addInside(colourless, f32x4.convert_i32x4_s(grey), inside)
}
