/** Small pictures of picture files; like decoding, in this folder alone. */
import sharp, { type Sharp } from 'sharp'
import { writePixels } from '../raw-pixels.ts'
import { decodeImage } from './decode.ts'
import { DEFAULT_PIXEL_LIMIT } from './decode-at-once.ts'

/** Longer edge of a small picture. */
const SIDE = 128
/** Up to here nothing is lost. */
const LOSSLESS_SIDE = 64

/** A WebP of at most 128 × 128 of what a file shows, turned as it is shown, and nothing else of what is in it; throws as decoding does. */
export async function makeThumbnail(
  bytes: Uint8Array,
  where: string,
  { pixelLimit = DEFAULT_PIXEL_LIMIT }: { readonly pixelLimit?: number | undefined } = {},
): Promise<Uint8Array> {
  const read = sharp(bytes, { limitInputPixels: pixelLimit, failOn: 'none' }).autoOrient()
  // What libvips does not read (BMP, odd TIFF) our own decoders do.
  return small(read).catch(async () => small(await decoded(bytes, where, pixelLimit)))
}

async function small(picture: Sharp): Promise<Uint8Array> {
  const { data, info } = await picture
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const lossless = Math.max(width, height) <= LOSSLESS_SIDE
  return sharp(data, { raw: { width, height, channels } })
    .webp({ lossless, quality: 80 })
    .toBuffer()
}

async function decoded(bytes: Uint8Array, where: string, pixelLimit: number): Promise<Sharp> {
  const pixels = await decodeImage(bytes, where, { pixelLimit })
  const { height, width } = pixels.shape
  const area = height * width
  const planes = new Float32Array(3 * area)
  writePixels(pixels, 3, planes)
  const out = new Uint8Array(3 * area)
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.round(planes[(i % 3) * area + Math.floor(i / 3)] * 255)
  }
  return sharp(out, { raw: { width, height, channels: 3 } })
}
