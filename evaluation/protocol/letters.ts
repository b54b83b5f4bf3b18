import type { Random, Tensor } from '../../src/tensor/index.ts'
import { loadNotMnist } from '../data/notmnist.ts'
import { unpackImages } from '../data/packed-images.ts'

/** Letters in place of the images, framed and in grey where they are larger and in colour. */
export async function letters({ shape }: Tensor, random: Random): Promise<Tensor> {
  const [count, channels, height, width] = shape
  const all = await loadNotMnist()
  const { data, shape: small } = unpackImages(all, random.sample(all.count, count))
  const [, , rows, columns] = small
  const [top, left] = [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2)]
  const pixels = new Float32Array(count * channels * height * width)
  for (let plane = 0; plane < count * channels; plane++) {
    const from = Math.floor(plane / channels) * rows * columns
    for (let row = 0; row < rows; row++) {
      const line = data.subarray(from + row * columns, from + (row + 1) * columns)
      pixels.set(line, (plane * height + top + row) * width + left)
    }
  }
  return { shape, data: pixels }
}
