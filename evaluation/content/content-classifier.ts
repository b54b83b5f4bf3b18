import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openSession } from '../../src/engine/index.ts'
import { concatenateRows, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { fitClassifier } from '../window/digit-classifier.ts'
import { makeOnce, writeWhole } from '../window/make-once.ts'
import type { LabelledImages } from '../window/parts.ts'

export type ContentClassifierOptions = {
  /** Of the file in out/content/ it is kept in. */
  readonly name: string
  readonly classes: number
  readonly epochs: number
  readonly seed: number
  readonly threads: number
}

/** What a classifier says of images: scores before the softmax, and the layer they are made of. */
export type Said = { readonly logits: Tensor; readonly embeddings: Tensor }

const FOLDER = new URL('../../out/content/', import.meta.url)
const MEASURED_AT_ONCE = 500

/** A small convolutional classifier trained by our own engine, minutes, unless its model is kept. */
export async function openContentClassifier(
  parts: () => Promise<{ readonly training: LabelledImages; readonly validation: LabelledImages }>,
  { name, ...options }: ContentClassifierOptions,
): Promise<(pixels: Tensor) => Promise<Said>> {
  const path = fileURLToPath(new URL(`${name}.onnx`, FOLDER))
  await mkdir(FOLDER, { recursive: true })
  await makeOnce(path, async () => {
    const { training, validation } = await parts()
    const { embeddingModel } = await fitClassifier(training, validation, options)
    await writeWhole(path, embeddingModel)
  })
  const model = new Uint8Array(await readFile(path))
  return (pixels) => runModel(model, pixels)
}

async function runModel(model: Uint8Array, pixels: Tensor): Promise<Said> {
  const session = await openSession(model)
  const [count] = pixels.shape
  const logits: Tensor[] = []
  const embeddings: Tensor[] = []
  for (let start = 0; start < count; start += MEASURED_AT_ONCE) {
    const images = sliceRows(pixels, start, Math.min(start + MEASURED_AT_ONCE, count))
    const said = await session.run({ images }, ['logits', 'embeddings'])
    logits.push(said['logits'])
    embeddings.push(said['embeddings'])
  }
  await session.close()
  return { logits: concatenateRows(logits), embeddings: concatenateRows(embeddings) }
}
