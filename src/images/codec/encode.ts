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

function interleavedBytes({ shape, data }: Tensor): Uint8Array {
  const [channels, height, width] = shape
  const area = height * width
  const bytes = new Uint8Array(area * channels)
  for (let channel = 0; channel < channels; channel++) {
    const plane = data.subarray(channel * area, (channel + 1) * area)
    for (let i = 0; i < area; i++) {
      bytes[i * channels + channel] = Math.round(Math.min(1, Math.max(0, plane[i])) * 255)
    }
  }
  return bytes
}
