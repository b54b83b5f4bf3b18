import {
  addFloats,
  addUp,
  firstLanes,
  highDoubles,
  loadFirst,
  lowDoubles,
  ratio,
  total,
  write,
} from './lanes'

/** A pixel belongs to the content when it differs from the mean of the border by more than this. */
const contentContrast: f64 = 0.1

/** Σ |v − v mirrored| over half of the pixels: left to right, and top to bottom; two double sums each. */
const acrossMirror = memory.data(2 * 16, 16)
const downMirror = acrossMirror + 16
/** Results of `measureMoments`: weight, mean and variance of the position, along rows and along columns. */
const rowMoments = memory.data(2 * 24, 16)
const columnMoments = rowMoments + 24

/** Bytes for sums and squares of rows and columns, and a mask per column. */
export function layoutBytes(height: i32, width: i32): usize {
  return ((<usize>height) << 4) + <usize>(width + 4) * 20 + 64
}

/** Writes the 19 columns of the layout family. */
export function measureLayout(
  grey: usize,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  const padded = <usize>(width + 3) & ~3
  const columns = scratch
  const masks = columns + 16 * padded
  const rows = masks + 4 * padded
  memory.fill(columns, 0, 20 * padded)
  const product = sumProfiles(grey, height, width, columns, rows)
  const columnSquares = columns + 8 * padded
  const rowSquares = rows + ((<usize>height) << 3)
  writeBorder(grey, height, width, columns, rows, out)
  measureMoments(columns, width, columnMoments)
  measureMoments(rows, height, rowMoments)
  writeMoments(height, width, product, out)
  writeContent(grey, height, width, masks, out)
  sumMirrors(grey, height, width)
  const pixels = <f64>height * width
  write(out, 11, (2 * total(acrossMirror)) / pixels)
  write(out, 12, (2 * total(downMirror)) / pixels)
  write(out, 13, largest(rows, height) / width)
  write(out, 14, largest(columns, width) / height)
  write(out, 15, strongestLine(rows, height) / width)
  write(out, 16, strongestLine(columns, width) / height)
  write(out, 17, smallestDeviation(rows, rowSquares, height, width))
  write(out, 18, smallestDeviation(columns, columnSquares, width, height))
}

/** Sums and sums of squares of rows and columns, in doubles since they are subtracted; returns Σ x·y·v. */
function sumProfiles(grey: usize, height: i32, width: i32, columns: usize, rows: usize): f64 {
  let product: f64 = 0
  for (let y = 0; y < height; y++, rows += 8) {
    product += <f64>y * sumRow(grey + ((<usize>(y * width)) << 2), width, columns, rows, height)
  }
  return product
}

/** Adds a row to the columns, writes its own sums, and returns Σ x·v. */
function sumRow(row: usize, width: i32, columns: usize, rows: usize, height: i32): f64 {
  const squares = columns + ((<usize>(width + 3) & ~3) << 3)
  let sum = f64x2.splat(0)
  let square = sum
  let moment = sum
  let position = f64x2(0, 1)
  for (let x = 0; x < width; x += 4) {
    const at = (<usize>x) << 3
    const pixels = loadFirst(row + (at >> 1), width - x)
    const low = lowDoubles(pixels)
    const high = highDoubles(pixels)
    const lowSquare = f64x2.mul(low, low)
    const highSquare = f64x2.mul(high, high)
    sum = f64x2.add(sum, f64x2.add(low, high))
    square = f64x2.add(square, f64x2.add(lowSquare, highSquare))
    moment = f64x2.add(moment, f64x2.mul(low, position))
    position = f64x2.add(position, f64x2.splat(2))
    moment = f64x2.add(moment, f64x2.mul(high, position))
    position = f64x2.add(position, f64x2.splat(2))
    v128.store(columns + at, f64x2.add(v128.load(columns + at), low))
    v128.store(columns + at, f64x2.add(v128.load(columns + at, 16), high), 16)
    v128.store(squares + at, f64x2.add(v128.load(squares + at), lowSquare))
    v128.store(squares + at, f64x2.add(v128.load(squares + at, 16), highSquare), 16)
  }
  store<f64>(rows, addUp(sum))
  store<f64>(rows + ((<usize>height) << 3), addUp(square))
  return addUp(moment)
}

/** Mean and standard deviation of the outermost frame of pixels. */
function writeBorder(
  grey: usize,
  height: i32,
  width: i32,
  columns: usize,
  rows: usize,
  out: usize,
): void {
  let sum: f64
  let square: f64
  let count: i32
  const squares = columns + ((<usize>(width + 3) & ~3) << 3)
  const rowSquares = rows + ((<usize>height) << 3)
  const bottom = (<usize>(height - 1)) << 3
  const right = (<usize>(width - 1)) << 3
  if (height === 1) {
    sum = load<f64>(rows)
    square = load<f64>(rowSquares)
    count = width
  } else if (width === 1) {
    sum = load<f64>(columns)
    square = load<f64>(squares)
    count = height
  } else {
    const corner = grey + ((<usize>(width * (height - 1))) << 2)
    const a = <f64>load<f32>(grey)
    const b = <f64>load<f32>(grey + (right >> 1))
    const c = <f64>load<f32>(corner)
    const d = <f64>load<f32>(corner + (right >> 1))
    sum = ends(rows, bottom) + ends(columns, right) - (a + b + c + d)
    square = ends(rowSquares, bottom) + ends(squares, right) - (a * a + b * b + c * c + d * d)
    count = 2 * (width + height - 2)
  }
  write(out, 0, sum / count)
  write(out, 1, Math.sqrt(varianceOf(sum, square, count)))
}

function ends(sums: usize, last: usize): f64 {
  return load<f64>(sums) + load<f64>(sums + last)
}

/** Mean and variance of the position 0, 1, 2… under the given weights; the middle where all are 0. */
function measureMoments(weights: usize, count: i32, into: usize): void {
  let weight: f64 = 0
  let first: f64 = 0
  let second: f64 = 0
  for (let i = 0; i < count; i++) {
    const value = load<f64>(weights + ((<usize>i) << 3))
    const moment = <f64>i * value
    weight += value
    first += moment
    second += <f64>i * moment
  }
  const mean = ratio(first, weight, <f64>(count - 1) / 2)
  store<f64>(into, weight)
  store<f64>(into, mean, 8)
  store<f64>(into, max(0, ratio(second, weight, mean * mean) - mean * mean), 16)
}

/** Centre, spreads (standard deviations) and slant (correlation) of the brightness; dark images: 0.5, 0, 0. */
function writeMoments(height: i32, width: i32, product: f64, out: usize): void {
  const x = load<f64>(columnMoments, 8)
  const y = load<f64>(rowMoments, 8)
  const acrossVariance = load<f64>(columnMoments, 16)
  const downVariance = load<f64>(rowMoments, 16)
  const scale = Math.sqrt(acrossVariance * downVariance)
  write(out, 2, (x + 0.5) / width)
  write(out, 3, (y + 0.5) / height)
  write(out, 4, Math.sqrt(acrossVariance) / width)
  write(out, 5, Math.sqrt(downVariance) / height)
  const covariance = ratio(product, load<f64>(columnMoments)) - x * y
  write(out, 6, scale > 1e-6 ? covariance / scale : 0)
}

/** Bounding box of the content; without any, left = top = 1 and right = bottom = 0. */
function writeContent(grey: usize, height: i32, width: i32, masks: usize, out: usize): void {
  const border = <f64>load<f32>(out)
  const brightest = f32x4.splat(farthestBlank(border, contentContrast))
  const darkest = f32x4.splat(farthestBlank(border, -contentContrast))
  let top = height
  let bottom = 0
  for (let y = 0; y < height; y++) {
    let found = i32x4.splat(0)
    for (let x = 0; x < width; x += 4, grey += 16) {
      const pixels = v128.load(grey)
      const apart = v128.or(f32x4.gt(pixels, brightest), f32x4.lt(pixels, darkest))
      const content = v128.and(apart, firstLanes(width - x))
      const mask = masks + ((<usize>x) << 2)
      v128.store(mask, v128.or(v128.load(mask), content))
      found = v128.or(found, content)
    }
    grey -= (<usize>(-width & 3)) << 2
    if (v128.any_true(found)) {
      top = min(top, y)
      bottom = y + 1
    }
  }
  write(out, 7, <f64>firstSet(masks, width) / width)
  write(out, 8, <f64>lastSet(masks, width) / width)
  write(out, 9, <f64>top / height)
  write(out, 10, <f64>bottom / height)
}

/** The float farthest from `border` whose distance does not exceed |reach|, as doubles see it. */
function farthestBlank(border: f64, reach: f64): f32 {
  const edge = <f32>(border + reach)
  if (!(abs(<f64>edge - border) > contentContrast)) return edge
  const spacing = abs(edge) * 6e-8
  return reach > 0 ? edge - spacing : edge + spacing
}

/** The first of `width` columns whose mask is set; `width` without any. */
function firstSet(masks: usize, width: i32): i32 {
  let x = 0
  while (x < width && load<i32>(masks + ((<usize>x) << 2)) === 0) x++
  return x
}

/** One more than the last column whose mask is set; 0 without any. */
function lastSet(masks: usize, width: i32): i32 {
  let x = width
  while (x > 0 && load<i32>(masks + ((<usize>(x - 1)) << 2)) === 0) x--
  return x
}

function sumMirrors(grey: usize, height: i32, width: i32): void {
  const stride = (<usize>width) << 2
  memory.fill(acrossMirror, 0, 32)
  for (let y = 0; y < height; y++) {
    const row = grey + <usize>y * stride
    sumAcrossMirror(row, width)
    const opposite = height - 1 - y
    if (y < opposite) sumDownMirror(row, grey + <usize>opposite * stride, width)
  }
}

function sumAcrossMirror(row: usize, width: i32): void {
  let sum = f32x4.splat(0)
  let right = row + ((<usize>(width - 4)) << 2)
  for (let x = width >> 1; x > 0; x -= 4, row += 16, right -= 16) {
    const pixels = v128.load(right)
    const mirrored = v128.shuffle<i32>(pixels, pixels, 3, 2, 1, 0)
    const step = f32x4.abs(f32x4.sub(v128.load(row), mirrored))
    sum = f32x4.add(sum, v128.and(step, firstLanes(x)))
  }
  addFloats(acrossMirror, sum)
}

function sumDownMirror(upper: usize, lower: usize, width: i32): void {
  let sum = f32x4.splat(0)
  for (let x = width; x > 0; x -= 4, upper += 16, lower += 16) {
    const step = f32x4.abs(f32x4.sub(v128.load(upper), v128.load(lower)))
    sum = f32x4.add(sum, v128.and(step, firstLanes(x)))
  }
  addFloats(downMirror, sum)
}

function largest(sums: usize, count: i32): f64 {
  let most: f64 = 0
  for (let i = 0; i < count; i++) most = max(most, load<f64>(sums + ((<usize>i) << 3)))
  return most
}

/** Largest distance of an inner entry from the mean of its two neighbours. */
function strongestLine(sums: usize, count: i32): f64 {
  let most: f64 = 0
  for (let i = 1; i < count - 1; i++) {
    const at = sums + ((<usize>i) << 3)
    most = max(most, abs(load<f64>(at) - (load<f64>(at - 8) + load<f64>(at, 8)) / 2))
  }
  return most
}

/** Of `count` rows or columns of `length` pixels. */
function smallestDeviation(sums: usize, squares: usize, count: i32, length: i32): f64 {
  let least = Infinity
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 3
    least = min(least, varianceOf(load<f64>(sums + at), load<f64>(squares + at), length))
  }
  return Math.sqrt(least)
}

/** Divisor n; from Σ v and Σ v². */
function varianceOf(sum: f64, square: f64, count: i32): f64 {
  const mean = sum / count
  return max(0, square / count - mean * mean)
}
