import { imageShift, scale } from '../../src/images/index.ts'
import {
  combineRepresentations,
  measurePixels,
  type PixelTransform,
  pixelTransform,
} from '../../src/measuring/index.ts'
import {
  createImageProperties,
  type FeatureColumn,
  fitPrincipalComponents,
} from '../../src/representations/index.ts'
import { createRandom, type Tensor } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages } from '../data/packed-images.ts'
import { splitRows } from '../data/splits.ts'
import { corruptBy, type PixelChange } from '../protocol/pixel-change.ts'
import { type View, viewRows } from '../window/view.ts'

/** Images of the reference and of the window. */
export type PairSize = { readonly reference: number; readonly window: number }

/** A reference and a window of the same columns. */
export type WindowPair = {
  readonly shift: ShiftName
  readonly reference: View
  readonly window: View
}

export const SHIFT_NAMES = ['clean', 'scale', 'image-shift'] as const

export type ShiftName = (typeof SHIFT_NAMES)[number]

const SPLIT = { training: 5000, reference: 12_000, window: 5000 }

const SHIFTS: Readonly<Record<ShiftName, PixelChange>> = {
  clean: (pixels) => pixels,
  scale: corruptBy(scale, scale.severities[0]),
  'image-shift': corruptBy(imageShift, imageShift.severities[1]),
}

/**
 * Seeded windows of MNIST, `draws` of each shift, and their references; 32 principal components found on other images,
 * without ties, then the image properties, some of them with many.
 */
export async function drawWindowPairs(
  size: PairSize,
  { seed, draws }: { readonly seed: number; readonly draws: number },
): Promise<{ readonly columns: readonly FeatureColumn[]; readonly pairs: readonly WindowPair[] }> {
  const pool = await loadPooledMnist()
  const rows = splitRows(pool.count, SPLIT, seed)
  const components = fitPrincipalComponents({ training: unpackImages(pool, rows.training), seed })
  const features = pixelTransform(
    combineRepresentations([components, createImageProperties(pool.shape)]),
  )
  const reference = await measure(features, unpackImages(pool, rows.reference))
  const images = unpackImages(pool, rows.window)
  const random = createRandom(seed)
  const pairs: WindowPair[] = []
  for (const shift of SHIFT_NAMES) {
    const changed = await measure(features, await SHIFTS[shift](images, random))
    for (let i = 0; i < draws; i++) {
      pairs.push({
        shift,
        reference: viewRows(reference, random.sample(SPLIT.reference, size.reference)),
        window: viewRows(changed, random.sample(SPLIT.window, size.window)),
      })
    }
  }
  await components.close?.()
  return { columns: features.columns, pairs }
}

async function measure(features: PixelTransform, pixels: Tensor): Promise<View> {
  return { width: features.columns.length, values: await measurePixels(features, { pixels }) }
}
