import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadPooledCifar10 } from '../../evaluation/data/cifar10.ts'
import { dataPath } from '../../evaluation/data/data-folder.ts'
import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import {
  type PackedImages,
  unpackImages,
  unpackLabels,
} from '../../evaluation/data/packed-images.ts'
import { gaussianNoise } from '../../src/images/index.ts'
import type { CheckOptions, FitOptions, ImageSource } from '../../src/index.ts'
import { createRandom, type Tensor } from '../../src/tensor/index.ts'
import { blobImages, type BlobOptions } from '../../test/fixtures/blob-images.ts'
import { brightnessClassifier } from '../../test/fixtures/brightness-classifier.ts'
import { embeddingsOf, logitsOf, mix } from '../../test/fixtures/two-classes.ts'
import type { AnyDetector, Library } from './library.ts'

/** A detector, and what it is to judge. */
export type Case = {
  readonly detector: AnyDetector
  readonly batches: Readonly<Record<string, Batch>>
}

type Batch = { readonly images: ImageSource; readonly options?: CheckOptions }

const SIDE = 8
const FIT: FitOptions = { seed: 1, epochs: 2, threads: 1, now: () => new Date(0) }

/** Every way to fit and to check, small; then data sets as they are, where they are there. */
export const CASES: Readonly<Record<string, (library: Library) => Promise<Case>>> = {
  'default settings': (library) => blobCase(library, {}),
  'published rule': (library) =>
    blobCase(library, { policy: { kind: 'relative', increase: 0.05 } }),
  tolerance: (library) => blobCase(library, { tolerate: { brightness: 0.05, noise: 0.02 } }),
  blocks: (library) => blobCase(library, { blockBy: 'session' }),
  classifier: (library) =>
    blobCase(library, { classifier: classifier(), unseenByClassifier: true }),
  'classifier that is not trusted': (library) => blobCase(library, { classifier: classifier() }),
  'reference of its own': (library) =>
    blobCase(library, {
      reference: sessions(library, { count: 120, seed: 9 }),
      classifier: classifier(),
    }),
  'prepared sizes': (library) => blobCase(library, { batchSizes: [30, 20] }),
  'model outputs': modelOutputs,
  'sampled batch': sampledBatch,
  ...storedArtifacts(),
  mnist: (library) => dataSet(library, loadPooledMnist, { epochs: 3 }),
  'mnist, tolerance': (library) =>
    dataSet(library, loadPooledMnist, { epochs: 2, tolerate: { rotation: 5 }, maxImages: 300 }),
  ...(existsSync(dataPath('cifar10', 'train.tar'))
    ? { cifar10: (library) => dataSet(library, loadPooledCifar10, { epochs: 2 }) }
    : {}),
}

function classifier() {
  return { model: brightnessClassifier(1, SIDE) }
}

/** Images in sessions of ten, with labels. */
function sessions(library: Library, blobs: Omit<BlobOptions, 'side'>): ImageSource {
  const { count } = blobs
  const pixels = blobImages({ ...blobs, side: SIDE })
  const records = Array.from({ length: count }, (_, i) => ({
    id: `image ${i}`,
    label: i % 2 === 0 ? 'even' : 'odd',
    attributes: { session: String(Math.floor(i / 10)) },
  }))
  return library.arrayImages(pixels, records)
}

async function blobCase(library: Library, options: FitOptions): Promise<Case> {
  const detector = await library.fit(sessions(library, { count: 300, seed: 1 }), {
    ...FIT,
    ...options,
  })
  return {
    detector,
    batches: {
      'new images': { images: sessions(library, { count: 30, seed: 2 }) },
      'brighter images': { images: sessions(library, { count: 40, seed: 3, background: 0.3 }) },
      'slightly brighter': {
        images: sessions(library, { count: 20, seed: 4, background: 0.12 }),
        options: { seed: 5 },
      },
      'fitted images': { images: sessions(library, { count: 300, seed: 1 }) },
      'too few': { images: sessions(library, { count: 4, seed: 5 }) },
      'fast test': { images: sessions(library, { count: 30, seed: 6 }), options: { mode: 'fast' } },
      'another policy': {
        images: sessions(library, { count: 30, seed: 3, background: 0.3 }),
        options: { policy: { kind: 'false-alarm-rate', rate: 0.001 } },
      },
    },
  }
}

async function modelOutputs(library: Library): Promise<Case> {
  const source = async (pixels: Tensor): Promise<ImageSource> => {
    const records = Array.from({ length: pixels.shape[0] }, (_, i) => ({
      id: String(i),
      label: logitsOf(pixels).data[2 * i] > 0 ? 'dark' : 'bright',
    }))
    return library.attachModelOutputs(library.arrayImages(pixels, records), {
      logits: logitsOf(pixels),
      embeddings: embeddingsOf(pixels),
    })
  }
  const detector = await library.fit(await source(mix(200, 200)), {
    ...FIT,
    unseenByClassifier: true,
  })
  return {
    detector,
    batches: {
      'same mix': { images: await source(mix(20, 20, { seed: 5 })) },
      'another mix': { images: await source(mix(60, 4, { seed: 6 })) },
      'another look': { images: await source(mix(30, 30, { seed: 7, texture: 0.1 })) },
      both: { images: await source(mix(60, 4, { seed: 8, texture: 0.1 })) },
    },
  }
}

async function sampledBatch(library: Library): Promise<Case> {
  const detector = await library.fit(sessions(library, { count: 300, seed: 1 }), FIT)
  return { detector, batches: { many: { images: sessions(library, { count: 10_500, seed: 2 }) } } }
}

function storedArtifacts(): Record<string, (library: Library) => Promise<Case>> {
  const folder = fileURLToPath(new URL('../../test/fixtures/artifacts/', import.meta.url))
  // Of this format on, what another commit may not read yet.
  const names = readdirSync(folder).filter((name) => name === 'version-1.pixeldrift')
  return Object.fromEntries(
    names.map((name) => [
      `artifact ${name.replaceAll('.', ' ')}`,
      async (library: Library): Promise<Case> => ({
        detector: await library.loadDetector(folder + name),
        batches: {
          'new images': { images: sessions(library, { count: 30, seed: 2 }) },
          'brighter images': { images: sessions(library, { count: 40, seed: 3, background: 0.3 }) },
          'slightly brighter': {
            images: sessions(library, { count: 25, seed: 4, background: 0.12 }),
          },
        },
      }),
    ]),
  )
}

const FITTED = 2500
const CHECKED = 200

async function dataSet(
  library: Library,
  load: () => Promise<PackedImages>,
  options: FitOptions,
): Promise<Case> {
  const all = await load()
  const order = createRandom(3).permutation(all.count)
  const source = (from: number, to: number): ImageSource => {
    const rows = order.subarray(from, to)
    const labels = unpackLabels(all, rows)
    const records = Array.from(rows, (row, i) => ({ id: String(row), label: String(labels[i]) }))
    return library.arrayImages(unpackImages(all, rows), records)
  }
  const noisy = async (from: number): Promise<ImageSource> => {
    const clean = unpackImages(all, order.subarray(from, from + CHECKED))
    return library.arrayImages(
      await gaussianNoise.apply(clean, { random: createRandom(4), sigma: 0.05 }),
    )
  }
  return {
    detector: await library.fit(source(0, FITTED), { ...FIT, ...options }),
    batches: {
      'new images': { images: source(FITTED, FITTED + CHECKED) },
      'more new images': { images: source(FITTED + CHECKED, FITTED + 5 * CHECKED) },
      'noisy images': { images: await noisy(FITTED) },
      'fitted images': { images: source(0, 2 * CHECKED) },
    },
  }
}
