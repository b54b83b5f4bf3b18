/** Writing images; like decoding, in this folder alone. */
import sharp from 'sharp'
import type { Tensor } from '../../tensor/index.ts'

/** Encodes C×H×W in [0, 1], one or three channels, as an 8-bit PNG. */
export async function encodePng(image: Tensor): Promise<Uint8Array> {
  const [channels, height, width] = image.shape
  if (image.shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new RangeError(
      `expected 1 or 3 channels × height × width, got [${image.shape.join(', ')}]`,
    )
  }
  return sharp(interleavedBytes(image), { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer()
}

/** Encodes the same as 8 bits where all values are bytes, without loss, else as 16, to which finer values are rounded. */
export async function encodeLossless(image: Tensor): Promise<Uint8Array> {
  if (image.data.every(isByte)) return encodePng(image)
  const [channels, height, width] = image.shape
  const words = interleave(image, new Uint16Array(image.data.length), 65_535)
  return sharp(words, { raw: { width, height, channels: channels as 1 | 3 } })
    .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
    .png()
    .toBuffer()
}

/** Far nearer to a 255th than 16 bits tell apart. */
function isByte(value: number): boolean {
  return Math.abs(value * 255 - Math.round(value * 255)) < 1e-4
}

/** What is left of C×H×W in [0, 1] after JPEG at `quality` 1 to 100, colour at half resolution, as C×H×W. */
export async function throughJpeg(image: Tensor, quality: number): Promise<Tensor> {
  const [channels, height, width] = image.shape
  const area = height * width
  const data = new Float32Array(image.data.length)
  // Three channels are a colour picture; any other number is compressed plane by plane.
  const count = channels === 3 ? 3 : 1
  for (let start = 0; start < channels; start += count) {
    const part = image.data.subarray(start * area, (start + count) * area)
    const bytes = interleavedBytes({ shape: [count, height, width], data: part })
    const space = count === 1 ? 'b-w' : 'srgb'
    const encoded = await sharp(bytes, { raw: { width, height, channels: count } })
      .toColourspace(space)
      .jpeg({ quality })
      .toBuffer()
    const decoded = await sharp(encoded).toColourspace(space).raw().toBuffer()
    for (let channel = 0; channel < count; channel++) {
      const plane = data.subarray((start + channel) * area, (start + channel + 1) * area)
      for (let i = 0; i < area; i++) plane[i] = decoded[i * count + channel] / 255
    }
  }
  return { shape: image.shape, data }
}

function interleavedBytes(image: Tensor): Uint8Array {
  return interleave(image, new Uint8Array(image.data.length), 255)
}

function interleave<Whole extends Uint8Array | Uint16Array>(
  { shape, data }: Tensor,
  out: Whole,
  largest: number,
): Whole {
  const [channels, height, width] = shape
  const area = height * width
  for (let channel = 0; channel < channels; channel++) {
    const plane = data.subarray(channel * area, (channel + 1) * area)
    for (let i = 0; i < area; i++) {
      out[i * channels + channel] = Math.round(Math.min(1, Math.max(0, plane[i])) * largest)
    }
  }
  return out
}
