import type { ImageShape } from '../images/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** Number of images in N×C×H×W pixels; throws RangeError when C, H or W differ from `shape`. */
export function requirePixels(pixels: Tensor, { channels, height, width }: ImageShape): number {
  const [rows, ...image] = pixels.shape
  if (pixels.shape.length !== 4 || image.join() !== [channels, height, width].join()) {
    throw new RangeError(
      `expected pixels of shape [N, ${channels}, ${height}, ${width}], got [${pixels.shape.join(', ')}]`,
    )
  }
  return rows
}

/** Shape of the images of an N×C×H×W tensor. */
export function imageShapeOf(pixels: Tensor): ImageShape {
  if (pixels.shape.length !== 4) {
    throw new RangeError(`expected pixels of shape [N, C, H, W], got [${pixels.shape.join(', ')}]`)
  }
  const [, channels, height, width] = pixels.shape
  return { channels, height, width }
}
