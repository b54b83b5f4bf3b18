import { mkdir, readdir, readFile } from 'node:fs/promises'
import { fitExtractor, parseFitOptions } from '../../src/detector/index.ts'
import {
  concatenateColumns,
  type FeatureColumn,
  type FeatureTable,
  fitOutlierScore,
  loadOutlierScore,
  measureRows,
  selectColumns,
  tableOf,
  wholeRows,
} from '../../src/representations/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'
import {
  combineRepresentations,
  loadRepresentations,
  measurePixels,
  type PixelTransform,
  pixelTransform,
} from '../../src/measuring/index.ts'
import { fitClassifier, type FittedClassifier } from './digit-classifier.ts'
import { makeOnce, writeWhole } from './make-once.ts'
import type { Parts } from './parts.ts'

/** All that is learned from the training part of one shuffle. */
export type Models = {
  readonly classifier: FittedClassifier
  /** Those of the product, then the outlier score of the product without a classifier. */
  readonly columns: readonly FeatureColumn[]
  /** Features of all images, row-major; `atOnce` images at a time. */
  measure(pixels: Tensor, atOnce: number): Promise<Float32Array>
}

export const CLASSES = 10

/** Begins the names of the columns that only the product without a classifier would have. */
export const UNLABELLED = 'unlabelled-'

/** Of the training images: enough for the representations; the classifier learns from all of them. */
const LEARNED_SHARE = 0.4
const VALIDATED_SHARE = 0.06
const EPOCHS = 6
const CLASSIFIER_EPOCHS = 4

type FitContext = {
  readonly seed: number
  readonly threads: number
  readonly log: (line: string) => void
}

/** Trains the models into the folder, unless they are there. */
export async function modelsFiles(
  folder: string,
  parts: Parts,
  { seed, threads, log }: FitContext,
): Promise<void> {
  await mkdir(`${folder}learned`, { recursive: true })
  await makeOnce(`${folder}fitted.json`, async () => {
    const { accuracy, ...classifier } = await fitClassifier(parts.training, parts.validation, {
      classes: CLASSES,
      seed,
      threads,
      epochs: CLASSIFIER_EPOCHS,
    })
    log(`seed ${seed}: classifier ${(100 * accuracy).toFixed(2)}% accurate`)
    const { pixels } = parts.training
    const learned = Math.round(LEARNED_SHARE * pixels.shape[0])
    const validated = Math.round(VALIDATED_SHARE * pixels.shape[0])
    const validation = sliceRows(pixels, learned, learned + validated)
    const extractor = await fitExtractor(
      { training: { pixels: sliceRows(pixels, 0, learned) }, validation: { pixels: validation } },
      parseFitOptions({ seed, threads, epochs: EPOCHS }),
      { classifier: { model: classifier.model } },
    )
    const table = await measureAll(extractor, validation, 500)
    const unlabelled = fitOutlierScore(unlabelledInputs(table), { seed })
    await extractor.close()
    for (const [name, bytes] of extractor.save())
      await writeWhole(`${folder}learned/${name}`, bytes)
    for (const [name, bytes] of unlabelled.save())
      await writeWhole(`${folder}learned/${UNLABELLED}${name}`, bytes)
    await writeWhole(`${folder}classifier.onnx`, classifier.model)
    await writeWhole(`${folder}attack.onnx`, classifier.attackModel)
    await writeWhole(
      `${folder}fitted.json`,
      JSON.stringify({ accuracy, attackBatch: classifier.attackBatch }),
    )
    log(`seed ${seed}: models fitted`)
  })
}

/** Opens what `modelsFiles` trained. */
export async function loadModels(folder: string): Promise<Models> {
  const names = await readdir(`${folder}learned`)
  const files = new Map<string, Uint8Array>()
  const unlabelledFiles = new Map<string, Uint8Array>()
  for (const name of names) {
    const bytes = await readFile(`${folder}learned/${name}`)
    if (name.startsWith(UNLABELLED)) unlabelledFiles.set(name.slice(UNLABELLED.length), bytes)
    else files.set(name, bytes)
  }
  const transform = pixelTransform(combineRepresentations(await loadRepresentations(files)))
  const unlabelled = loadOutlierScore(unlabelledFiles)
  const added = unlabelled.columns.map((column) => ({ ...column, name: UNLABELLED + column.name }))
  const { attackBatch } = JSON.parse(await readFile(`${folder}fitted.json`, 'utf8')) as {
    attackBatch: number
  }
  return {
    classifier: {
      model: await readFile(`${folder}classifier.onnx`),
      attackModel: await readFile(`${folder}attack.onnx`),
      attackBatch,
    },
    columns: [...transform.columns, ...added],
    measure: async (pixels, atOnce) => {
      const table = await measureAll(transform, pixels, atOnce)
      const inputs = unlabelledInputs(table)
      const measured = wholeRows(inputs.values, inputs.columns.length)
      const scores = tableOf(added, await measureRows(unlabelled, { columns: measured }))
      return concatenateColumns([table, scores]).values
    },
  }
}

function unlabelledInputs(table: FeatureTable): FeatureTable {
  return selectColumns(
    table,
    ({ group }) => !['classifier', 'prediction', 'outlier'].includes(group),
  )
}

async function measureAll(
  transform: PixelTransform,
  pixels: Tensor,
  atOnce: number,
): Promise<FeatureTable> {
  return tableOf(transform.columns, await measurePixels(transform, { pixels }, { atOnce }))
}
