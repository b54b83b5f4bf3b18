import { type EncodedFormat, sniffFormat } from '../encoded-format.ts'
import type { RawPixels } from '../raw-pixels.ts'
import type { PlaneSize } from '../resample-plane.ts'
import { toWorkingForm, type TargetForm } from '../working-pixels.ts'
import { decodeUsualJpeg } from './jpeg.ts'
import { decodeUsualPng } from './png.ts'

/** Images with more pixels than this are refused unless the caller raises the limit. */
export const DEFAULT_PIXEL_LIMIT = 100_000_000

/** What the decoded image should look like; without a shape it keeps its size, and a grey file its single channel. */
export type DecodeOptions = TargetForm & {
  readonly pixelLimit?: number | undefined
  /** Which picture of a file of several, from 0. */
  readonly page?: number | undefined
}

/** Pixels in their working form, and the size that the picture has in its file, turned as it is shown. */
export type DecodedPixels = RawPixels & { readonly size: PlaneSize }

/** The pixels of a file of a usual kind, unless it is large, read on the thread that asks; undefined for any other, which `decodeImage` reads. */
export function decodeAtOnce(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): DecodedPixels | undefined {
  const { pixelLimit = DEFAULT_PIXEL_LIMIT } = options
  const format = sniffFormat(bytes)
  const pixels = format && USUAL[format]?.(bytes, pixelLimit)
  if (pixels === undefined) return undefined
  const found = brought(pixels, options)
  // Made smaller they are others; those that stay as they are lie in the decoder's memory.
  return found.data === pixels.data ? { ...found, data: found.data.slice() } : found
}

type DecodeUsual = (bytes: Uint8Array, pixelLimit: number) => RawPixels | undefined

const USUAL: Partial<Record<EncodedFormat, DecodeUsual>> = {
  jpeg: decodeUsualJpeg,
  png: decodeUsualPng,
}

/** Pixels as they were decoded, brought to their working form. */
export function brought(pixels: RawPixels, form: TargetForm): DecodedPixels {
  const { height, width } = pixels.shape
  const { shape, layout, data } = toWorkingForm(pixels, form)
  return { shape, layout, data, size: { height, width } }
}
