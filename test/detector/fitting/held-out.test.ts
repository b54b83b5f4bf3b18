import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit, fitExtractor, type FitOptions, parseFitOptions } from '../../../src/detector/index.ts'
import { readReference } from '../../../src/detector/fitting/read-reference.ts'
import { type Part, splitImages, type Splits } from '../../../src/detector/fitting/splits.ts'
import { arrayImages, attachModelOutputs, type ImageSource } from '../../../src/images/index.ts'
import { loadExtractor, measureQuantities } from '../../../src/measuring/index.ts'
import { loadAutoencoder } from '../../../src/representations/autoencoder/index.ts'
import { loadImageProperties } from '../../../src/representations/image-properties.ts'
import { measureRows } from '../../../src/representations/inputs.ts'
import { fitOutlierScore } from '../../../src/representations/outlier-score.ts'
import { loadPrincipalComponents } from '../../../src/representations/principal-components.ts'
import { createRandom, type Tensor } from '../../../src/tensor/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { embeddingsOf, logitsOf } from '../../fixtures/two-classes.ts'

const COUNT = 240
const SIDE = 8
const shape = { channels: 1, height: SIDE, width: SIDE }
const images = blobImages({ count: COUNT, seed: 1, side: SIDE })
const records = Array.from({ length: COUNT }, (_, i) => ({
  id: String(i),
  attributes: { session: String(i % 40) },
}))

type Outputs = 'none' | 'some'

const outputsOf = (pixels: Tensor, outputs: Outputs) =>
  outputs === 'none' ? {} : { logits: logitsOf(pixels), embeddings: embeddingsOf(pixels) }

/** Images, with model outputs beside them or without. */
async function sourceOf(pixels: Tensor, outputs: Outputs): Promise<ImageSource> {
  const source = arrayImages(pixels, records)
  return outputs === 'none' ? source : attachModelOutputs(source, outputsOf(pixels, outputs))
}

/** The images with those rows turned into garbage. */
function poison(pixels: Tensor, rows: ReadonlySet<number>): Tensor {
  const random = createRandom(99)
  const size = pixels.data.length / COUNT
  const data = pixels.data.map((value, i) =>
    rows.has(Math.floor(i / size)) ? random.uniform() : value,
  )
  return { shape: pixels.shape, data }
}

type Learned = {
  readonly files: Record<string, Uint8Array>
  /** The rows that were held out, found by their features. */
  readonly held: ReadonlySet<number>
}

async function learn(
  pixels: Tensor,
  options: FitOptions,
  outputs: Outputs = 'none',
): Promise<Learned> {
  const detector = await fit(await sourceOf(pixels, outputs), { epochs: 3, seed: 5, ...options })
  const { values, columns, rows } = detector.reference
  const all = await detector.extractor.transform(pixels, outputsOf(pixels, outputs))
  await detector.close()
  const row = (table: Float32Array, i: number) =>
    table.subarray(i * columns.length, (i + 1) * columns.length).join()
  const inside = new Set(Array.from({ length: rows }, (_, i) => row(values, i)))
  const held = new Set(records.flatMap((_, i) => (inside.has(row(all, i)) ? [i] : [])))
  return { files: Object.fromEntries(detector.extractor.save()), held }
}

/** Options of a fit, and whether model outputs are given beside the images. */
const fits: Readonly<Record<string, readonly [FitOptions, Outputs]>> = {
  'images alone': [{}, 'none'],
  'a classifier': [{ classifier: { model: brightnessClassifier(1, SIDE) } }, 'none'],
  'model outputs beside them': [{}, 'some'],
  blocks: [{ blockBy: 'session' }, 'none'],
  'tolerated changes': [{ tolerate: { brightness: 0.1 } }, 'none'],
}

describe('the held-out reference', () => {
  for (const [title, [options, outputs]] of Object.entries(fits)) {
    it(`plays no part in anything that is learned from ${title}`, async () => {
      const { files, held } = await learn(images, options, outputs)
      assert.ok(held.size > 50 && held.size < 100, String(held.size))
      const poisoned = await learn(poison(images, held), options, outputs)
      assert.deepEqual(Object.keys(poisoned.files), Object.keys(files))
      for (const [name, bytes] of Object.entries(files)) {
        assert.deepEqual(poisoned.files[name], bytes, name)
      }
    })
  }

  it('would be noticed in what is learned if one other image were garbage', async () => {
    const { files, held } = await learn(images, {})
    const other = records.findIndex((_, i) => !held.has(i))
    assert.notDeepEqual((await learn(poison(images, new Set([other])), {})).files, files)
  })

  it('cannot be handed to what learns', async () => {
    const { learning, reference } = await splits()
    const { training, validation } = learning
    const everything: Splits = { learning, reference }
    const settings = parseFitOptions({ epochs: 1 })
    // Never called: only its types are checked.
    const mistakes = async () => {
      // @ts-expect-error the reference is no part of what is learned from
      await fitExtractor({ training, validation, reference }, settings, {})
      // @ts-expect-error nor is all that was split
      await fitExtractor(everything, settings, {})
    }
    assert.equal(mistakes.length, 0)
  })
})

async function splits(): Promise<Splits> {
  const settings = { ...parseFitOptions({}), maxImages: 30_000, shape }
  return splitImages(await readReference(arrayImages(images), settings), 'memory')
}

describe('the validation images', () => {
  const settings = parseFitOptions({ epochs: 6, seed: 3 })

  const fitWith = async (validation: Part) => {
    const { learning } = await splits()
    const extractor = await fitExtractor({ training: learning.training, validation }, settings, {})
    await extractor.close()
    return extractor
  }

  it('choose the epoch that is kept, and nothing of the training', async () => {
    const { validation } = (await splits()).learning
    const inverted = { ...validation.pixels, data: validation.pixels.data.map((v) => 1 - v) }
    const [clean, poisoned] = [await fitWith(validation), await fitWith({ pixels: inverted })]
    const losses = (extractor: typeof clean, kind: 'trainingLoss' | 'validationLoss') =>
      extractor.autoencoder.history.map((epoch) => epoch[kind])
    assert.deepEqual(losses(poisoned, 'trainingLoss'), losses(clean, 'trainingLoss'))
    // What the images are learned to be is the contrary of these: from the first epoch on it gets worse.
    assert.equal(poisoned.autoencoder.bestEpoch, 1)
    assert.ok(clean.autoencoder.bestEpoch > 3)
    for (const extractor of [clean, poisoned]) {
      const validated = losses(extractor, 'validationLoss')
      assert.equal(validated[extractor.autoencoder.bestEpoch - 1], Math.min(...validated))
    }
    for (const name of clean.save().keys()) {
      if (!/components|properties/.test(name)) continue
      assert.deepEqual(poisoned.save().get(name), clean.save().get(name), name)
    }
  })

  it('are what the kept parameters validate best on', async () => {
    const { validation } = (await splits()).learning
    const fitted = await fitWith(validation)
    const extractor = await loadExtractor(fitted.save(), fitted)
    const { columns, history, bestEpoch } = extractor.autoencoder
    const values = await measureRows(extractor.autoencoder, { pixels: validation.pixels })
    const at = columns.findIndex(({ name }) => name === 'loss')
    const rows = validation.pixels.shape[0]
    const losses = Array.from({ length: rows }, (_, row) => values[row * columns.length + at])
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / rows
    const kept = history[bestEpoch - 1].validationLoss
    assert.ok(Math.abs(mean - kept) < 1e-4 * kept, `${mean} against ${kept}`)
    await extractor.close()
  })

  it('and not those of the training are what the outlier score is fitted on', async () => {
    const { training, validation } = (await splits()).learning
    const files = (await fitWith(validation)).save()
    const autoencoder = await loadAutoencoder(files)
    const parts = [autoencoder, loadImageProperties(files), loadPrincipalComponents(files)]
    const scoreOf = async ({ pixels }: Part) => {
      const outlier = fitOutlierScore(await measureQuantities(parts, pixels), { seed: 3 })
      return Object.fromEntries(outlier.save())
    }
    const ofValidation = await scoreOf(validation)
    for (const [name, bytes] of Object.entries(ofValidation)) {
      assert.deepEqual(files.get(name), bytes, name)
    }
    assert.notDeepEqual(await scoreOf(training), ofValidation)
    await autoencoder.close()
  })
})
