import { warpAffine } from './affine-warp.ts'
import { defineImageCorruption, mapPlanes, type WritableImage } from './corruption.ts'
import { blurGaussian, correlate, type Kernel } from './spatial-filter.ts'

/** Gaussian blur of standard deviation `sigma` pixels. */
export const gaussianBlur = defineImageCorruption({
  name: 'gaussian-blur',
  title: 'Gaussian blur',
  parameters: { sigma: 2 },
  severities: [{ sigma: 1 }, { sigma: 2 }, { sigma: 3 }, { sigma: 4 }, { sigma: 6 }],
  corrupt: (image, { sigma }) => {
    mapPlanes(image, (plane) => blurGaussian(plane, image, sigma))
  },
})

/** A lens out of focus: the mean over a disk of `radius` pixels, its rim softened by `softness`. */
export const defocusBlur = defineImageCorruption({
  name: 'defocus-blur',
  title: 'Defocus blur',
  parameters: { radius: 3, softness: 0.1 },
  severities: [
    { radius: 3, softness: 0.1 },
    { radius: 4, softness: 0.5 },
    { radius: 6, softness: 0.5 },
    { radius: 8, softness: 0.5 },
    { radius: 10, softness: 0.5 },
  ],
  corrupt: (image, { radius, softness }) => {
    const kernel = diskKernel(radius, softness)
    mapPlanes(image, (plane) => correlate(plane, image, { kernel, edge: 'mirror' }))
  },
})

/** Frosted glass: blur, pixels swapped with neighbours up to `reach` away in `rounds` passes, blur again. */
export const glassBlur = defineImageCorruption({
  name: 'glass-blur',
  title: 'Frosted-glass blur',
  parameters: { sigma: 0.7, reach: 1, rounds: 2 },
  severities: [
    { sigma: 0.7, reach: 1, rounds: 2 },
    { sigma: 0.9, reach: 2, rounds: 1 },
    { sigma: 1, reach: 2, rounds: 3 },
    { sigma: 1.1, reach: 3, rounds: 2 },
    { sigma: 1.5, reach: 4, rounds: 2 },
  ],
  corrupt: (image, { sigma, reach, rounds }, random) => {
    const { height, width } = image
    mapPlanes(image, (plane) => blurGaussian(plane, image, sigma))
    for (let round = 0; round < rounds; round++) {
      for (let y = height - reach - 1; y > reach; y--) {
        for (let x = width - reach - 1; x > reach; x--) {
          if (random.uniform() < 0.5) continue
          // As published, the offset never reaches +reach.
          const otherX = x + random.integer(2 * reach) - reach
          const otherY = y + random.integer(2 * reach) - reach
          swap(image, y * width + x, otherY * width + otherX)
        }
      }
    }
    mapPlanes(image, (plane) => blurGaussian(plane, image, sigma))
  },
})

/** A moving camera: a one-sided Gaussian trail of `radius` pixels at a random angle within ±45°. */
export const motionBlur = defineImageCorruption({
  name: 'motion-blur',
  title: 'Motion blur',
  parameters: { radius: 10, sigma: 3 },
  severities: [
    { radius: 10, sigma: 3 },
    { radius: 15, sigma: 5 },
    { radius: 15, sigma: 8 },
    { radius: 15, sigma: 12 },
    { radius: 20, sigma: 15 },
  ],
  corrupt: (image, { radius, sigma }, random) => {
    const angle = ((random.uniform() * 90 - 45) * Math.PI) / 180
    const kernel = trailKernel({ radius, sigma, angle })
    mapPlanes(image, (plane) => correlate(plane, image, { kernel, edge: 'nearest' }))
  },
})

/** The mean of the image and its enlargements by 1, 1 + step, … up to `largest`. */
export const zoomBlur = defineImageCorruption({
  name: 'zoom-blur',
  title: 'Zoom blur',
  parameters: { largest: 1.3, step: 0.03 },
  severities: [
    { largest: 1.1, step: 0.01 },
    { largest: 1.15, step: 0.01 },
    { largest: 1.2, step: 0.02 },
    { largest: 1.25, step: 0.02 },
    { largest: 1.3, step: 0.03 },
  ],
  corrupt: (image, { largest, step }) => {
    const count = Math.floor((largest - 1) / step + 1e-9) + 1
    mapPlanes(image, (plane) => {
      const sum = plane.slice()
      for (let i = 0; i < count; i++) {
        const scale = 1 / (1 + i * step)
        const map = { a: scale, b: 0, c: 0, d: scale, down: 0, right: 0 }
        const zoomed = warpAffine(plane, image, { map, beyond: 'nearest' })
        for (let j = 0; j < sum.length; j++) sum[j] += zoomed[j]
      }
      return sum.map((value) => value / (count + 1))
    })
  },
})

function swap({ channels, height, width, data }: WritableImage, one: number, other: number): void {
  const area = height * width
  for (let start = 0; start < channels * area; start += area) {
    const held = data[start + one]
    data[start + one] = data[start + other]
    data[start + other] = held
  }
}

function diskKernel(radius: number, softness: number): Kernel {
  // The rim is softened over one pixel, over two for large disks.
  const margin = radius <= 8 ? 1 : 2
  const reach = Math.ceil(radius) + margin
  const size = 2 * reach + 1
  const disk = new Float32Array(size * size)
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      if (x * x + y * y <= radius * radius) disk[(y + reach) * size + x + reach] = 1
    }
  }
  const smoothing = gaussianKernel(margin, softness)
  const soft = correlate(
    disk,
    { height: size, width: size },
    { kernel: smoothing, edge: 'nearest' },
  )
  return normalised({ size, weights: soft })
}

function gaussianKernel(radius: number, sigma: number): Kernel {
  const size = 2 * radius + 1
  const weights = new Float32Array(size * size)
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      weights[(y + radius) * size + x + radius] = Math.exp(-(x * x + y * y) / (2 * sigma * sigma))
    }
  }
  return normalised({ size, weights })
}

function trailKernel(trail: { radius: number; sigma: number; angle: number }): Kernel {
  const { radius, sigma, angle } = trail
  const length = 2 * radius + 1
  const reach = length
  const size = 2 * reach + 1
  const weights = new Float32Array(size * size)
  for (let i = 0; i < length; i++) {
    const y = Math.ceil(i * Math.sin(angle) - 0.5)
    const x = Math.ceil(i * Math.cos(angle) - 0.5)
    weights[(y + reach) * size + x + reach] += Math.exp((-i * i) / (2 * sigma * sigma))
  }
  return normalised({ size, weights })
}

function normalised({ size, weights }: Kernel): Kernel {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return { size, weights: weights.map((weight) => weight / sum) }
}
