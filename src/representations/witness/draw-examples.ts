import type { GradedChange } from '../../images/index.ts'
import { type Random, sliceRows, takeRows, type Tensor } from '../../tensor/index.ts'
import { changeMildly } from './known-changes.ts'
import { storeAsPhotographs } from './store-as-photographs.ts'

/** Images of one class: 0 as they are, c + 1 changed by the change c. */
export type Examples = { readonly pixels: Tensor; readonly label: number }

/** Pixel values of each change's images together: a thousand of 3×32×32. */
const VALUES = 3 << 20
const MOST = 1000
const FEWEST = 40
/** Of the training images, for each change: the same few images over and over would teach nothing more. */
const SHARE = 0.25
/** As they are, images are drawn so many times as often as changed in any one way. */
const CLEAN_TIMES = 4

/** Training images as they are and changed in every known way, a class at a time. */
export async function* drawExamples(
  training: Tensor,
  changes: readonly GradedChange[],
  random: Random,
): AsyncGenerator<Examples> {
  const [rows] = training.shape
  const size = training.data.length / rows
  const each = Math.max(FEWEST, Math.min(MOST, SHARE * rows, VALUES / size) | 0)
  const draw = (count: number): Tensor =>
    takeRows(
      training,
      Uint32Array.from({ length: count }, () => random.integer(rows)),
    )
  yield { label: 0, pixels: await storeHalf(draw(CLEAN_TIMES * each), random) }
  for (const [c, change] of changes.entries()) {
    const changed = await changeMildly(change, draw(each), random)
    yield { label: c + 1, pixels: await storeHalf(changed, random) }
  }
}

/** In 8 bits; the second half stored once more as photographs are, so that its traces are no sign of a change. */
async function storeHalf(pixels: Tensor, random: Random): Promise<Tensor> {
  const [rows] = pixels.shape
  const data = pixels.data.map((value) => Math.round(255 * value) / 255)
  const rounded = { shape: pixels.shape, data }
  const half = sliceRows(rounded, rows >> 1, rows)
  const stored = await storeAsPhotographs(half, random)
  data.set(stored.data, data.length - stored.data.length)
  return rounded
}
