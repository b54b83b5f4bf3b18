import type { ImageShape } from '../../src/images/index.ts'
import { createRandom, type Tensor, tensor } from '../../src/tensor/index.ts'

/** Smooth blobs on a dark ground with a little grain, in 8-bit levels: every image differs. */
export function sampleImages(count: number, shape: ImageShape, seed = 1): Tensor {
  const { channels, height, width } = shape
  const random = createRandom(seed)
  const data = new Float32Array(count * channels * height * width)
  for (let image = 0, i = 0; image < count; image++) {
    const centreX = random.uniform() * width
    const centreY = random.uniform() * height
    const radius = (0.15 + 0.3 * random.uniform()) * Math.max(height, width)
    const tint = Array.from({ length: channels }, () => 0.5 + 0.5 * random.uniform())
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i++) {
          const distance = Math.hypot(x - centreX, y - centreY) / radius
          const level = 240 * tint[c] * Math.exp(-distance * distance) + 8 * random.uniform()
          data[i] = Math.round(level) / 255
        }
      }
    }
  }
  return tensor([count, channels, height, width], data)
}

/** The same change for every value. */
export function mapValues(images: Tensor, change: (value: number, i: number) => number): Tensor {
  return tensor(images.shape, images.data.map(change))
}
