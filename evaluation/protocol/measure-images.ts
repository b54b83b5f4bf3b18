import type { Representation } from '../../src/representations/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'

/** Features of many images, `atOnce` at a time: N × columns, row-major. */
export async function measureImages(
  representation: Pick<Representation, 'columns' | 'transform'>,
  pixels: Tensor,
  atOnce = 1000,
): Promise<Float32Array> {
  const [count] = pixels.shape
  const width = representation.columns.length
  const values = new Float32Array(count * width)
  for (let start = 0; start < count; start += atOnce) {
    const part = sliceRows(pixels, start, Math.min(start + atOnce, count))
    values.set(await representation.transform(part), start * width)
  }
  return values
}
