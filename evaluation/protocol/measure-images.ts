import {
  type FeatureColumn,
  measureRows,
  type Representation,
} from '../../src/representations/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'

/** What makes rows of features of images. */
export type Transform = {
  readonly columns: readonly FeatureColumn[]
  readonly transform: (pixels: Tensor) => Promise<Float32Array>
}

/** One representation by itself. */
export function transformBy(
  representation: Pick<Representation, 'columns' | 'measureInto'>,
): Transform {
  const transform = (pixels: Tensor) => measureRows(representation, { pixels })
  return { columns: representation.columns, transform }
}

/** Features of many images, `atOnce` at a time: N × columns, row-major. */
export async function measureImages(
  { columns, transform }: Transform,
  pixels: Tensor,
  atOnce = 1000,
): Promise<Float32Array> {
  const [count] = pixels.shape
  const width = columns.length
  const values = new Float32Array(count * width)
  for (let start = 0; start < count; start += atOnce) {
    const part = sliceRows(pixels, start, Math.min(start + atOnce, count))
    values.set(await transform(part), start * width)
  }
  return values
}
