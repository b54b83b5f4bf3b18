import { openImages } from '../../src/images/index.ts'
import { cachedImages } from './array-cache.ts'
import { dataPath, missingData } from './data-folder.ts'
import { joinImages, packImages, type PackedImages } from './packed-images.ts'

/** Names of the classes by index. */
export const CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
]

/** The official parts of CIFAR-10: 50,000 and 10,000 colour images, 32×32. */
export type Cifar10Part = 'train' | 'test'

/** The archive of JPEGs that a part is kept in. */
export function cifar10Archive(part: Cifar10Part): string {
  return dataPath('cifar10', `${part}.tar`)
}

/** Decodes a part, about half a minute for 50,000 images at the first call. */
export async function loadCifar10(part: Cifar10Part): Promise<PackedImages> {
  const archive = cifar10Archive(part)
  return cachedImages(`cifar10-${part}`, [archive], async () =>
    packImages(await openImages(archive, { labels: 'parent-folders' }), CLASSES),
  )
}

/** All 60,000 photographs in one, to be reshuffled. */
export async function loadPooledCifar10(): Promise<PackedImages> {
  return joinImages(await loadCifar10('train'), await loadCifar10('test'))
}

/** Why `loadCifar10` would fail here; undefined when it would not. */
export async function missingCifar10(): Promise<string | undefined> {
  return missingData('CIFAR-10', [cifar10Archive('train'), cifar10Archive('test')])
}
