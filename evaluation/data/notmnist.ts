import { openImages } from '../../src/images/index.ts'
import { cachedImages } from './array-cache.ts'
import { dataPath, missingData } from './data-folder.ts'
import { packImages, type PackedImages } from './packed-images.ts'

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']
const IMAGES = dataPath('notmnist', 't10k-images-idx3-ubyte.gz')
const LABELS = dataPath('notmnist', 't10k-labels-idx1-ubyte.gz')

/** 10,000 letters A to J, 28×28, white on black. */
export async function loadNotMnist(): Promise<PackedImages> {
  return cachedImages('notmnist', [IMAGES, LABELS], async () => {
    const digits = LETTERS.map((_, index) => String(index))
    const images = await packImages(await openImages(IMAGES, { labels: LABELS }), digits)
    return { ...images, classes: LETTERS }
  })
}

/** Why `loadNotMnist` would fail here; undefined when it would not. */
export async function missingNotMnist(): Promise<string | undefined> {
  return missingData('notMNIST', [IMAGES, LABELS])
}
