import sharp from 'sharp'
import { sniffFormat } from '../encoded-format.ts'
import type { RawPixels } from '../raw-pixels.ts'
import type { PlaneSize } from '../resample-plane.ts'
import { decodeImage } from './decode.ts'
import { decodeAtOnce, type DecodeOptions } from './decode-at-once.ts'

/** A picture's size, and its pixels or a small copy of it that has its colours and depth. */
export type Glance = { readonly size: PlaneSize; readonly pixels: RawPixels }

/** Pictures up to it are decoded whole. */
const SMALL_PIXELS = 1 << 16
/** Sides of the small copy. */
const SMALL = 32

/** What a file holds, large photographs decoded in part only; throws as `decodeImage` does. */
export async function glanceAt(
  bytes: Uint8Array,
  where: string,
  options: Pick<DecodeOptions, 'page' | 'pixelLimit'>,
): Promise<Glance> {
  const { pixelLimit = SMALL_PIXELS } = options
  const atOnce = decodeAtOnce(bytes, { ...options, pixelLimit: Math.min(pixelLimit, SMALL_PIXELS) })
  if (atOnce !== undefined) return { size: atOnce.shape, pixels: atOnce }
  const glance = sniffFormat(bytes) === 'jpeg' ? await glanceAtJpeg(bytes, options) : undefined
  if (glance !== undefined) return glance
  const pixels = await decodeImage(bytes, where, options)
  return { size: pixels.shape, pixels }
}

/** By the transform's own scaling: grey stays grey when it is made smaller. Undefined where anything is wrong. */
async function glanceAtJpeg(
  bytes: Uint8Array,
  { pixelLimit }: Pick<DecodeOptions, 'pixelLimit'>,
): Promise<Glance | undefined> {
  try {
    const limits = pixelLimit === undefined ? {} : { limitInputPixels: pixelLimit }
    const image = sharp(bytes, { failOn: 'warning', ...limits })
    const { autoOrient, space } = await image.metadata()
    const small = image.resize(SMALL, SMALL, { fit: 'fill' })
    const { data, info } = await small
      .toColourspace(space === 'b-w' ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const shape = { channels: info.channels, height: info.height, width: info.width }
    return { size: autoOrient, pixels: { shape, layout: 'HWC', data } }
  } catch {
    return undefined
  }
}
