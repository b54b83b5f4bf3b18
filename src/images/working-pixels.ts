import { resample, type WholePixels } from './codec/resample.ts'
import type { ImageShape, ResizePolicy } from './image-source.ts'
import type { PixelDepth } from './image-source.ts'
import { toBytes, toShorts } from './pixel-depth.ts'
import type { RawPixels } from './raw-pixels.ts'

/** What images are brought to. */
export type TargetForm = {
  /** Without it an image keeps its size. */
  readonly shape?: ImageShape | undefined
  readonly resize?: ResizePolicy | undefined
  /** Without it files keep their depth, and floats are not rounded but where they are resized: to 16 bits. */
  readonly depth?: PixelDepth | undefined
}

/**
 * The one rule for rounding and resizing, whatever the pixels came in: at 8 bits every value is rounded to a byte, before
 * and after the resizing; at 16 bits values of an image that is resized are rounded to 16 bits, before and after, and
 * others stay as they are. So the same pixels give the same numbers out of every container that can hold them.
 */
export function toWorkingForm(
  pixels: RawPixels,
  { shape, resize = 'stretch', depth }: TargetForm,
): RawPixels {
  const { height, width } = pixels.shape
  const keepsSize = shape === undefined || (shape.height === height && shape.width === width)
  if (keepsSize) return depth === 8 ? { ...pixels, data: toBytes(pixels.data) } : pixels
  return resample(toWhole(pixels, depth), shape, resize)
}

function toWhole(pixels: RawPixels, depth: PixelDepth | undefined): WholePixels {
  const isShallow = depth === 8 || (depth === undefined && pixels.data instanceof Uint8Array)
  return { ...pixels, data: isShallow ? toBytes(pixels.data) : toShorts(pixels.data) }
}
