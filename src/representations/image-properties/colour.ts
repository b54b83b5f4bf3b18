import type { ImageShape } from '../../images/index.ts'
import type { FeatureColumn } from '../representation.ts'
import { type PropertyFamily, property, ratio } from './property-family.ts'

/** Channels whose spread is below half a grey level show grey. */
const greyTolerance = 0.5 / 255

/** Statistics between the channels: casts, saturation, correlations; needs at least two channels. */
export function colourFamily(shape: ImageShape): PropertyFamily {
  const { channels } = shape
  const size = shape.height * shape.width
  const pairs = channelPairs(channels)
  const columns = colourColumns(channels, pairs)
  const sums: ColourSums = {
    mean: new Float64Array(channels),
    square: new Float64Array(channels),
    product: new Float64Array(pairs.length),
    detail: 0,
    chroma: 0,
    brightest: 0,
    colourless: 0,
  }
  const { mean, square, product } = sums
  return {
    columns,
    measure: ({ values }, out, at) => {
      if (channels === 3) {
        sumThreeProducts(values, size, sums)
        sumThreeDifferences(values, shape, sums)
      } else {
        sumChannels(values, { ...shape, pairs }, sums)
      }
      let to = at
      for (let c = 0; c < channels; c++) {
        out[to++] = mean[c]
        out[to++] = Math.sqrt(variance(c, mean, square))
      }
      for (let k = 0; k < pairs.length; k++) {
        const [a, b] = pairs[k]
        const covariance = product[k] - mean[a] * mean[b]
        const scale = Math.sqrt(variance(a, mean, square) * variance(b, mean, square))
        out[to++] = scale > 1e-9 ? covariance / scale : 0
      }
      out[to++] = ratio(sums.detail, pairs.length * shape.height * (shape.width - 1))
      out[to++] = sums.chroma / size
      out[to++] = ratio(sums.chroma, sums.brightest)
      out[to++] = sums.colourless / size
      out[to++] = cast(mean)
      if (channels === 3) writeOpponents(sums, out, to)
    },
  }
}

/** Neighbouring channels, and for three the first with the last. */
function channelPairs(channels: number): readonly (readonly [number, number])[] {
  const pairs = Array.from({ length: channels - 1 }, (_, c) => [c, c + 1] as const)
  return channels === 3 ? [...pairs, [0, 2]] : pairs
}

function colourColumns(
  channels: number,
  pairs: readonly (readonly [number, number])[],
): readonly FeatureColumn[] {
  const names =
    channels === 3
      ? ['red', 'green', 'blue']
      : Array.from({ length: channels }, (_, c) => `channel-${c + 1}`)
  const words = names.map((name) => name.replace('-', ' '))
  return [
    ...names.flatMap((name, c) => [
      property(`${name}-mean`, `brightness of ${words[c]}`),
      property(`${name}-std`, `contrast of ${words[c]} (standard deviation)`),
    ]),
    ...pairs.map(([a, b]) =>
      property(
        `${names[a]}-${names[b]}-correlation`,
        `agreement of ${words[a]} and ${words[b]} (correlation)`,
      ),
    ),
    property('colour-detail', 'fine colour detail (steps of the colour differences)'),
    property('chroma', 'strength of colour (mean of largest minus smallest channel)'),
    property('saturation', 'saturation (strength of colour relative to brightness)'),
    property('colourless-fraction', 'share of pixels without colour'),
    property('colour-cast', 'colour cast (distance of the channel means from grey)'),
    ...(channels === 3
      ? [
          property('warmth', 'warmth of colour (red minus blue)'),
          property('green-tint', 'green tint (green minus the mean of red and blue)'),
          property('colourfulness', 'colourfulness (Hasler and Süsstrunk)'),
        ]
      : []),
  ]
}

/** What the passes over an image leave. */
type ColourSums = {
  /** Per channel, of v and of v². */
  readonly mean: Float64Array
  readonly square: Float64Array
  /** Mean product of each pair of channels. */
  readonly product: Float64Array
  /** Σ |step| between columns of the channel differences. */
  detail: number
  /** Σ of the largest minus the smallest channel, and of the largest. */
  chroma: number
  brightest: number
  /** Pixels without colour. */
  colourless: number
}

/** Means of v, v² and the products of pairs, in one pass. */
function sumThreeProducts(
  values: Float32Array,
  size: number,
  { mean, square, product }: ColourSums,
): void {
  let r = 0
  let g = 0
  let b = 0
  let rr = 0
  let gg = 0
  let bb = 0
  let rg = 0
  let gb = 0
  let rb = 0
  for (let i = 0; i < size; i++) {
    const red = values[i]
    const green = values[i + size]
    const blue = values[i + 2 * size]
    r += red
    g += green
    b += blue
    rr += red * red
    gg += green * green
    bb += blue * blue
    rg += red * green
    gb += green * blue
    rb += red * blue
  }
  mean.set([r / size, g / size, b / size])
  square.set([rr / size, gg / size, bb / size])
  product.set([rg / size, gb / size, rb / size])
}

/** The other sums; the largest of three by |a − b|, since comparisons of pixels are mispredicted. */
function sumThreeDifferences(
  values: Float32Array,
  { height, width }: ImageShape,
  sums: ColourSums,
): void {
  const size = height * width
  let detail = 0
  let chroma = 0
  let brightest = 0
  let colourless = 0
  for (let row = 0; row < size; row += width) {
    let beforeRedGreen = values[row] - values[row + size]
    let beforeGreenBlue = values[row + size] - values[row + 2 * size]
    for (let i = row; i < row + width; i++) {
      const red = values[i]
      const green = values[i + size]
      const blue = values[i + 2 * size]
      const redGreen = red - green
      const greenBlue = green - blue
      const stepRedGreen = redGreen - beforeRedGreen
      const stepGreenBlue = greenBlue - beforeGreenBlue
      detail +=
        Math.abs(stepRedGreen) + Math.abs(stepGreenBlue) + Math.abs(stepRedGreen + stepGreenBlue)
      beforeRedGreen = redGreen
      beforeGreenBlue = greenBlue
      const gap = Math.abs(redGreen)
      const twiceChroma = gap + Math.abs(greenBlue) + Math.abs(redGreen + greenBlue)
      chroma += twiceChroma
      const twiceLarger = red + green + gap
      brightest += twiceLarger + 2 * blue + Math.abs(twiceLarger - 2 * blue)
      if (twiceChroma < 2 * greyTolerance) colourless++
    }
  }
  sums.detail = detail
  sums.chroma = chroma / 2
  sums.brightest = brightest / 4
  sums.colourless = colourless
}

/** The same sums for any number of channels, in several passes. */
function sumChannels(
  values: Float32Array,
  {
    channels,
    height,
    width,
    pairs,
  }: ImageShape & { readonly pairs: readonly (readonly [number, number])[] },
  sums: ColourSums,
): void {
  const size = height * width
  for (let c = 0; c < channels; c++) {
    writeChannel(values.subarray(c * size, (c + 1) * size), c, sums)
  }
  sums.detail = 0
  pairs.forEach(([a, b], k) => {
    const pair = comparePair(values, { first: a * size, second: b * size, size, width })
    sums.detail += pair.detail
    sums.product[k] = pair.product
  })
  sumSaturation(values, channels, sums)
}

function writeChannel(plane: Float32Array, c: number, { mean, square }: ColourSums): void {
  let sum = 0
  let squares = 0
  for (let i = 0; i < plane.length; i++) {
    sum += plane[i]
    squares += plane[i] * plane[i]
  }
  mean[c] = sum / plane.length
  square[c] = squares / plane.length
}

function variance(c: number, mean: Float64Array, square: Float64Array): number {
  return Math.max(0, square[c] - mean[c] * mean[c])
}

/** Mean product of two channels, and Σ |step| of their difference between columns. */
function comparePair(
  values: Float32Array,
  pair: {
    readonly first: number
    readonly second: number
    readonly size: number
    readonly width: number
  },
): { readonly product: number; readonly detail: number } {
  const { first, second, size, width } = pair
  let product = 0
  let detail = 0
  for (let row = 0; row < size; row += width) {
    let before = values[first + row] - values[second + row]
    for (let i = row; i < row + width; i++) {
      const a = values[first + i]
      const b = values[second + i]
      product += a * b
      const difference = a - b
      detail += Math.abs(difference - before)
      before = difference
    }
  }
  return { product: product / size, detail }
}

function sumSaturation(values: Float32Array, channels: number, sums: ColourSums): void {
  const size = values.length / channels
  sums.chroma = sums.brightest = sums.colourless = 0
  for (let i = 0; i < size; i++) {
    let high = values[i]
    let low = high
    for (let c = 1, j = i + size; c < channels; c++, j += size) {
      const value = values[j]
      if (value > high) high = value
      else if (value < low) low = value
    }
    sums.chroma += high - low
    sums.brightest += high
    if (high - low < greyTolerance) sums.colourless++
  }
}

/** Euclidean distance of the channel means from their own mean: 0 in a grey world. */
function cast(mean: Float64Array): number {
  let sum = 0
  for (let c = 0; c < mean.length; c++) sum += mean[c]
  const grey = sum / mean.length
  let square = 0
  for (let c = 0; c < mean.length; c++) square += (mean[c] - grey) ** 2
  return Math.sqrt(square)
}

/** Opponent colours; Hasler and Süsstrunk, Measuring colourfulness in natural images, 2003, eq. 4. */
function writeOpponents(
  { mean, square, product }: ColourSums,
  out: Float32Array,
  at: number,
): void {
  const [red, green, blue] = mean
  const [redGreen, greenBlue, redBlue] = product
  const difference = red - green
  const yellow = (red + green) / 2 - blue
  const differenceSquare = square[0] - 2 * redGreen + square[1]
  const yellowSquare = (square[0] + 2 * redGreen + square[1]) / 4 - redBlue - greenBlue + square[2]
  const spread = differenceSquare - difference ** 2 + yellowSquare - yellow ** 2
  out[at] = red - blue
  out[at + 1] = green - (red + blue) / 2
  out[at + 2] = Math.sqrt(Math.max(0, spread)) + 0.3 * Math.hypot(difference, yellow)
}
