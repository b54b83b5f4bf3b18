import type { AffineMap } from './affine-warp.ts'
import type { PlaneSize } from '../resample-plane.ts'

/** How a value between pixels is read; `bicubic` is Keys' with a = −½, `lanczos` has three lobes. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos'

/** What lies beyond the edge: the nearest pixel, black, or the image mirrored (its edge pixels not repeated). */
export type Border = 'nearest' | 'black' | 'mirror'

/** How images are resampled. */
export type Resampling = { readonly interpolation: Interpolation; readonly border: Border }

/** Reads the planes of an image, one after the other, at the places an affine map names. */
export function resampleAffine(
  planes: Float32Array,
  { height, width }: PlaneSize,
  { map, ...resampling }: Resampling & { readonly map: AffineMap },
): Float32Array {
  const rows = createTaps(height, resampling)
  const columns = createTaps(width, resampling)
  const area = height * width
  const out = new Float32Array(planes.length)
  for (let row = 0; row < height; row++) {
    const y = row - (height - 1) / 2
    for (let column = 0; column < width; column++) {
      const x = column - (width - 1) / 2
      rows.place(map.a * y + map.b * x + map.down + (height - 1) / 2)
      columns.place(map.c * y + map.d * x + map.right + (width - 1) / 2)
      for (let start = 0; start < planes.length; start += area) {
        out[start + row * width + column] = weigh(planes, { start, width, rows, columns })
      }
    }
  }
  return out
}

/** Places of a kernel per pixel of distance: its sines for every pixel of every image would cost more than all the rest. */
const STEPS = 4096

type Kernel = {
  /** Pixels read along each axis. */
  readonly taps: number
  /** Weight at each distance in steps. */
  readonly weights: Float64Array
}

function tabulate(taps: number, weightAt: (distance: number) => number): Kernel {
  const weights = Float64Array.from({ length: (taps / 2) * STEPS + 2 }, (_, i) =>
    weightAt(i / STEPS),
  )
  return { taps, weights }
}

const KERNELS: Readonly<Record<Interpolation, Kernel>> = {
  nearest: tabulate(1, () => 1),
  bilinear: tabulate(2, (t) => 1 - t),
  bicubic: tabulate(4, (t) =>
    t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2,
  ),
  lanczos: tabulate(6, (t) => sinc(t) * sinc(t / 3)),
}

function sinc(t: number): number {
  return t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t)
}

/** Pixels read along one axis and how much each counts, sum 1; −1 is black. */
type Taps = {
  readonly at: Int32Array
  readonly weights: Float64Array
  place(position: number): void
}

function createTaps(length: number, { interpolation, border }: Resampling): Taps {
  const { taps, weights: table } = KERNELS[interpolation]
  const at = new Int32Array(taps)
  const weights = new Float64Array(taps)
  return {
    at,
    weights,
    place(position) {
      // Of two equally near pixels the upper left is the nearest.
      const first = taps === 1 ? Math.ceil(position - 0.5) : Math.floor(position) - taps / 2 + 1
      let sum = 0
      for (let i = 0; i < taps; i++) {
        const index = first + i
        const steps = Math.abs(index - position) * STEPS
        const below = Math.floor(steps)
        const weight = table[below] + (steps - below) * (table[below + 1] - table[below])
        at[i] = index >= 0 && index < length ? index : beyond(index, length, border)
        weights[i] = weight
        sum += weight
      }
      for (let i = 0; i < taps; i++) weights[i] /= sum
    },
  }
}

function beyond(index: number, length: number, border: Border): number {
  if (border === 'black') return -1
  if (border === 'nearest' || length === 1) return index < 0 ? 0 : length - 1
  const period = 2 * (length - 1)
  const within = ((index % period) + period) % period
  return Math.min(within, period - within)
}

type Place = {
  readonly start: number
  readonly width: number
  readonly rows: Taps
  readonly columns: Taps
}

function weigh(planes: Float32Array, { start, width, rows, columns }: Place): number {
  const taps = rows.at.length
  let sum = 0
  for (let i = 0; i < taps; i++) {
    if (rows.at[i] < 0) continue
    const from = start + rows.at[i] * width
    let across = 0
    for (let j = 0; j < taps; j++) {
      const column = columns.at[j]
      if (column >= 0) across += columns.weights[j] * planes[from + column]
    }
    sum += rows.weights[i] * across
  }
  return sum
}
