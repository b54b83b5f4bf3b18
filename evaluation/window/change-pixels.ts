import { createRandom, type Tensor } from '../../src/tensor/index.ts'
import { loadNotMnist } from '../data/notmnist.ts'
import { unpackImages } from '../data/packed-images.ts'
import { attack } from './adversarial.ts'
import type { Shift } from './grids.ts'
import { CLASSES, type Models } from './models.ts'
import type { LabelledImages } from './parts.ts'
import { seedOf } from './seed-of.ts'

type Given = { readonly models: Models; readonly seed: number }

/** The test images with every one of them affected. */
export async function changePixels(
  shift: Shift,
  test: LabelledImages,
  given: Given,
): Promise<Tensor> {
  const { shape, data } = await changedPixels(shift, test, given)
  return {
    shape,
    data: shift.rounded === true ? data.map((value) => Math.round(255 * value) / 255) : data,
  }
}

async function changedPixels(
  { name, change }: Shift,
  test: LabelledImages,
  { models: { classifier }, seed }: Given,
): Promise<Tensor> {
  const random = createRandom(seedOf('change', name, seed))
  if (change === 'none') return test.pixels
  if (change === 'adversarial') return attack(classifier, test, CLASSES)
  if (change !== 'letters') return change(test.pixels, random)
  const letters = await loadNotMnist()
  const rows = Uint32Array.from(test.labels, () => random.integer(letters.count))
  return unpackImages(letters, rows)
}
