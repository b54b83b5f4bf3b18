import type { ImageShape } from '../images/index.ts'

/** Shrinks images by averaging blocks of whole pixels; blocks at the right and bottom edge may be smaller. */
export type BlockAverage = {
  /** Shape after averaging. */
  readonly shape: ImageShape
  /** Writes the average of one C×H×W image into `target`. */
  average(values: Float32Array, target: Float32Array): void
  /** The transpose of `average`: the weight of each pixel of an image in a weighted sum of the averages. */
  spread(weights: Float32Array): Float32Array
}

/** The smallest block for which neither side exceeds `maxSide`; 1×1 for small images. */
export function blockAverageFor(source: ImageShape, maxSide: number): BlockAverage {
  const down = Math.ceil(source.height / maxSide)
  const across = Math.ceil(source.width / maxSide)
  const shape = {
    channels: source.channels,
    height: Math.ceil(source.height / down),
    width: Math.ceil(source.width / across),
  }
  const weights = blockWeights(source, shape, { down, across })
  return {
    shape,
    average: (values, target) => {
      target.fill(0)
      const rows = source.channels * source.height
      for (let row = 0, i = 0; row < rows; row++) {
        const channel = Math.floor(row / source.height)
        const block = channel * shape.height + Math.floor((row - channel * source.height) / down)
        for (let to = block * shape.width, end = i + source.width; i < end; to++) {
          let sum = 0
          for (const stop = Math.min(i + across, end); i < stop; i++) sum += values[i]
          target[to] += sum
        }
      }
      for (let i = 0; i < target.length; i++) target[i] *= weights[i]
    },
    spread: (given) =>
      Float32Array.from({ length: source.channels * source.height * source.width }, (_, i) => {
        const x = Math.floor((i % source.width) / across)
        const row = Math.floor(i / source.width)
        const channel = Math.floor(row / source.height)
        const y = Math.floor((row % source.height) / down)
        const block = (channel * shape.height + y) * shape.width + x
        return given[block] * weights[block]
      }),
  }
}

/** 1 / number of pixels in each block. */
function blockWeights(
  source: ImageShape,
  shape: ImageShape,
  { down, across }: { readonly down: number; readonly across: number },
): Float32Array {
  const { channels, height, width } = shape
  return Float32Array.from({ length: channels * height * width }, (_, i) => {
    const x = i % width
    const y = Math.floor(i / width) % height
    const pixelsAcross = Math.min(across, source.width - x * across)
    const pixelsDown = Math.min(down, source.height - y * down)
    return 1 / (pixelsAcross * pixelsDown)
  })
}
