import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { fit } from '../../src/detector/index.ts'
import { arrayImages, attachModelOutputs, type ImageSource } from '../../src/images/index.ts'
import {
  type FeatureColumn,
  type FeatureGroup,
  type PlaceMap,
  placesOf,
} from '../../src/representations/index.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { createRandom, type Tensor } from '../../src/tensor/index.ts'
import { loadCifar10 } from '../data/cifar10.ts'
import { type PackedImages, unpackImages, unpackLabels } from '../data/packed-images.ts'
import { accuracyOf } from '../shift-kind/classifiers.ts'
import { makeOnce, writeWhole } from '../window/make-once.ts'
import type { LabelledImages } from '../window/parts.ts'
import { type MapView, readMapView, readView, type View, writeView } from '../window/view.ts'
import { openContentClassifier, type Said } from './content-classifier.ts'

/** What a detector is told beside the images: nothing, the scores of a classifier, or the layer below them. */
export const KNOWLEDGE = ['nothing', 'probabilities', 'embeddings'] as const

export type Knowledge = (typeof KNOWLEDGE)[number]

export type ContentOptions = {
  /** Index of the class that neither the detector nor the classifier has seen. */
  readonly leftOut: number
  readonly knows: Knowledge
  /** Images of the nine classes handed to `fit`; three tenths become the reference. */
  readonly fitted: number
  /** Passes of the classifier's training. */
  readonly epochs: number
  readonly seed: number
}

/** A fitted detector's tables of nine classes' reference, of unseen images of them, and of the class left out. */
export type ContentSubject = {
  readonly columns: readonly FeatureColumn[]
  readonly groups: readonly FeatureGroup[]
  /** Of the classifier on unseen images of the nine classes. */
  readonly accuracy: number
  /** What the places of the frame show. */
  readonly maps: readonly PlaceMap[]
} & Readonly<Record<(typeof SETS)[number], ContentSet>>

/** All features of some images, and what is at each place of them. */
export type ContentSet = { readonly features: View; readonly places: MapView }

type Header = Pick<ContentSubject, 'columns' | 'groups' | 'accuracy' | 'maps'>

const SETS = ['reference', 'known', 'foreign'] as const

/** Training images that the classifier learns from and is stopped by; the others are for `fit`. */
const PARTS = { training: 23_000, validation: 2000 }
const CLASSES = 10
const AUTOENCODER_EPOCHS = 3

/** Fits and measures, some two minutes (and as many for the classifier, once), unless that is kept in out/. */
export async function contentSubject(
  options: ContentOptions,
  { threads, featuresId }: { readonly threads: number; readonly featuresId: string },
): Promise<ContentSubject> {
  const { leftOut, knows, fitted, epochs, seed } = options
  const folder = new URL(`../../out/content/${featuresId}/`, import.meta.url)
  await mkdir(folder, { recursive: true })
  const base = [leftOut, knows, fitted, epochs, seed].join('-')
  const pathOf = (end: string): string => fileURLToPath(new URL(`${base}.${end}`, folder))
  await makeOnce(pathOf('json'), async () => {
    const { header, sets } = await make(options, threads)
    for (const name of SETS) {
      await writeView(pathOf(`${name}.features`), sets[name].features)
      await writeView(pathOf(`${name}.places`), sets[name].places)
    }
    await writeWhole(pathOf('json'), JSON.stringify(header))
  })
  const header = JSON.parse(await readFile(pathOf('json'), 'utf8')) as Header
  const read = async (name: string): Promise<ContentSet> => ({
    features: await readView(pathOf(`${name}.features`), header.columns.length),
    places: await readMapView(pathOf(`${name}.places`), placesOf(header.maps)),
  })
  const [reference, known, foreign] = await Promise.all(SETS.map(read))
  return { ...header, reference, known, foreign }
}

async function make(
  { leftOut, knows, fitted, epochs, seed }: ContentOptions,
  threads: number,
): Promise<{
  readonly header: Header
  readonly sets: Record<(typeof SETS)[number], ContentSet>
}> {
  const train = await loadCifar10('train')
  const order = rowsOfClasses(train, seed, (label) => label !== leftOut)
  const { training, validation } = PARTS
  const classify = await openContentClassifier(
    async () => ({
      training: without(train, order.subarray(0, training), leftOut),
      validation: without(train, order.subarray(training, training + validation), leftOut),
    }),
    {
      name: `classifier-without-${leftOut}-${epochs}-${seed}`,
      classes: CLASSES - 1,
      epochs,
      seed,
      threads,
    },
  )
  const first = training + validation
  const images = unpackImages(train, order.subarray(first, first + fitted))
  const source = await withSaid(arrayImages(images), knows, () => classify(images))
  await using detector = await fit(source, {
    seed,
    threads,
    epochs: AUTOENCODER_EPOCHS,
    unseenByClassifier: true,
  })
  const test = await loadCifar10('test')
  const known = without(
    test,
    rowsOfClasses(test, seed, (label) => label !== leftOut),
    leftOut,
  )
  const foreign = unpackImages(
    test,
    rowsOfClasses(test, seed, (label) => label === leftOut),
  )
  const said = await classify(known.pixels)
  const { extractor, manifest } = detector
  const maps = extractor.places?.maps ?? []
  const set = (values: Float32Array, places: Int8Array = new Int8Array()): ContentSet => ({
    features: { width: extractor.columns.length, values },
    places: { width: placesOf(maps), values: places },
  })
  const measure = async (pixels: Tensor, own: Said): Promise<ContentSet> =>
    set(
      await measurePixels(extractor, { pixels, sideInputs: inputsOf(knows, own) }),
      extractor.places?.measure(pixels),
    )
  return {
    header: {
      columns: extractor.columns,
      groups: manifest.features,
      accuracy: accuracyOf(said.logits, known.labels),
      maps,
    },
    sets: {
      reference: set(detector.reference.values, detector.places),
      known: await measure(known.pixels, said),
      foreign: await measure(foreign, await classify(foreign)),
    },
  }
}

/** In random order: the archives have them class by class. */
function rowsOfClasses(
  { labels, count }: PackedImages,
  seed: number,
  isWanted: (label: number) => boolean,
): Uint32Array {
  return createRandom(seed)
    .permutation(count)
    .filter((row) => isWanted(labels[row]))
}

/** Images with the labels of nine classes, numbered without the one left out. */
function without(images: PackedImages, rows: Uint32Array, leftOut: number): LabelledImages {
  const labels = unpackLabels(images, rows).map((label) => (label > leftOut ? label - 1 : label))
  return { pixels: unpackImages(images, rows), labels }
}

async function withSaid(
  source: ImageSource,
  knows: Knowledge,
  classify: () => Promise<Said>,
): Promise<ImageSource> {
  return knows === 'nothing'
    ? source
    : attachModelOutputs(source, inputsOf(knows, await classify()))
}

function inputsOf(knows: Knowledge, { logits, embeddings }: Said): Partial<Said> {
  if (knows === 'nothing') return {}
  return knows === 'probabilities' ? { logits } : { embeddings }
}
