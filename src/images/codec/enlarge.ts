import type { ImageShape, ResizePolicy } from '../image-source.ts'
import type { RawPixels } from '../raw-pixels.ts'
import { planeResampler, type PlaneSize } from '../resample-plane.ts'

/** True when the picture gets larger along an axis on its way to `to`. */
export function grows(from: PlaneSize, to: PlaneSize, policy: ResizePolicy): boolean {
  const [down, across] = [to.height / from.height, to.width / from.width]
  return (policy === 'contain' ? Math.min(down, across) : Math.max(down, across)) > 1
}

/**
 * Brings pixels to the height and width of `to`, bilinear with half-pixel centres; margins are black.
 * libvips, which makes pictures smaller the same way, moves those it enlarges by up to half a pixel.
 */
export function enlarge(pixels: RawPixels, to: ImageShape, policy: ResizePolicy): RawPixels {
  const { channels } = pixels.shape
  const size = sizeBefore(pixels.shape, to, policy)
  const resample = planeResampler(pixels.shape, size)
  const data = emptyLike(pixels.data, channels * to.height * to.width)
  const plane = new Float32Array(pixels.shape.height * pixels.shape.width)
  const resized = new Float32Array(size.height * size.width)
  const step = pixels.layout === 'HWC' ? channels : 1
  for (let channel = 0; channel < channels; channel++) {
    const start = pixels.layout === 'HWC' ? channel : channel * plane.length
    for (let i = 0; i < plane.length; i++) plane[i] = pixels.data[start + i * step]
    resample(plane, resized)
    const first = pixels.layout === 'HWC' ? channel : channel * to.height * to.width
    place({ values: resized, size }, { data, first, step, size: to })
  }
  return { shape: { ...to, channels }, layout: pixels.layout, data }
}

/** The picture's size before it is cropped or gets its margins. */
function sizeBefore(from: PlaneSize, to: PlaneSize, policy: ResizePolicy): PlaneSize {
  if (policy === 'stretch') return to
  const [down, across] = [to.height / from.height, to.width / from.width]
  const factor = policy === 'cover' ? Math.max(down, across) : Math.min(down, across)
  return { height: Math.round(from.height * factor), width: Math.round(from.width * factor) }
}

type Plane = { readonly values: Float32Array; readonly size: PlaneSize }

type Target = {
  readonly data: RawPixels['data']
  /** Index of the first value of the channel, and from each value to the next. */
  readonly first: number
  readonly step: number
  readonly size: PlaneSize
}

/** Copies the middle of a plane into the middle of another; what is odd falls as in libvips. */
function place({ values, size }: Plane, target: Target): void {
  const top = margin(size.height, target.size.height)
  const left = margin(size.width, target.size.width)
  const isWhole = !(target.data instanceof Float32Array)
  for (let y = Math.max(0, top); y < Math.min(target.size.height, top + size.height); y++) {
    for (let x = Math.max(0, left); x < Math.min(target.size.width, left + size.width); x++) {
      const value = values[(y - top) * size.width + x - left]
      const at = target.first + (y * target.size.width + x) * target.step
      target.data[at] = isWhole ? Math.round(value) : value
    }
  }
}

/** Before the picture; negative where it is cropped. */
const margin = (from: number, to: number): number => Math.floor((to - from) / 2)

function emptyLike(data: RawPixels['data'], length: number): RawPixels['data'] {
  if (data instanceof Uint8Array) return new Uint8Array(length)
  return data instanceof Uint16Array ? new Uint16Array(length) : new Float32Array(length)
}
