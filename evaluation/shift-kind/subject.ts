import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Detector, fit, loadDetector } from '../../src/detector/index.ts'
import { arrayImages, attachModelOutputs, type ImageSource } from '../../src/images/index.ts'
import { createRandom, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { loadCifar10 } from '../data/cifar10.ts'
import { type PackedImages, unpackImages, unpackLabels } from '../data/packed-images.ts'
import { makeOnce, writeWhole } from '../window/make-once.ts'
import { APPEARANCES, type AppearanceName, changeLook } from './appearances.ts'
import {
  accuracyOf,
  type Classify,
  type ClassifierName,
  openClassifierNamed,
  partsOf,
} from './classifiers.ts'

/** Batch sizes of the study, whose nulls are drawn at the fit. */
export const SIZES = [100, 500, 1000]

/** Which classifier, and which shuffle of the images. */
export type SubjectOptions = {
  readonly seed: number
  readonly name: ClassifierName
  readonly threads: number
  readonly featuresId: string
}

/** A fitted detector, and the features of images it has never seen. */
export type ShiftSubject = {
  readonly detector: Detector
  /** Of the classifier on the test images. */
  readonly accuracy: number
  /** Of the test images, in the order of the tables. */
  readonly labels: Uint8Array
  /** Features of the test images as they are, and of the first of them under each change of their look. */
  readonly tables: Readonly<Record<'clean' | AppearanceName, Float32Array>>
}

const EPOCHS = 3
const CHANGED = 3_000
const MEASURED_AT_ONCE = 1000

/** Fits and measures, unless that is kept in out/. */
export async function shiftSubject(options: SubjectOptions): Promise<ShiftSubject> {
  const folder = new URL(`../../out/shift-kind/${options.featuresId}/`, import.meta.url)
  await mkdir(folder, { recursive: true })
  const base = `${options.name.slice(0, 2)}-${options.seed}`
  const pathOf = (end: string) => fileURLToPath(new URL(`${base}.${end}`, folder))
  await makeOnce(pathOf('json'), async () => {
    const { detector, accuracy, tables } = await make(options)
    await detector.save(pathOf('pixeldrift'))
    await detector.close()
    for (const [name, values] of Object.entries(tables)) {
      await writeWhole(pathOf(`${name}.f32`), new Uint8Array(values.buffer))
    }
    await writeWhole(pathOf('json'), JSON.stringify({ accuracy }))
  })
  const names = ['clean', ...Object.keys(APPEARANCES)] as (keyof ShiftSubject['tables'])[]
  const tables = await Promise.all(
    names.map(async (name) => [name, await readFloats(pathOf(`${name}.f32`))] as const),
  )
  return {
    ...(JSON.parse(await readFile(pathOf('json'), 'utf8')) as Pick<ShiftSubject, 'accuracy'>),
    detector: await loadDetector(pathOf('pixeldrift')),
    labels: (await testImages(options.seed)).labels,
    tables: Object.fromEntries(tables) as ShiftSubject['tables'],
  }
}

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path)
  return new Float32Array(new Uint8Array(bytes).buffer)
}

async function make({ seed, name, threads }: SubjectOptions) {
  const classify = await openClassifierNamed(name, { seed, threads })
  const train = await loadCifar10('train')
  const fitted = await labelledSource(train, partsOf(seed, train.count).fitted, classify)
  const plain = await fit(fitted, { seed, threads, epochs: EPOCHS, unseenByClassifier: true })
  const detector = plain.withBatchSizes(SIZES)
  await plain.close()
  const { pixels, labels } = await testImages(seed)
  const logits = await classify(pixels, labels)
  const tables: Record<string, Float32Array> = { clean: await measure(detector, pixels, logits) }
  const some = sliceRows(pixels, 0, CHANGED)
  for (const look of Object.keys(APPEARANCES) as AppearanceName[]) {
    const changed = await changeLook(some, look, createRandom(seed))
    const said = await classify(changed, labels.subarray(0, CHANGED))
    tables[look] = await measure(detector, changed, said)
  }
  return { detector, accuracy: accuracyOf(logits, labels), tables }
}

/** The test images in random order: the archive has them class by class, and the first ones are to be of all. */
async function testImages(seed: number): Promise<{ pixels: Tensor; labels: Uint8Array }> {
  const test = await loadCifar10('test')
  const rows = createRandom(seed).permutation(test.count)
  return { pixels: unpackImages(test, rows), labels: unpackLabels(test, rows) }
}

/** Images with their labels, and what the classifier says of them beside them. */
async function labelledSource(
  images: PackedImages,
  rows: Uint32Array,
  classify: Classify,
): Promise<ImageSource> {
  const pixels = unpackImages(images, rows)
  const labels = unpackLabels(images, rows)
  const records = Array.from(labels, (label, i) => ({
    id: String(i),
    label: images.classes[label],
  }))
  return attachModelOutputs(arrayImages(pixels, records), {
    logits: await classify(pixels, labels),
  })
}

async function measure(
  { extractor }: Detector,
  pixels: Tensor,
  logits: Tensor,
): Promise<Float32Array> {
  const [count] = pixels.shape
  const width = extractor.columns.length
  const values = new Float32Array(count * width)
  for (let start = 0; start < count; start += MEASURED_AT_ONCE) {
    const end = Math.min(start + MEASURED_AT_ONCE, count)
    const sideInputs = { logits: sliceRows(logits, start, end) }
    values.set(await extractor.transform(sliceRows(pixels, start, end), sideInputs), start * width)
  }
  return values
}
