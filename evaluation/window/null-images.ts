import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { fitExtractor, parseFitOptions } from '../../src/detector/index.ts'
import type { FeatureColumn } from '../../src/representations/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { type PackedImages, unpackImages, unpackLabels } from '../data/packed-images.ts'
import type { CellContext } from '../harness/study.ts'
import { fitClassifier } from './digit-classifier.ts'
import { makeOnce, writeWhole } from './make-once.ts'
import { CLASSES } from './models.ts'
import { readView, type View, writeView } from './view.ts'

/** Images that no model has seen, measured: references and windows are drawn from them. */
export type NullImages = { readonly columns: readonly FeatureColumn[]; readonly features: View }

/** Counts up when this file computes otherwise what is kept; the product's changes are in the name too. */
const REVISION = 2
/** Little: whether the test keeps its level must not depend on how well its features were learned. */
const LEARNED_FROM = 12_000
const VALIDATED_ON = 3000
const EPOCHS = 2
const MEASURED_AT_ONCE = 500

type NullOptions = CellContext & { readonly seed: number }

/** 55,000 digits of one shuffle by models of the other 15,000; minutes at the first call, kept in `out/window`. */
export async function loadNullImages(options: NullOptions): Promise<NullImages> {
  const name = `null-${options.seed}-r${REVISION}-${options.featuresId}`
  const folder = fileURLToPath(new URL(`../../out/window/${name}/`, import.meta.url))
  await mkdir(folder, { recursive: true })
  await makeOnce(`${folder}columns.json`, async () => {
    const { columns, features } = await measureNull(options)
    await writeView(`${folder}features`, features)
    await writeWhole(`${folder}columns.json`, JSON.stringify(columns))
  })
  const columns = JSON.parse(await readFile(`${folder}columns.json`, 'utf8')) as FeatureColumn[]
  return { columns, features: await readView(`${folder}features`, columns.length) }
}

async function measureNull({ seed, threads, log }: NullOptions): Promise<NullImages> {
  const pool = await loadPooledMnist()
  const order = createRandom(seed).permutation(pool.count)
  const learned = labelled(pool, order.subarray(0, LEARNED_FROM))
  const validation = labelled(pool, order.subarray(LEARNED_FROM, LEARNED_FROM + VALIDATED_ON))
  const { accuracy, model } = await fitClassifier(learned, validation, {
    classes: CLASSES,
    seed,
    threads,
    epochs: EPOCHS,
  })
  const extractor = await fitExtractor(
    { training: learned, validation },
    parseFitOptions({ seed, threads, epochs: EPOCHS }),
    { classifier: { model } },
  )
  log(`seed ${seed}: models fitted, classifier ${(100 * accuracy).toFixed(2)}% accurate`)
  const unseen = order.subarray(LEARNED_FROM + VALIDATED_ON)
  const width = extractor.columns.length
  const values = new Float32Array(unseen.length * width)
  for (let start = 0; start < unseen.length; start += MEASURED_AT_ONCE) {
    const part = unpackImages(pool, unseen.subarray(start, start + MEASURED_AT_ONCE))
    values.set(await extractor.transform(part), start * width)
  }
  await extractor.close()
  return { columns: extractor.columns, features: { width, values } }
}

function labelled(pool: PackedImages, rows: Uint32Array) {
  return { pixels: unpackImages(pool, rows), labels: unpackLabels(pool, rows) }
}
