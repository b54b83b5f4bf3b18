import { DriftError } from '../errors.ts'
import type { ImageShape } from './image-source.ts'

/**
 * One image as a source or the codec delivers it. The array type fixes the scale:
 * Uint8Array is divided by 255, Uint16Array by 65535, Float32Array must lie in [0, 1].
 */
export type RawPixels = {
  readonly shape: ImageShape
  readonly layout: 'CHW' | 'HWC'
  readonly data: Uint8Array | Uint16Array | Float32Array
}

/** Rec. 601 luma weights of gamma-encoded R, G, B, as PIL, OpenCV and TensorFlow use them. */
const LUMA = [0.299, 0.587, 0.114] as const

/** Floats this far outside [0, 1] are rounding and are clipped; further out is an error. */
const RANGE_TOLERANCE = 1e-5

const BYTE_SCALE = Float32Array.from({ length: 256 }, (_, value) => value / 255)

/** `3×32×32`, for messages. */
function describeShape(shape: ImageShape): string {
  return `${shape.channels}×${shape.height}×${shape.width}`
}

/** True when `from` channels can become `to`: equal, grey repeated, or RGB to luma. */
export function channelsConvert(from: number, to: number): boolean {
  return from === to || (from === 1 && to === 3) || (from === 3 && to === 1)
}

/** The error where no channel rule leads from `from` to `to`. */
export function channelError(from: number, to: number, where: string): DriftError {
  const expected = to === 1 || to === 3 ? '1 or 3' : String(to)
  return new DriftError('image.shape', `expected ${expected} channels, got ${from} in ${where}`, {
    hint: 'Only grey to RGB and RGB to grey are converted; drop or combine the other channels.',
  })
}

/** The error where pixels of one shape can't stand among those of another, if they can't. */
export function shapeError(
  got: ImageShape,
  wanted: ImageShape,
  where: string,
): DriftError | undefined {
  if (got.height !== wanted.height || got.width !== wanted.width) {
    return new DriftError(
      'image.shape',
      `expected ${describeShape(wanted)} like the first image, got ${describeShape(got)} in ${where}`,
      { hint: 'Ask for a shape, so that images of other sizes are resized.' },
    )
  }
  return channelsConvert(got.channels, wanted.channels)
    ? undefined
    : channelError(got.channels, wanted.channels, where)
}

/** Writes one image into `out` as float32 CHW in [0, 1], converting channels by the stated rule. */
export function writePixels(pixels: RawPixels, channels: number, out: Float32Array): void {
  const { shape, data } = pixels
  const area = shape.height * shape.width
  const planar = pixels.layout === 'CHW' || shape.channels === 1
  if (planar && shape.channels === channels) {
    scale(data, out)
    return
  }
  if (data instanceof Uint8Array && shape.channels === channels) {
    copyInterleavedBytes(data, channels, out)
    return
  }
  const scaled = new Float32Array(data.length)
  scale(data, scaled)
  if (shape.channels === 1) {
    for (let channel = 0; channel < channels; channel++) out.set(scaled, channel * area)
  } else if (shape.channels === channels) {
    copyInterleaved(scaled, channels, out)
  } else {
    writeLuma(scaled, planar ? { step: 1, plane: area } : { step: 3, plane: 1 }, out)
  }
}

/** The first value that is not finite or not in [0, 1], if any. */
export function findBadValue(values: Float32Array): number | undefined {
  return values.find((value) => !(value >= -RANGE_TOLERANCE && value <= 1 + RANGE_TOLERANCE))
}

/** The error for what `findBadValue` found among `values`; their range tells how to rescale them. */
export function badValueError(value: number, values: Float32Array, where: string): DriftError {
  if (!Number.isFinite(value)) {
    return new DriftError('image.values', `expected finite pixels, got ${value} in ${where}`)
  }
  const shown = Number(value.toPrecision(6))
  return new DriftError('image.values', `expected floats in [0, 1], got ${shown} in ${where}`, {
    hint: rescalingHint(values),
  })
}

/** Values below 0 or not far above 1 come from a normalisation; up to 255 they are bytes. */
function rescalingHint(values: Float32Array): string {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low >= 0 && high > LARGEST_NORMALISED) {
    return high <= 255
      ? 'Divide by 255, or store the pixels as unsigned bytes.'
      : 'Divide by the largest possible value, such as 65535, or store the pixels as uint16.'
  }
  return 'Undo the normalisation (mean and standard deviation) so that black is 0 and white is 1.'
}

/** Standard deviations that pixels reach when they are normalised. */
const LARGEST_NORMALISED = 16

function scale(data: RawPixels['data'], out: Float32Array): void {
  if (data instanceof Uint8Array) {
    for (let i = 0; i < data.length; i++) out[i] = BYTE_SCALE[data[i]]
  } else if (data instanceof Uint16Array) {
    for (let i = 0; i < data.length; i++) out[i] = data[i] / 65535
  } else {
    for (let i = 0; i < data.length; i++) out[i] = Math.min(1, Math.max(0, data[i]))
  }
}

function writeLuma(
  values: Float32Array,
  { step, plane }: { step: number; plane: number },
  out: Float32Array,
): void {
  const [redWeight, greenWeight, blueWeight] = LUMA
  for (let i = 0, at = 0; i < out.length; i++, at += step) {
    const red = values[at]
    const green = values[at + plane]
    const blue = values[at + 2 * plane]
    // An RGB file of a grey picture must give exactly the grey file's values.
    const isGrey = red === green && green === blue
    out[i] = isGrey ? red : redWeight * red + greenWeight * green + blueWeight * blue
  }
}

/** The most frequent way, without a copy on the way. */
function copyInterleavedBytes(bytes: Uint8Array, channels: number, out: Float32Array): void {
  const area = bytes.length / channels
  for (let channel = 0; channel < channels; channel++) {
    const first = channel * area
    for (let i = 0, at = channel; i < area; i++, at += channels) {
      out[first + i] = BYTE_SCALE[bytes[at]]
    }
  }
}

function copyInterleaved(values: Float32Array, channels: number, out: Float32Array): void {
  const area = values.length / channels
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0, at = channel; i < area; i++, at += channels) {
      out[channel * area + i] = values[at]
    }
  }
}
