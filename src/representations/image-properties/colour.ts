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
  const mean = new Float64Array(channels)
  const square = new Float64Array(channels)
  return {
    columns,
    measure: ({ values, grey }, out, at) => {
      let to = at
      for (let c = 0; c < channels; c++) {
        writeChannel(values.subarray(c * size, (c + 1) * size), c, { mean, square })
        out[to++] = mean[c]
        out[to++] = Math.sqrt(variance(c, mean, square))
      }
      let detail = 0
      const products = pairs.map(([a, b]) => {
        const pair = comparePair(values, {
          first: a * size,
          second: b * size,
          size,
          width: shape.width,
        })
        detail += pair.detail
        return pair.product
      })
      pairs.forEach(([a, b], k) => {
        const covariance = products[k] - mean[a] * mean[b]
        const scale = Math.sqrt(variance(a, mean, square) * variance(b, mean, square))
        out[to++] = scale > 1e-9 ? covariance / scale : 0
      })
      out[to++] = ratio(detail, pairs.length * shape.height * (shape.width - 1))
      to = writeSaturation(values, grey.length, { out, to, channels })
      out[to++] = cast(mean)
      if (channels === 3) writeOpponents({ mean, square, products }, out, to)
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

type ChannelMoments = { readonly mean: Float64Array; readonly square: Float64Array }

function writeChannel(plane: Float32Array, c: number, { mean, square }: ChannelMoments): void {
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

/** Chroma, saturation, share without colour; returns the next place to write. */
function writeSaturation(
  values: Float32Array,
  size: number,
  {
    out,
    to,
    channels,
  }: { readonly out: Float32Array; readonly to: number; readonly channels: number },
): number {
  let chroma = 0
  let brightest = 0
  let colourless = 0
  for (let i = 0; i < size; i++) {
    let high = values[i]
    let low = high
    for (let c = 1, j = i + size; c < channels; c++, j += size) {
      const value = values[j]
      if (value > high) high = value
      else if (value < low) low = value
    }
    chroma += high - low
    brightest += high
    if (high - low < greyTolerance) colourless++
  }
  out[to] = chroma / size
  out[to + 1] = ratio(chroma, brightest)
  out[to + 2] = colourless / size
  return to + 3
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
  { mean, square, products }: ChannelMoments & { readonly products: readonly number[] },
  out: Float32Array,
  at: number,
): void {
  const [red, green, blue] = mean
  const [redGreen, greenBlue, redBlue] = products
  const difference = red - green
  const yellow = (red + green) / 2 - blue
  const differenceSquare = square[0] - 2 * redGreen + square[1]
  const yellowSquare = (square[0] + 2 * redGreen + square[1]) / 4 - redBlue - greenBlue + square[2]
  const spread = differenceSquare - difference ** 2 + yellowSquare - yellow ** 2
  out[at] = red - blue
  out[at + 1] = green - (red + blue) / 2
  out[at + 2] = Math.sqrt(Math.max(0, spread)) + 0.3 * Math.hypot(difference, yellow)
}
