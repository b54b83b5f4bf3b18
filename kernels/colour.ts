import { addUp, highDoubles, loadFirst, lowDoubles, ratio, total, write } from './lanes'
import {
  brightest,
  chroma,
  clearColourSums,
  colourless,
  detail,
  sumDetails,
  sumSpreads,
} from './colour-sums'
import { measureThree } from './three-channels'

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
  const pairs = channels === 3 ? 3 : channels - 1
  clearColourSums()
  if (channels === 3) {
    measureThree(values, height, width, means, squares, products)
  } else {
    measureMany(values, channels, height, width, means, squares, products)
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
  if (channels === 3) {
    writeOpponents(means, squares, products, out + 20)
    writeHueAxis(squares, products, out + 32)
  }
}

/** Any number of channels, in several passes; in doubles, since products of the means are subtracted. */
function measureMany(
  values: usize,
  channels: i32,
  height: i32,
  width: i32,
  means: usize,
  squares: usize,
  products: usize,
): void {
  const count = height * width
  const size = (<usize>count) << 2
  for (let c = 0; c < channels; c++) {
    const plane = values + <usize>c * size
    store<f64>(means + ((<usize>c) << 3), sumOf(plane, count) / count)
    store<f64>(squares + ((<usize>c) << 3), productOf(plane, plane, count) / count)
  }
  for (let c = 0; c < channels - 1; c++) {
    const plane = values + <usize>c * size
    store<f64>(products + ((<usize>c) << 3), productOf(plane, plane + size, count) / count)
    sumDetails(plane, plane + size, height, width)
  }
  sumSpreads(values, channels, height, width)
}

function sumOf(plane: usize, count: i32): f64 {
  let sum = f64x2.splat(0)
  for (; count > 0; count -= 4, plane += 16) {
    const pixels = loadFirst(plane, count)
    sum = f64x2.add(sum, f64x2.add(lowDoubles(pixels), highDoubles(pixels)))
  }
  return addUp(sum)
}

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

/** Pairs are of neighbouring channels; with three channels, the last is of the outer ones. */
function firstOf(pair: i32, channels: i32): i32 {
  return pair + 1 < channels ? pair : 0
}

function secondOf(pair: i32, channels: i32): i32 {
  return pair + 1 < channels ? pair + 1 : channels - 1
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

/** Mean square of colour that counts as colour at all: about two levels of 255. */
const FAINT: f64 = 1e-4

/**
 * The axis of hue that colours lie along, as the cosine and the sine of twice its angle (0: red and cyan), weighted by the
 * square of the strength of colour: near 0 where hues are many or colours faint.
 */
function writeHueAxis(squares: usize, products: usize, out: usize): void {
  const red = load<f64>(squares)
  const greenAndBlue = load<f64>(squares, 8) + load<f64>(squares, 16)
  const redGreen = load<f64>(products)
  const greenBlue = load<f64>(products, 8)
  const redBlue = load<f64>(products, 16)
  const along = red + (greenAndBlue + 2 * greenBlue) / 4 - redGreen - redBlue
  const across = 0.75 * (greenAndBlue - 2 * greenBlue)
  const both =
    (Math.sqrt(3) / 2) * (redGreen - redBlue - (load<f64>(squares, 8) - load<f64>(squares, 16)) / 2)
  const strength = max(0, along) + max(0, across) + FAINT
  write(out, 0, (along - across) / strength)
  write(out, 1, (2 * both) / strength)
}
