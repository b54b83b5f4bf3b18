import { defineImageCorruption, mapPlanes } from './corruption.ts'
import type { PlaneSize } from '../resample-plane.ts'
import { blurGaussian, correlate, type Kernel } from './spatial-filter.ts'

/**
 * Only the outlines are left, white on black: Canny's detector (blur, Sobel, thinning, hysteresis between `low` and
 * `high`), with Gaussian noise of deviation `noise` on top. MNIST-C has no noise; severities are our own.
 */
export const cannyEdges = defineImageCorruption({
  name: 'canny-edges',
  title: 'Outlines only',
  parameters: { sigma: 1, low: 0.1, high: 0.2, noise: 0 },
  severities: [
    { sigma: 1, low: 0.1, high: 0.2, noise: 0 },
    { sigma: 1, low: 0.1, high: 0.2, noise: 0.08 },
    { sigma: 1, low: 0.1, high: 0.2, noise: 0.18 },
    { sigma: 1, low: 0.1, high: 0.2, noise: 0.26 },
    { sigma: 1, low: 0.1, high: 0.2, noise: 0.38 },
  ],
  corrupt: (image, { sigma, low, high, noise }, random) => {
    mapPlanes(image, (plane) => detectEdges(plane, image, { sigma, low, high }))
    if (noise > 0) {
      for (let i = 0; i < image.data.length; i++) image.data[i] += noise * random.normal()
    }
  },
})

const ALONG_X: Kernel = { size: 3, weights: Float32Array.of(-1, 0, 1, -2, 0, 2, -1, 0, 1) }
const ALONG_Y: Kernel = { size: 3, weights: Float32Array.of(-1, -2, -1, 0, 0, 0, 1, 2, 1) }

function detectEdges(
  plane: Float32Array,
  size: PlaneSize,
  { sigma, low, high }: { sigma: number; low: number; high: number },
): Float32Array {
  const smooth = blurGaussian(plane, size, sigma)
  const gradient = {
    x: correlate(smooth, size, { kernel: ALONG_X, edge: 'nearest' }),
    y: correlate(smooth, size, { kernel: ALONG_Y, edge: 'nearest' }),
  }
  const thin = thinRidges(gradient, size)
  return followEdges(thin, size, { low, high })
}

type Gradient = { readonly x: Float32Array; readonly y: Float32Array }

/** Keeps magnitudes that are no smaller than those interpolated one step up and down the gradient. */
function thinRidges(gradient: Gradient, { height, width }: PlaneSize): Float32Array {
  const magnitude = gradient.x.map((x, i) => Math.hypot(x, gradient.y[i]))
  const out = new Float32Array(magnitude.length)
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const at = row * width + column
      if (isRidge(magnitude, { at, width, x: gradient.x[at], y: gradient.y[at] })) {
        out[at] = magnitude[at]
      }
    }
  }
  return out
}

function isRidge(
  magnitude: Float32Array,
  { at, width, x, y }: { at: number; width: number; x: number; y: number },
): boolean {
  const value = magnitude[at]
  if (value === 0) return false
  const signX = x < 0 ? -1 : 1
  const signY = y < 0 ? -1 : 1
  const steep = Math.abs(y) > Math.abs(x)
  const straight = steep ? signY * width : signX
  const diagonal = signX + signY * width
  const weight = steep ? Math.abs(x / y) : Math.abs(y / x)
  const ahead = magnitude[at + diagonal] * weight + magnitude[at + straight] * (1 - weight)
  const behind = magnitude[at - diagonal] * weight + magnitude[at - straight] * (1 - weight)
  return value >= ahead && value >= behind
}

/** Edges of at least `high`, and those of at least `low` that touch them, directly or through others. */
function followEdges(
  thin: Float32Array,
  { height, width }: PlaneSize,
  { low, high }: { low: number; high: number },
): Float32Array {
  const out = new Float32Array(thin.length)
  const open: number[] = []
  const mark = (at: number): void => {
    out[at] = 1
    open.push(at)
  }
  thin.forEach((value, at) => {
    if (value >= high) mark(at)
  })
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const row = Math.floor(at / width)
    const column = at % width
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        const next = y * width + x
        if (out[next] === 0 && thin[next] >= low) mark(next)
      }
    }
  }
  return out
}
