import sharp from 'sharp'
import type { Tensor } from '../tensor/index.ts'

/** Encodes C×H×W in [0, 1], one or three channels, as an 8-bit PNG. */
export async function encodePng(image: Tensor): Promise<Uint8Array> {
  const [channels = 0, height = 0, width = 0] = image.shape
  if (image.shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new RangeError(
      `expected 1 or 3 channels × height × width, got [${image.shape.join(', ')}]`,
    )
  }
  const area = height * width
  const bytes = new Uint8Array(area * channels)
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < area; i++) {
      const value = image.data[channel * area + i]
      bytes[i * channels + channel] = Math.round(Math.min(1, Math.max(0, value)) * 255)
    }
  }
  return sharp(bytes, { raw: { width, height, channels } })
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer()
}
