import { createImageProperties } from '../../src/representations/index.ts'
import { loadCifar10 } from '../data/cifar10.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { type PackedImages, unpackImages } from '../data/packed-images.ts'
import { measurePixels, pixelTransform } from '../../src/measuring/index.ts'
import type { NullFamily } from './null-family.ts'

const IMAGES = 10_000
const REFERENCE = 600
/** Up to half the reference. */
export const IMAGE_NULL_SIZES: readonly number[] = [10, 100, REFERENCE / 2]

const LOADERS = {
  'properties of digits': loadPooledMnist,
  'properties of photographs': async () => loadCifar10('test'),
} as const satisfies Readonly<Record<string, () => Promise<PackedImages>>>

/** Names of the families of real images. */
export const IMAGE_NULLS = Object.keys(LOADERS) as readonly (keyof typeof LOADERS)[]

/**
 * Rows are drawn without replacement from the measured properties of 10,000 images: `draw` is asked once for
 * reference and windows together.
 */
export async function imageNull(name: keyof typeof LOADERS): Promise<NullFamily> {
  const images = await LOADERS[name]()
  const pixels = unpackImages(
    images,
    Uint32Array.from({ length: IMAGES }, (_, i) => i),
  )
  const [, channels, height, width] = pixels.shape
  const properties = createImageProperties({ channels, height, width })
  const values = await measurePixels(pixelTransform(properties), { pixels })
  const columnCount = properties.columns.length
  const columns = Array.from({ length: columnCount }, (_, column) => column)
  return {
    columnCount,
    groups: [{ name: 'property', columns, kind: 'rank' }],
    reference: REFERENCE,
    sizes: IMAGE_NULL_SIZES,
    draw(rows, random) {
      const drawn = new Float32Array(rows * columnCount)
      random.sample(IMAGES, rows).forEach((image, row) => {
        drawn.set(
          values.subarray(image * columnCount, (image + 1) * columnCount),
          row * columnCount,
        )
      })
      return drawn
    },
  }
}
