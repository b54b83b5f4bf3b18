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

/** Channels whose spread is below half a grey level show grey. */
const greyTolerance: f32 = 0.5 / 255

/** Two double sums each: Σ |step| between columns of the channel differences; Σ of the largest minus the smallest
 * channel; Σ of the largest; pixels without colour. */
const sums = memory.data(4 * 16, 16)
const detail = sums
const chroma = sums + 16
const brightest = sums + 32
const colourless = sums + 48

/** Bytes for mean and mean square of each channel and the mean product of each pair. */
export function colourBytes(channels: i32): usize {
  return <usize>channels * 24
}

/** Writes the columns of the colour family; there are at least two channels. */
export function measureColour(
  values: usize,
  channels: i32,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  const means = scratch
  const squares = means + ((<usize>channels) << 3)
  const products = squares + ((<usize>channels) << 3)
  const count = height * width
  const size = (<usize>count) << 2
  const pairs = channels === 3 ? 3 : channels - 1
  memory.fill(sums, 0, 4 * 16)
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 3
    store<f64>(means + at, sumOf(values + <usize>c * size, count) / count)
    store<f64>(
      squares + at,
      productOf(values + <usize>c * size, values + <usize>c * size, count) / count,
    )
  }
  for (let k = 0; k < pairs; k++) {
    const first = values + <usize>firstOf(k, channels) * size
    const second = values + <usize>secondOf(k, channels) * size
    store<f64>(products + ((<usize>k) << 3), productOf(first, second, count) / count)
    for (let y = 0; y < height; y++) {
      const row = (<usize>(y * width)) << 2
      sumDetail(first + row, second + row, width - 1)
    }
  }
  for (let y = 0; y < height; y++) {
    sumSaturation(values + ((<usize>(y * width)) << 2), size, channels, width)
  }
  for (let c = 0; c < channels; c++) {
    write(out, 2 * c, load<f64>(means + ((<usize>c) << 3)))
    write(out, 2 * c + 1, Math.sqrt(varianceOf(c, means, squares)))
  }
  out += (<usize>channels) << 3
  for (let k = 0; k < pairs; k++)
    write(out, k, correlationOf(k, channels, means, squares, products))
  out += (<usize>pairs) << 2
  write(out, 0, ratio(total(detail), <f64>(pairs * height) * (width - 1)))
  write(out, 1, total(chroma) / count)
  write(out, 2, ratio(total(chroma), total(brightest)))
  write(out, 3, total(colourless) / count)
  write(out, 4, castOf(means, channels))
  if (channels === 3) writeOpponents(means, squares, products, out + 20)
}

/** Pairs are of neighbouring channels; with three channels, the last is of the outer ones. */
function firstOf(pair: i32, channels: i32): i32 {
  return pair + 1 < channels ? pair : 0
}

function secondOf(pair: i32, channels: i32): i32 {
  return pair + 1 < channels ? pair + 1 : channels - 1
}

function sumOf(plane: usize, count: i32): f64 {
  let sum = f64x2.splat(0)
  for (; count > 0; count -= 4, plane += 16) {
    const pixels = loadFirst(plane, count)
    sum = f64x2.add(sum, f64x2.add(lowDoubles(pixels), highDoubles(pixels)))
  }
  return addUp(sum)
}

/** Σ a·b, in doubles since the product of the means is subtracted. */
function productOf(first: usize, second: usize, count: i32): f64 {
  let low = f64x2.splat(0)
  let high = low
  for (; count > 0; count -= 4, first += 16, second += 16) {
    const a = loadFirst(first, count)
    const b = loadFirst(second, count)
    low = f64x2.add(low, f64x2.mul(lowDoubles(a), lowDoubles(b)))
    high = f64x2.add(high, f64x2.mul(highDoubles(a), highDoubles(b)))
  }
  return addUp(f64x2.add(low, high))
}

/** Steps of the difference of two channels, from `count` pixels of a row to their right neighbours. */
function sumDetail(first: usize, second: usize, count: i32): void {
  let sum = f32x4.splat(0)
  for (; count > 0; count -= 4, first += 16, second += 16) {
    const here = f32x4.sub(v128.load(first), v128.load(second))
    const next = f32x4.sub(v128.load(first, 4), v128.load(second, 4))
    sum = f32x4.add(sum, v128.and(f32x4.abs(f32x4.sub(next, here)), firstLanes(count)))
  }
  addFloats(detail, sum)
}

/** Largest and smallest channel of the pixels of a row; channels lie `size` bytes apart. */
function sumSaturation(row: usize, size: usize, channels: i32, count: i32): void {
  let spreads = f32x4.splat(0)
  let highs = spreads
  let grey = spreads
  for (; count > 0; count -= 4, row += 16) {
    let high = v128.load(row)
    let low = high
    for (let c = 1, at = row + size; c < channels; c++, at += size) {
      const pixels = v128.load(at)
      high = f32x4.pmax(high, pixels)
      low = f32x4.pmin(low, pixels)
    }
    const inside = firstLanes(count)
    const spread = f32x4.sub(high, low)
    spreads = f32x4.add(spreads, v128.and(spread, inside))
    highs = f32x4.add(highs, v128.and(high, inside))
    grey = i32x4.sub(grey, v128.and(f32x4.lt(spread, f32x4.splat(greyTolerance)), inside))
  }
  addFloats(chroma, spreads)
  addFloats(brightest, highs)
  addFloats(colourless, f32x4.convert_i32x4_s(grey))
}

function varianceOf(c: i32, means: usize, squares: usize): f64 {
  const mean = load<f64>(means + ((<usize>c) << 3))
  return max(0, load<f64>(squares + ((<usize>c) << 3)) - mean * mean)
}

function correlationOf(
  pair: i32,
  channels: i32,
  means: usize,
  squares: usize,
  products: usize,
): f64 {
  const a = firstOf(pair, channels)
  const b = secondOf(pair, channels)
  const ofMeans = load<f64>(means + ((<usize>a) << 3)) * load<f64>(means + ((<usize>b) << 3))
  const scale = Math.sqrt(varianceOf(a, means, squares) * varianceOf(b, means, squares))
  return scale > 1e-9 ? (load<f64>(products + ((<usize>pair) << 3)) - ofMeans) / scale : 0
}

/** Euclidean distance of the channel means from their own mean: 0 in a grey world. */
function castOf(means: usize, channels: i32): f64 {
  let sum: f64 = 0
  for (let c = 0; c < channels; c++) sum += load<f64>(means + ((<usize>c) << 3))
  const grey = sum / channels
  let square: f64 = 0
  for (let c = 0; c < channels; c++) {
    const step = load<f64>(means + ((<usize>c) << 3)) - grey
    square += step * step
  }
  return Math.sqrt(square)
}

/** Opponent colours; Hasler and Süsstrunk, Measuring colourfulness in natural images, 2003, eq. 4. */
function writeOpponents(means: usize, squares: usize, products: usize, out: usize): void {
  const red = load<f64>(means)
  const green = load<f64>(means, 8)
  const blue = load<f64>(means, 16)
  const redGreen = load<f64>(products)
  const redAndGreen = load<f64>(squares) + load<f64>(squares, 8)
  const others = load<f64>(products, 8) + load<f64>(products, 16)
  const difference = red - green
  const yellow = (red + green) / 2 - blue
  const differenceSquare = redAndGreen - 2 * redGreen
  const yellowSquare = (redAndGreen + 2 * redGreen) / 4 - others + load<f64>(squares, 16)
  const distance = difference * difference + yellow * yellow
  const spread = differenceSquare + yellowSquare - distance
  write(out, 0, red - blue)
  write(out, 1, green - (red + blue) / 2)
  write(out, 2, Math.sqrt(max(0, spread)) + 0.3 * Math.sqrt(distance))
}
