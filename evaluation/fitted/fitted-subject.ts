import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Detector, fit, loadDetector } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import {
  type FeatureColumn,
  type FeatureGroup,
  type PlaceMap,
  placesOf,
} from '../../src/representations/index.ts'
import { concatenateRows, createRandom, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { loadPooledCifar10 } from '../data/cifar10.ts'
import { loadPieces } from '../data/photograph-pieces.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { type PackedImages, unpackImages, unpackLabels } from '../data/packed-images.ts'
import type { OptionSpec } from '../harness/option-schema.ts'
import type { CellContext } from '../harness/study.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { makeOnce, writeWhole } from '../window/make-once.ts'
import { seedOf } from '../window/seed-of.ts'
import {
  type MapView,
  mapViewRows,
  readMapView,
  readView,
  rowCount,
  type View,
  viewRows,
  writeView,
} from '../window/view.ts'
import { arrive, type Change, type Form } from './change.ts'
import { type ColumnMoments, columnMoments, plainStatistics } from './plain-statistics.ts'

/** Digits, or photographs. */
export const DATA = ['mnist', 'cifar10'] as const

export type DataName = (typeof DATA)[number]

/** What detectors are fitted on: those, or pieces of larger photographs. */
export type SubjectName = DataName | `pieces-${64 | 128}`

/** The option of a study that says which of them, each a result of its own. */
export const DATA_OPTION = {
  kind: 'choices',
  choices: DATA,
  default: DATA,
  quick: ['mnist'],
  selects: true,
  description: 'digits, photographs',
} as const satisfies OptionSpec

/** Which product: fitted as anyone would, with every setting left alone. */
export type FittedOptions = {
  readonly data: SubjectName
  /** Images handed to `fit`; three tenths of them become the reference. */
  readonly fitted: number
  readonly seed: number
}

/** All features of some images, what is at each place of them, and eleven plain statistics of each. */
export type Measured = { readonly features: View; readonly places: MapView; readonly plain: View }

/** The listed rows of all of it. */
export function measuredRows(all: Measured, rows: Uint32Array): Measured {
  return {
    features: viewRows(all.features, rows),
    places: mapViewRows(all.places, rows),
    plain: viewRows(all.plain, rows),
  }
}

/** A detector's tables, and images it has never seen. */
export type FittedSubject = {
  readonly columns: readonly FeatureColumn[]
  readonly groups: readonly FeatureGroup[]
  /** What the places show. */
  readonly maps: readonly PlaceMap[]
  /** Features of the held-out reference. */
  readonly reference: View
  readonly referencePlaces: MapView
  /** Of the plain statistics of all images that were fitted on. */
  readonly plainMoments: ColumnMoments
  /** Clean images; changed ones are made of the first 5,000 of them. */
  readonly unseen: Measured
  readonly labels: Uint8Array
  changed(change: Change, form: Form): Promise<Measured>
  /** Images that are neither fitted nor unseen, 10,000 at most: to learn more from. */
  spare(): Promise<Tensor>
  /** The detector itself; the caller closes it. */
  detector(): Promise<Detector>
}

/** Images that changes are made of. */
const CHANGED = 5000
const UNSEEN = 20_000
const SPARE = 10_000
/** Counts up when this file computes otherwise what is kept. */
const REVISION = 2

type Header = Pick<FittedSubject, 'columns' | 'groups' | 'maps' | 'plainMoments'> & {
  readonly plainWidth: number
}

const opened = new Map<string, Promise<FittedSubject>>()

/** Fits a detector at the first call, minutes, and measures each change once, seconds; kept in `out/fitted` and in this process. */
export function openFitted(options: FittedOptions, context: CellContext): Promise<FittedSubject> {
  const { data, fitted, seed } = options
  const name = `${data}-${fitted}-${seed}-r${REVISION}-${context.featuresId}`
  let subject = opened.get(name)
  if (subject === undefined) opened.set(name, (subject = openSubject(name, options, context)))
  return subject
}

async function openSubject(
  name: string,
  options: FittedOptions,
  context: CellContext,
): Promise<FittedSubject> {
  const folder = fileURLToPath(new URL(`../../out/fitted/${name}/`, import.meta.url))
  await mkdir(folder, { recursive: true })
  let images: Promise<SubjectImages> | undefined
  const pixels = (): Promise<SubjectImages> => (images ??= loadImages(options))
  const path = `${folder}detector.pixeldrift`
  let detector: Promise<Detector> | undefined
  const extractor = async () => (await (detector ??= loadDetector(path))).extractor
  await makeOnce(`${folder}subject.json`, async () => {
    context.log(`${name}: fitting`)
    const header = await fitInto(folder, await pixels(), { ...options, ...context })
    await writeWhole(`${folder}subject.json`, JSON.stringify(header))
  })
  const header = JSON.parse(await readFile(`${folder}subject.json`, 'utf8')) as Header
  const { plainWidth, ...described } = header
  const cells = placesOf(described.maps)
  const read = async (set: string): Promise<Measured> => ({
    features: await readView(`${folder}${set}.features`, described.columns.length),
    places: await readMapView(`${folder}${set}.places`, cells),
    plain: await readView(`${folder}${set}.plain`, plainWidth),
  })
  const unseen = await read('unseen')
  return {
    ...described,
    reference: await readView(`${folder}reference.features`, described.columns.length),
    referencePlaces: await readMapView(`${folder}reference.places`, cells),
    unseen,
    labels: await readFile(`${folder}labels`),
    spare: async () => (await pixels()).spare,
    detector: () => loadDetector(path),
    changed: async (change, form) => {
      const { apply } = change
      if (apply === undefined && form === 'as-is') return firstRows(unseen)
      const set = `${change.name}-${form}`
      await makeOnce(`${folder}${set}.features`, async () => {
        const random = createRandom(seedOf('change', change.name, options.seed))
        const { unseen: all } = await pixels()
        const clean = sliceRows(all, 0, Math.min(CHANGED, all.shape[0] >> 1))
        const moved = apply === undefined ? clean : await apply(clean, random)
        await measureInto(`${folder}${set}`, await arrive(moved, form, random), await extractor())
      })
      return read(set)
    },
  }
}

function firstRows(all: Measured): Measured {
  const count = Math.min(CHANGED, rowCount(all.features) >> 1)
  return measuredRows(
    all,
    Uint32Array.from({ length: count }, (_, i) => i),
  )
}

type SubjectImages = {
  readonly fitted: Tensor
  readonly unseen: Tensor
  readonly spare: Tensor
  readonly labels: Uint8Array
}

function loadPool(data: SubjectName): Promise<PackedImages> {
  switch (data) {
    case 'mnist':
      return loadPooledMnist()
    case 'cifar10':
      return loadPooledCifar10()
    case 'pieces-64':
      return loadPieces(64)
    case 'pieces-128':
      return loadPieces(128)
  }
}

/** The pool reshuffled: the first images to fit on, then spare ones, the last ones unseen. */
async function loadImages({ data, fitted, seed }: FittedOptions): Promise<SubjectImages> {
  const pool = await loadPool(data)
  const order = createRandom(seed).permutation(pool.count)
  // Of few images as many again as are fitted on, at least.
  const unseen = order.subarray(Math.max(fitted, order.length - UNSEEN))
  const spare = order.subarray(fitted, Math.min(fitted + SPARE, order.length - unseen.length))
  return {
    fitted: unpackImages(pool, order.subarray(0, fitted)),
    unseen: unpackImages(pool, unseen),
    spare: unpackImages(pool, spare),
    labels: unpackLabels(pool, unseen),
  }
}

type FitContext = Pick<FittedOptions, 'seed'> & Pick<CellContext, 'threads'>

async function fitInto(
  folder: string,
  { fitted, unseen, labels }: SubjectImages,
  { seed, threads }: FitContext,
): Promise<Header> {
  const detector = await fit(arrayImages(fitted), { seed, threads })
  await detector.save(`${folder}detector.pixeldrift`)
  const { extractor, reference, manifest } = detector
  await writeView(`${folder}reference.features`, {
    width: extractor.columns.length,
    values: reference.values,
  })
  await writeView(`${folder}reference.places`, {
    width: 0,
    values: detector.places ?? new Int8Array(),
  })
  await measureInto(`${folder}unseen`, unseen, extractor)
  await detector.close()
  await writeWhole(`${folder}labels`, labels)
  const plain = plainStatistics(fitted)
  return {
    columns: extractor.columns,
    groups: manifest.features,
    maps: extractor.places?.maps ?? [],
    plainWidth: plain.width,
    plainMoments: columnMoments(plain),
  }
}

/** The plain statistics first: that a set's features are there means that all of it is. */
async function measureInto(
  path: string,
  arrived: Tensor,
  extractor: Detector['extractor'],
): Promise<void> {
  await writeView(`${path}.plain`, plainStatistics(arrived))
  const pixels = await atWorkingSize(arrived, extractor)
  await writeView(`${path}.places`, {
    width: 0,
    values: extractor.places?.measure(pixels) ?? new Int8Array(),
  })
  const values = await measurePixels(extractor, { pixels })
  await writeView(`${path}.features`, { width: extractor.columns.length, values })
}

/** Images as the product looks at them: larger ones made smaller, as it makes them. */
async function atWorkingSize(pixels: Tensor, extractor: Detector['extractor']): Promise<Tensor> {
  const { shape, resize, depth } = extractor
  const [, ...arrived] = pixels.shape
  if (arrived.join() === [shape.channels, shape.height, shape.width].join()) return pixels
  const parts: Tensor[] = []
  const options = { shape, resize, depth, strict: true, onSkip: () => {} }
  for await (const batch of arrayImages(pixels).batches(options)) parts.push(batch.pixels)
  return concatenateRows(parts)
}
