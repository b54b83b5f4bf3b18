import type { Random, Tensor } from '../../tensor/index.ts'
import { composeAffine } from './affine-warp.ts'
import { resampleAffine, type Resampling } from './resample-affine.ts'

/** One image's change; what is left out stays as it is. */
export type Adjustment = {
  /** Degrees. */
  readonly rotation?: number
  /** Shares of the height and width. */
  readonly down?: number
  readonly right?: number
  /** Relative change of the distance from `pivot`. */
  readonly contrast?: number
  /** The grey that contrast leaves as it is; mid-grey when left out. */
  readonly pivot?: number | 'mean'
  /** Added to every value. */
  readonly brightness?: number
  /** Relative change of every value, before `brightness`. */
  readonly gain?: number
  /** Standard deviation of added normal noise. */
  readonly noise?: number
  /** How a moved image is read; bilinear, with the nearest pixel beyond the edge, when left out. */
  readonly resampling?: Resampling
  /** Overrides `quantised` for this image. */
  readonly rounded?: boolean
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
  const size = channels * height * width
  const data = new Float32Array(pixels.data.length)
  for (let row = 0; row < count; row++) {
    const adjustment = choose(row)
    const image = pixels.data.subarray(row * size, (row + 1) * size)
    const moved = move(image, { height, width }, adjustment)
    const lit = light(moved, adjustment, random)
    store(data.subarray(row * size, (row + 1) * size), lit, adjustment.rounded ?? quantised)
  }
  return { shape: pixels.shape, data }
}

type Size = { readonly height: number; readonly width: number }

const DEFAULT_RESAMPLING: Resampling = { interpolation: 'bilinear', border: 'nearest' }

function move(
  image: Float32Array,
  size: Size,
  { rotation = 0, down = 0, right = 0, resampling = DEFAULT_RESAMPLING }: Adjustment,
): Float32Array {
  if (rotation === 0 && down === 0 && right === 0) return image
  const map = composeAffine({
    rotation,
    down: down * size.height,
    right: right * size.width,
    shear: 0,
    zoomY: 1,
    zoomX: 1,
  })
  return resampleAffine(image, size, { map, ...resampling })
}

function light(
  image: Float32Array,
  { contrast = 0, pivot = 0.5, brightness = 0, gain = 0, noise = 0 }: Adjustment,
  random: Random,
): Float32Array {
  if (contrast === 0 && brightness === 0 && gain === 0 && noise === 0) return image
  const grey = pivot === 'mean' ? meanOf(image) : pivot
  return image.map(
    (value) =>
      (value * (1 + gain) - grey) * (1 + contrast) +
      grey +
      brightness +
      (noise === 0 ? 0 : noise * random.normal()),
  )
}

/** Clips to [0, 1], and rounds to 8 bits where asked for. */
function store(target: Float32Array, values: Float32Array, rounded: boolean): void {
  for (let i = 0; i < values.length; i++) {
    const value = Math.min(1, Math.max(0, values[i]))
    target[i] = rounded ? Math.round(value * 255) / 255 : value
  }
}

function meanOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
