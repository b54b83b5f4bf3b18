import { type Detector, fit } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { createRandom, takeRows, type Tensor } from '../../src/tensor/index.ts'
import { loadCifar10 } from '../data/cifar10.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages } from '../data/packed-images.ts'

/** A detector fitted on one part of a data set, and images of the same kind it has never seen. */
export type ImageTask = {
  readonly detector: Detector
  /** N×C×H×W in [0, 1]. */
  readonly audit: Tensor
}

export type TaskOptions = {
  readonly seed: number
  readonly threads: number
  readonly auditCount: number
  /** Passes of the autoencoder's training; default as in the product. */
  readonly epochs?: number
}

const MNIST_FITTED = 33_000

/** MNIST pooled and reshuffled by `seed`: 33,000 images to fit on (10,000 of them held out), others to audit with. */
export async function mnistTask({
  seed,
  threads,
  auditCount,
  ...rest
}: TaskOptions): Promise<ImageTask> {
  const pool = await loadPooledMnist()
  const order = createRandom(seed).permutation(pool.count)
  const fitted = unpackImages(pool, order.subarray(0, MNIST_FITTED))
  const audit = unpackImages(pool, order.subarray(MNIST_FITTED, MNIST_FITTED + auditCount))
  const detector = await fit(arrayImages(fitted), {
    seed,
    threads,
    maxImages: MNIST_FITTED,
    ...rest,
  })
  return { detector, audit }
}

/** CIFAR-10: fitted on 20,000 random training images, audited on the test images. */
export async function cifar10Task({ seed, threads, auditCount }: TaskOptions): Promise<ImageTask> {
  const [train, test] = [await loadCifar10('train'), await loadCifar10('test')]
  const random = createRandom(seed)
  const fitted = unpackImages(train, random.sample(train.count, 20_000))
  const audit = unpackImages(test, random.sample(test.count, auditCount))
  const detector = await fit(arrayImages(fitted), { seed, threads })
  return { detector, audit }
}

/** The listed rows of a row-major table. */
export function rowsOf(values: Float32Array, width: number, rows: ArrayLike<number>): Float32Array {
  return takeRows({ shape: [values.length / width, width], data: values }, rows).data
}

/** Mean of one column. */
export function columnMean(values: Float32Array, width: number, column: number): number {
  let sum = 0
  for (let i = column; i < values.length; i += width) sum += values[i]
  return (sum * width) / values.length
}
