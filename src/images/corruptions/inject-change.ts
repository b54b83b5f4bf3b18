import { FILE_COLUMNS } from '../../file-properties.ts'
import { createRandom, sliceRows, type Tensor } from '../../tensor/index.ts'
import { throughJpeg } from '../codec/encode.ts'
import type { ImageBatch, PixelDepth } from '../image-source.ts'
import { toBytes, toShorts } from '../pixel-depth.ts'
import type { GradedChange } from './graded-changes.ts'

export type InjectOptions = {
  readonly strength: number
  /** Bits of a channel that images are rounded to; without it they are not. */
  readonly depth?: PixelDepth | undefined
  readonly seed: number
}

const [WIDTH, HEIGHT, QUALITY] = ['image-width', 'image-height', 'jpeg-quality'].map((name) =>
  FILE_COLUMNS.findIndex((column) => column.name === name),
)

/**
 * The pixels of a batch as its change would have come: changed, rounded, and where an image is a JPEG of just the
 * working size saved once more at its own quality, since otherwise the lost traces of its compression would give every
 * change away. What is known of the images beside their pixels is not changed.
 */
export async function injectChange(
  batch: ImageBatch,
  change: GradedChange,
  { strength, depth, seed }: InjectOptions,
): Promise<Tensor> {
  const random = createRandom(seed)
  const changed = await change.apply(batch.pixels, { strength, random })
  return saveAgain(batch, roundTo(changed, depth))
}

function roundTo({ shape, data }: Tensor, depth: PixelDepth | undefined): Tensor {
  if (depth === undefined) return { shape, data }
  const largest = depth === 8 ? 255 : 65_535
  const whole = depth === 8 ? toBytes(data) : toShorts(data)
  return { shape, data: Float32Array.from(whole, (value) => value / largest) }
}

async function saveAgain({ files }: ImageBatch, pixels: Tensor): Promise<Tensor> {
  if (files === undefined) return pixels
  const [count, channels, height, width] = pixels.shape
  const data = pixels.data.slice()
  const size = channels * height * width
  const qualityOf = (row: number): number => {
    const said = sliceRows(files, row, row + 1).data
    return said[WIDTH] === width && said[HEIGHT] === height ? Math.round(said[QUALITY]) : 0
  }
  for (let row = 0; row < count; row++) {
    const quality = qualityOf(row)
    if (quality < 1) continue
    const image = data.subarray(row * size, (row + 1) * size)
    image.set((await throughJpeg({ shape: [channels, height, width], data: image }, quality)).data)
  }
  return { shape: pixels.shape, data }
}
