import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openSession } from '../../src/engine/index.ts'
import { createRandom, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { loadCifar10 } from '../data/cifar10.ts'
import { unpackImages, unpackLabels } from '../data/packed-images.ts'
import { fitClassifier } from '../window/digit-classifier.ts'
import { makeOnce, writeWhole } from '../window/make-once.ts'

/**
 * Classifiers of CIFAR-10. Two are trained here within two minutes. A 95% one is out of reach of that: its logits are
 * those of the better one with the truth's raised, everywhere by as much as makes it 95% right on clean images, so that
 * its errors are those images which the trained one finds hardest, and changed images move it as they move that one.
 */
export const CLASSIFIERS = ['40%', '66%', '95%'] as const

export type ClassifierName = (typeof CLASSIFIERS)[number]

/** Images and passes the trained ones learn with. */
const TRAININGS = {
  '40%': { images: 5_000, epochs: 5 },
  '66%': { images: 25_000, epochs: 12 },
} as const

const TOLD_ACCURACY = 0.95
const CLASSES = 10
const FOLDER = new URL('../../out/shift-kind/', import.meta.url)
const MEASURED_AT_ONCE = 500

/** Rows of the training images, in random order, by what they are for; the classifiers have seen none of `fitted`. */
export function partsOf(
  seed: number,
  count: number,
): Record<'trained' | 'validation' | 'fitted', Uint32Array> {
  const order = createRandom(seed).permutation(count)
  return {
    trained: order.subarray(0, 25_000),
    validation: order.subarray(25_000, 27_000),
    fitted: order.subarray(27_000, 47_000),
  }
}

/** What a classifier says of images; their labels are told for the 95% one, which knows of them. */
export type Classify = (pixels: Tensor, labels: Uint8Array) => Promise<Tensor>

/** The classifier of this name, trained unless its model is kept in out/. */
export async function openClassifierNamed(
  name: ClassifierName,
  { seed, threads }: { readonly seed: number; readonly threads: number },
): Promise<Classify> {
  const trained = name === '40%' ? '40%' : '66%'
  const path = fileURLToPath(new URL(`classifier-${trained.slice(0, 2)}-${seed}.onnx`, FOLDER))
  await mkdir(FOLDER, { recursive: true })
  await makeOnce(path, async () => writeWhole(path, await trainModel(trained, { seed, threads })))
  const model = new Uint8Array(await readFile(path))
  const logits = async (pixels: Tensor) => runModel(model, pixels)
  if (name !== '95%') return logits
  const { pixels, labels } = await validationImages(seed)
  const raise = raiseFor(await logits(pixels), labels)
  return async (images, truths) => raised(await logits(images), truths, raise)
}

async function trainModel(
  name: keyof typeof TRAININGS,
  { seed, threads }: { readonly seed: number; readonly threads: number },
): Promise<Uint8Array> {
  const { images, epochs } = TRAININGS[name]
  const train = await loadCifar10('train')
  const rows = partsOf(seed, train.count).trained.subarray(0, images)
  const part = { pixels: unpackImages(train, rows), labels: unpackLabels(train, rows) }
  const { model } = await fitClassifier(part, await validationImages(seed), {
    classes: CLASSES,
    seed,
    threads,
    epochs,
  })
  return model
}

async function validationImages(seed: number) {
  const train = await loadCifar10('train')
  const rows = partsOf(seed, train.count).validation
  return { pixels: unpackImages(train, rows), labels: unpackLabels(train, rows) }
}

async function runModel(model: Uint8Array, pixels: Tensor): Promise<Tensor> {
  const session = await openSession(model)
  const [count] = pixels.shape
  const data = new Float32Array(count * CLASSES)
  for (let start = 0; start < count; start += MEASURED_AT_ONCE) {
    const images = sliceRows(pixels, start, Math.min(start + MEASURED_AT_ONCE, count))
    const { logits } = await session.run({ images }, ['logits'])
    data.set(logits.data, start * CLASSES)
  }
  await session.close()
  return { shape: [count, CLASSES], data }
}

/** What the truth's logit lacks to the largest other one, less than `raise` in 95% of the images. */
function raiseFor({ data }: Tensor, labels: Uint8Array): number {
  const lacks = Float64Array.from(labels, (label, row) => {
    const own = data.subarray(row * CLASSES, (row + 1) * CLASSES)
    const others = own.filter((_, k) => k !== label)
    return Math.max(...others) - own[label]
  }).toSorted()
  return lacks[Math.floor(TOLD_ACCURACY * lacks.length)]
}

function raised({ shape, data }: Tensor, labels: Uint8Array, raise: number): Tensor {
  const told = data.slice()
  labels.forEach((label, row) => (told[row * CLASSES + label] += raise))
  return { shape, data: told }
}

/** Share of rows whose largest logit is the label's. */
export function accuracyOf({ shape: [, classes], data }: Tensor, labels: Uint8Array): number {
  const right = labels.reduce((count, label, row) => {
    const own = data.subarray(row * classes, (row + 1) * classes)
    return own.indexOf(Math.max(...own)) === label ? count + 1 : count
  }, 0)
  return right / labels.length
}
