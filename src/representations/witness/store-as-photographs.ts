import { jpegCompression } from '../../images/index.ts'
import { type Random, type Tensor, tensor } from '../../tensor/index.ts'

const QUALITY = 75
/** Side of the blocks that a JPEG with halved colour is made of. */
const BLOCK = 16
/** Rows of a file; a JPEG has 65,500 at most. */
const TALLEST = 16_384

/**
 * N×C×H×W images as JPEGs of a usual quality give them back: hundreds of them one below the other in each file, which is
 * five times as fast. A block between them continues each as far as colours are smoothed, so that only their outermost
 * rows differ a little from what files of their own would give.
 */
export async function storeAsPhotographs(pixels: Tensor, random: Random): Promise<Tensor> {
  const [rows, channels, height, width] = pixels.shape
  const pitch = BLOCK * (Math.ceil(height / BLOCK) + 1)
  const perFile = Math.max(1, Math.floor(TALLEST / pitch))
  const out = new Float32Array(pixels.data.length)
  for (let start = 0; start < rows; start += perFile) {
    const count = Math.min(perFile, rows - start)
    const stack = tensor(
      [1, channels, count * pitch, width],
      new Float32Array(channels * count * pitch * width),
    )
    eachRow({ count, channels, height, pitch }, ({ image, channel, row, y }) => {
      const from = (((start + image) * channels + channel) * height + row) * width
      stack.data.set(
        pixels.data.subarray(from, from + width),
        (channel * count * pitch + y) * width,
      )
    })
    const stored = await jpegCompression.apply(stack, { random, quality: QUALITY })
    eachRow({ count, channels, height, pitch: height }, ({ image, channel, row }) => {
      const from = (channel * count * pitch + image * pitch + row) * width
      const to = (((start + image) * channels + channel) * height + row) * width
      out.set(stored.data.subarray(from, from + width), to)
    })
  }
  return { shape: pixels.shape, data: out }
}

/** A row of an image, and which row of the stack shows it. */
type Place = {
  readonly image: number
  readonly channel: number
  readonly row: number
  readonly y: number
}

type Stack = {
  readonly count: number
  readonly channels: number
  readonly height: number
  readonly pitch: number
}

/** Visits `pitch` rows of each image: beyond its height its last row again, and before the next image the first of that. */
function eachRow({ count, channels, height, pitch }: Stack, visit: (at: Place) => void): void {
  for (let channel = 0; channel < channels; channel++) {
    for (let image = 0; image < count; image++) {
      for (let y = 0; y < pitch; y++) {
        const isNext = y >= Math.max(height, pitch - BLOCK / 2) && image + 1 < count
        const row = isNext ? 0 : Math.min(y, height - 1)
        visit({ image: isNext ? image + 1 : image, channel, row, y: image * pitch + y })
      }
    }
  }
}
