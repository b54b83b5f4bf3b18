import type { PlaneSize } from '../resample-plane.ts'

/** A square of weights with its centre in the middle; `size` is odd. */
export type Kernel = { readonly size: number; readonly weights: Float32Array }

/** How values beyond the edge are made up: `nearest` aaa|abc, `mirror` cb|abc. */
export type EdgeRule = 'nearest' | 'mirror'

/** Gaussian blur, cut off at four standard deviations, nearest value beyond the edge (as scipy's `gaussian_filter`). */
export function blurGaussian(
  plane: Float32Array,
  { height, width }: PlaneSize,
  sigma: number,
): Float32Array {
  if (sigma <= 0) return plane.slice()
  const weights = gaussianWeights(sigma)
  const across = blurRows(plane, { height, width }, weights)
  const turned = transpose(across, { height, width })
  const both = blurRows(turned, { height: width, width: height }, weights)
  return transpose(both, { height: width, width: height })
}

/** Correlates a plane with a kernel. */
export function correlate(
  plane: Float32Array,
  { height, width }: PlaneSize,
  { kernel, edge }: { readonly kernel: Kernel; readonly edge: EdgeRule },
): Float32Array {
  const radius = (kernel.size - 1) / 2
  const padded = pad(plane, { height, width }, { radius, edge })
  const stride = width + 2 * radius
  const out = new Float32Array(height * width)
  for (let ky = 0; ky < kernel.size; ky++) {
    for (let kx = 0; kx < kernel.size; kx++) {
      const weight = kernel.weights[ky * kernel.size + kx]
      if (weight === 0) continue
      for (let y = 0; y < height; y++) {
        const from = (y + ky) * stride + kx
        const to = y * width
        for (let x = 0; x < width; x++) out[to + x] += weight * padded[from + x]
      }
    }
  }
  return out
}

/** Smallest or largest value in a `size`×`size` window; an even window reaches one further up and left. */
export function rankFilter(
  plane: Float32Array,
  { height, width }: PlaneSize,
  { size, pick }: { readonly size: number; readonly pick: 'minimum' | 'maximum' },
): Float32Array {
  const choose = pick === 'minimum' ? Math.min : Math.max
  const rows = slideRows(plane, { height, width }, { size, choose })
  const turned = transpose(rows, { height, width })
  const both = slideRows(turned, { height: width, width: height }, { size, choose })
  return transpose(both, { height: width, width: height })
}

function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5)
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp((-0.5 * (i - radius) ** 2) / sigma ** 2),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

function blurRows(
  plane: Float32Array,
  { height, width }: PlaneSize,
  weights: Float64Array,
): Float32Array {
  const radius = (weights.length - 1) / 2
  const line = new Float64Array(width + 2 * radius)
  const out = new Float32Array(height * width)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < line.length; i++) {
      line[i] = plane[y * width + Math.min(width - 1, Math.max(0, i - radius))]
    }
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k] * line[x + k]
      out[y * width + x] = sum
    }
  }
  return out
}

function slideRows(
  plane: Float32Array,
  { height, width }: PlaneSize,
  { size, choose }: { size: number; choose: (a: number, b: number) => number },
): Float32Array {
  const before = Math.floor(size / 2)
  const out = new Float32Array(height * width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const first = Math.max(0, x - before)
      const last = Math.min(width - 1, x - before + size - 1)
      let best = plane[y * width + first]
      for (let i = first + 1; i <= last; i++) best = choose(best, plane[y * width + i])
      out[y * width + x] = best
    }
  }
  return out
}

function transpose(plane: Float32Array, { height, width }: PlaneSize): Float32Array {
  const out = new Float32Array(plane.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + y] = plane[y * width + x]
  }
  return out
}

function pad(
  plane: Float32Array,
  { height, width }: PlaneSize,
  { radius, edge }: { radius: number; edge: EdgeRule },
): Float32Array {
  const stride = width + 2 * radius
  const out = new Float32Array(stride * (height + 2 * radius))
  for (let y = 0; y < height + 2 * radius; y++) {
    const row = inside(y - radius, height, edge) * width
    for (let x = 0; x < stride; x++)
      out[y * stride + x] = plane[row + inside(x - radius, width, edge)]
  }
  return out
}

function inside(position: number, length: number, edge: EdgeRule): number {
  if (edge === 'nearest' || length === 1) return Math.min(length - 1, Math.max(0, position))
  const period = 2 * (length - 1)
  const wrapped = ((position % period) + period) % period
  return wrapped < length ? wrapped : period - wrapped
}
