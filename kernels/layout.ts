import {
  addDoubles,
  addInside,
  addUp,
  firstLanes,
  highDoubles,
  lowDoubles,
  ratio,
  runLength,
  total,
  write,
} from './lanes'
import { deviationOf, inspectProfile, measurePosition } from './profile'

/** A pixel belongs to the content when it differs from the mean of the border by more than this. */
const contentContrast: f64 = 0.1

/** Σ |v − v mirrored| over half of the pixels, left to right and top to bottom, and Σ x·y·v; two double sums each. */
const sums = memory.data(3 * 16, 16)
const acrossMirror = sums
const downMirror = sums + 16
const product = sums + 32
/** Results of `measurePosition`: weight, mean and variance of the position in the rows and in the columns. */
const rowPosition = memory.data(2 * 24, 16)
const columnPosition = rowPosition + 24
/** Results of `inspectProfile`: peak, strongest line and smallest deviation of the rows and of the columns. */
const rowExtremes = memory.data(2 * 24, 16)
const columnExtremes = rowExtremes + 24
/** Results of `findContent`: left, right, top and bottom. */
const box = memory.data(4 * 4, 16)

/** Bytes for what `measureLayout` keeps of rows and columns. */
export function layoutBytes(height: i32, width: i32): usize {
  return <usize>(height + 4) * 48 + <usize>(width + 4) * 16
}

/** Writes the 19 columns of the layout family. */
export function measureLayout(
  grey: usize,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  const pairs = scratch
  const rows = pairs + <usize>height * 32
  const rowSquares = rows + ((<usize>(height + 1)) << 3)
  const columns = rows + ((<usize>(height + 4)) << 4)
  const columnSquares = columns + ((<usize>(width + 4)) << 3)
  memory.fill(sums, 0, 3 * 16)
  memory.fill(pairs, 0, <usize>height * 32)
  sumProfiles(grey, height, width, pairs, columns, columnSquares)
  addPairs(pairs, height, rows, rowSquares)
  writeBorder(grey, height, width, rows, rowSquares, columns, columnSquares, out)
  measurePosition(columns, width, columnPosition)
  measurePosition(rows, height, rowPosition)
  writePosition(height, width, out)
  findContent(grey, height, width, <f64>load<f32>(out), pairs)
  write(out, 7, <f64>load<i32>(box) / width)
  write(out, 8, <f64>load<i32>(box, 4) / width)
  write(out, 9, <f64>load<i32>(box, 8) / height)
  write(out, 10, <f64>load<i32>(box, 12) / height)
  sumMirrors(grey, height, width)
  const pixels = <f64>height * width
  write(out, 11, (2 * total(acrossMirror)) / pixels)
  write(out, 12, (2 * total(downMirror)) / pixels)
  inspectProfile(rows, rowSquares, height, width, rowExtremes)
  inspectProfile(columns, columnSquares, width, height, columnExtremes)
  for (let k = 0; k < 3; k++) {
    write(out, 13 + 2 * k, load<f64>(rowExtremes + (k << 3)))
    write(out, 14 + 2 * k, load<f64>(columnExtremes + (k << 3)))
  }
}

/** Sums and sums of squares of rows (pairs, to be added up) and columns, in doubles since they are subtracted. */
function sumProfiles(
  grey: usize,
  height: i32,
  width: i32,
  pairs: usize,
  columns: usize,
  columnSquares: usize,
): void {
  const bottom = grey + ((<usize>((height - 1) * width)) << 2)
  for (let x = 0; x < width; x += 4) {
    const strip = bottom + ((<usize>x) << 2)
    const at = (<usize>x) << 3
    sumStrip(strip, height, width, x, pairs, columns + at, columnSquares + at)
  }
}

/** From the bottom up: then Σ y·v is the sum of the sums there were before each row. */
function sumStrip(
  strip: usize,
  height: i32,
  width: i32,
  x: i32,
  pairs: usize,
  columns: usize,
  columnSquares: usize,
): void {
  const inside = firstLanes(width - x)
  const stride = (<usize>width) << 2
  const none = f64x2.splat(0)
  let lowSum = none
  let highSum = none
  let lowSquares = none
  let highSquares = none
  let lowMoment = none
  let highMoment = none
  for (let row = pairs + ((<usize>(height - 1)) << 5); row >= pairs; row -= 32, strip -= stride) {
    lowMoment = f64x2.add(lowMoment, lowSum)
    highMoment = f64x2.add(highMoment, highSum)
    const pixels = v128.and(v128.load(strip), inside)
    const low = lowDoubles(pixels)
    const high = highDoubles(pixels)
    const lowSquare = f64x2.mul(low, low)
    const highSquare = f64x2.mul(high, high)
    lowSum = f64x2.add(lowSum, low)
    highSum = f64x2.add(highSum, high)
    lowSquares = f64x2.add(lowSquares, lowSquare)
    highSquares = f64x2.add(highSquares, highSquare)
    v128.store(row, f64x2.add(v128.load(row), f64x2.add(low, high)))
    v128.store(row, f64x2.add(v128.load(row, 16), f64x2.add(lowSquare, highSquare)), 16)
  }
  v128.store(columns, lowSum)
  v128.store(columns, highSum, 16)
  v128.store(columnSquares, lowSquares)
  v128.store(columnSquares, highSquares, 16)
  const left = f64x2(<f64>x, <f64>x + 1)
  addDoubles(product, f64x2.mul(lowMoment, left))
  addDoubles(product, f64x2.mul(highMoment, f64x2.add(left, f64x2.splat(2))))
}

function addPairs(pairs: usize, count: i32, rows: usize, rowSquares: usize): void {
  for (let y = 0; y < count; y++, pairs += 32, rows += 8, rowSquares += 8) {
    store<f64>(rows, addUp(v128.load(pairs)))
    store<f64>(rowSquares, addUp(v128.load(pairs, 16)))
  }
}

/** Mean and standard deviation of the outermost frame of pixels. */
function writeBorder(
  grey: usize,
  height: i32,
  width: i32,
  rows: usize,
  rowSquares: usize,
  columns: usize,
  columnSquares: usize,
  out: usize,
): void {
  let sum: f64
  let square: f64
  let count: i32
  const bottom = (<usize>(height - 1)) << 3
  const right = (<usize>(width - 1)) << 3
  if (height === 1) {
    sum = load<f64>(rows)
    square = load<f64>(rowSquares)
    count = width
  } else if (width === 1) {
    sum = load<f64>(columns)
    square = load<f64>(columnSquares)
    count = height
  } else {
    const corner = grey + ((<usize>(width * (height - 1))) << 2)
    const a = <f64>load<f32>(grey)
    const b = <f64>load<f32>(grey + (right >> 1))
    const c = <f64>load<f32>(corner)
    const d = <f64>load<f32>(corner + (right >> 1))
    const corners = a * a + b * b + c * c + d * d
    sum = ends(rows, bottom) + ends(columns, right) - (a + b + c + d)
    square = ends(rowSquares, bottom) + ends(columnSquares, right) - corners
    count = 2 * (width + height - 2)
  }
  write(out, 0, sum / count)
  write(out, 1, deviationOf(sum, square, count))
}

function ends(sums: usize, last: usize): f64 {
  return load<f64>(sums) + load<f64>(sums + last)
}

/** Centre, spreads (standard deviations) and slant (correlation) of the brightness; dark images: 0.5, 0, 0. */
function writePosition(height: i32, width: i32, out: usize): void {
  const x = load<f64>(columnPosition, 8)
  const y = load<f64>(rowPosition, 8)
  const acrossVariance = load<f64>(columnPosition, 16)
  const downVariance = load<f64>(rowPosition, 16)
  const scale = Math.sqrt(acrossVariance * downVariance)
  write(out, 2, (x + 0.5) / width)
  write(out, 3, (y + 0.5) / height)
  write(out, 4, Math.sqrt(acrossVariance) / width)
  write(out, 5, Math.sqrt(downVariance) / height)
  const covariance = ratio(total(product), load<f64>(columnPosition)) - x * y
  write(out, 6, scale > 1e-6 ? covariance / scale : 0)
}

/** Bounding box of the content; without any, left = width, top = height and right = bottom = 0. */
function findContent(grey: usize, height: i32, width: i32, border: f64, flags: usize): void {
  const brightest = f32x4.splat(farthestBlank(border, contentContrast))
  const darkest = f32x4.splat(farthestBlank(border, -contentContrast))
  let left = width
  let right = 0
  memory.fill(flags, 0, (<usize>height) << 4)
  for (let x = 0; x < width; x += 4) {
    const strip = grey + ((<usize>x) << 2)
    const found = flagContent(strip, height, width, x, brightest, darkest, flags)
    if (found === 0) continue
    left = min(left, x + ctz(found))
    right = x + 32 - clz(found)
  }
  let top = 0
  let bottom = height
  while (top < height && !v128.any_true(v128.load(flags + ((<usize>top) << 4)))) top++
  while (bottom > top && !v128.any_true(v128.load(flags + ((<usize>(bottom - 1)) << 4)))) bottom--
  store<i32>(box, left)
  store<i32>(box, right, 4)
  store<i32>(box, top, 8)
  store<i32>(box, top < height ? bottom : 0, 12)
}

/** Sets the flags of rows with content in a strip; returns a bit per column with content. */
function flagContent(
  strip: usize,
  height: i32,
  width: i32,
  x: i32,
  brightest: v128,
  darkest: v128,
  flags: usize,
): i32 {
  const inside = firstLanes(width - x)
  let found = i32x4.splat(0)
  for (let y = 0; y < height; y++, strip += (<usize>width) << 2, flags += 16) {
    const pixels = v128.load(strip)
    const apart = v128.or(f32x4.gt(pixels, brightest), f32x4.lt(pixels, darkest))
    const content = v128.and(apart, inside)
    found = v128.or(found, content)
    v128.store(flags, v128.or(v128.load(flags), content))
  }
  return i32x4.bitmask(found)
}

/** The float farthest from `border` whose distance does not exceed |reach|, as doubles see it. */
function farthestBlank(border: f64, reach: f64): f32 {
  const edge = <f32>(border + reach)
  if (!(abs(<f64>edge - border) > contentContrast)) return edge
  const spacing = abs(edge) * 6e-8
  return reach > 0 ? edge - spacing : edge + spacing
}

function sumMirrors(grey: usize, height: i32, width: i32): void {
  const stride = (<usize>width) << 2
  for (let y = 0; y < height; y += runLength) {
    const row = grey + <usize>y * stride
    const rows = min(runLength, height - y)
    for (let x = 0; x < width >> 1; x += 4) {
      const strip = row + ((<usize>x) << 2)
      const opposite = row + ((<usize>(width - 4 - x)) << 2)
      sumAcrossMirror(strip, opposite, stride, rows, firstLanes((width >> 1) - x))
    }
    const pairs = min(runLength, (height >> 1) - y)
    for (let x = 0; x < width && pairs > 0; x += 4) {
      const strip = row + ((<usize>x) << 2)
      const opposite = grey + <usize>(height - 1 - y) * stride + ((<usize>x) << 2)
      sumDownMirror(strip, opposite, stride, pairs, firstLanes(width - x))
    }
  }
}

function sumAcrossMirror(
  strip: usize,
  opposite: usize,
  stride: usize,
  rows: i32,
  inside: v128,
): void {
  let sum = f32x4.splat(0)
  for (let y = 0; y < rows; y++, strip += stride, opposite += stride) {
    const pixels = v128.load(opposite)
    const mirrored = v128.shuffle<i32>(pixels, pixels, 3, 2, 1, 0)
    sum = f32x4.add(sum, f32x4.abs(f32x4.sub(v128.load(strip), mirrored)))
  }
  addInside(acrossMirror, sum, inside)
}

function sumDownMirror(
  strip: usize,
  opposite: usize,
  stride: usize,
  rows: i32,
  inside: v128,
): void {
  let sum = f32x4.splat(0)
  for (let y = 0; y < rows; y++, strip += stride, opposite -= stride) {
    sum = f32x4.add(sum, f32x4.abs(f32x4.sub(v128.load(strip), v128.load(opposite))))
  }
  addInside(downMirror, sum, inside)
}
