import type { Random, Tensor } from '../../tensor/index.ts'
import { composeAffine, warpAffine } from './affine-warp.ts'

/** One image's change; what is left out stays as it is. */
export type Adjustment = {
  /** Degrees. */
  readonly rotation?: number
  /** Shares of the height and width. */
  readonly down?: number
  readonly right?: number
  /** Relative change of the distance from mid-grey. */
  readonly contrast?: number
  /** Added to every value. */
  readonly brightness?: number
  /** Standard deviation of added normal noise. */
  readonly noise?: number
}

export type AdjustOptions = {
  readonly random: Random
  /** Round to 8 bits, as a camera delivers images. */
  readonly quantised: boolean
}

/** A changed copy of N×C×H×W in [0, 1]: each image moved, lit and made noisy as `choose` says for its row. */
export function adjustImages(
  pixels: Tensor,
  choose: (row: number) => Adjustment,
  { random, quantised }: AdjustOptions,
): Tensor {
  const [count = 0, channels = 0, height = 0, width = 0] = pixels.shape
  const area = height * width
  const data = new Float32Array(pixels.data.length)
  for (let row = 0; row < count; row++) {
    const adjustment = choose(row)
    for (let channel = 0; channel < channels; channel++) {
      const start = (row * channels + channel) * area
      const plane = pixels.data.subarray(start, start + area)
      data.set(light(move(plane, { height, width }, adjustment), adjustment, random), start)
    }
  }
  for (let i = 0; i < data.length; i++) {
    const value = Math.min(1, Math.max(0, data[i]))
    data[i] = quantised ? Math.round(value * 255) / 255 : value
  }
  return { shape: pixels.shape, data }
}

type Size = { readonly height: number; readonly width: number }

function move(
  plane: Float32Array,
  size: Size,
  { rotation = 0, down = 0, right = 0 }: Adjustment,
): Float32Array {
  if (rotation === 0 && down === 0 && right === 0) return plane
  const map = composeAffine({
    rotation,
    down: down * size.height,
    right: right * size.width,
    shear: 0,
    zoomY: 1,
    zoomX: 1,
  })
  return warpAffine(plane, size, { map, beyond: 'nearest' })
}

function light(
  plane: Float32Array,
  { contrast = 0, brightness = 0, noise = 0 }: Adjustment,
  random: Random,
): Float32Array {
  if (contrast === 0 && brightness === 0 && noise === 0) return plane
  return plane.map(
    (value) =>
      (value - 0.5) * (1 + contrast) +
      0.5 +
      brightness +
      (noise === 0 ? 0 : noise * random.normal()),
  )
}
