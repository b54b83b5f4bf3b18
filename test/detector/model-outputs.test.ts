import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Detector, fit, type FitOptions, loadDetector } from '../../src/detector/index.ts'
import { readReference } from '../../src/detector/fitting/read-reference.ts'
import {
  arrayImages,
  attachModelOutputs,
  type ImageRecord,
  type ImageSource,
  type ModelOutputSources,
} from '../../src/images/index.ts'
import { type Tensor, tensor } from '../../src/tensor/index.ts'
import { tellFitNote } from '../../src/wording/index.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { embeddingsOf, logitsOf, mix, SIDE } from '../fixtures/two-classes.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const model = brightnessClassifier(1, SIDE)

async function withLogits(pixels: Tensor, more: ModelOutputSources = {}): Promise<ImageSource> {
  return attachModelOutputs(arrayImages(pixels), { logits: logitsOf(pixels), ...more })
}

const reference = mix(150, 150)
let detector: Detector

before(async () => {
  detector = await fit(await withLogits(reference), { epochs: 1, unseenByClassifier: true })
})
after(() => detector.close())

describe('a detector of images with their classifier’s outputs beside them', () => {
  it('knows the same of the reference as one that runs the classifier', async () => {
    const options = { epochs: 1, classifier: { model }, unseenByClassifier: true }
    const running = await fit(arrayImages(reference), options)
    assert.deepEqual(detector.manifest.columns, running.manifest.columns)
    detector.reference.values.forEach((value, i) => {
      const expected = running.reference.values[i]
      assert.ok(Math.abs(value - expected) <= 1e-3 * (1 + Math.abs(expected)), `value ${i}`)
    })
    await running.close()
  })

  it('tells a change of the mix of classes from a change of what they look like', async () => {
    const check = async (pixels: Tensor) => detector.check(await withLogits(pixels))
    const prior = await check(mix(90, 10, { seed: 20 }))
    assert.equal(prior.judgement.severity, 'drift')
    assert.equal(prior.judgement.shift?.kind, 'prior')
    assert.match(prior.words.findings[0], /prior shift/)
    const appearance = await check(mix(50, 50, { seed: 30, texture: 0.1 }))
    assert.equal(appearance.judgement.shift?.kind, 'appearance')
    assert.equal((await check(mix(50, 50, { seed: 50 }))).judgement.severity, 'ok')
  })

  it('sees outputs that changed where the images did not', async () => {
    const pixels = mix(50, 50, { seed: 50 })
    const { data, shape } = logitsOf(pixels)
    const logits = tensor(
      shape,
      data.map((value) => 0.3 * value),
    )
    const {
      judgement: { severity, groups },
    } = await detector.check(await withLogits(pixels, { logits }))
    assert.equal(severity, 'drift')
    const sure = groups.filter(({ pValue }) => pValue <= 0.01).map(({ group }) => group)
    assert.deepEqual(
      sure.filter((group) => group !== 'outlier'),
      ['classifier'],
    )
  })

  const batch = mix(20, 20, { seed: 60 })
  const wrong: Record<string, [give: ModelOutputSources, message: RegExp, hint: RegExp]> = {
    'without them': [
      {},
      /expected logits beside the images as in the reference, 2 numbers an image, got none in memory/,
      /--logits/,
    ],
    'with others in their place': [
      { embeddings: embeddingsOf(batch) },
      /expected logits .* got embeddings in memory/,
      /options of openImages/,
    ],
    'with outputs of another number of classes': [
      { logits: tensor([40, 3], new Float32Array(120)) },
      /expected logits of 2 numbers an image as in the reference, got 3 in memory/,
      /fit anew/,
    ],
  }
  for (const [title, [give, message, hint]] of Object.entries(wrong)) {
    it(`refuses a batch ${title}, saying what it needs`, async () => {
      const source = await attachModelOutputs(arrayImages(batch), give)
      await assert.rejects(detector.check(source), { code: 'config.invalid', message, hint })
    })
  }

  it('passes over what the reference had not, and says so', async () => {
    const more = { embeddings: embeddingsOf(batch) }
    const now = () => new Date(0)
    const [plain, extended] = [
      await detector.check(await withLogits(batch), { now }),
      await detector.check(await withLogits(batch, more), { now }),
    ]
    assert.equal(
      extended.words.notes[0],
      'Embeddings given beside the images are not used: the reference had none.',
    )
    const { notes } = extended.judgement
    assert.equal(notes[0].code, 'unused-vectors')
    const judgement = { ...extended.judgement, notes: notes.slice(1) }
    assert.deepEqual(judgement, plain.judgement)
  })
})

describe('a fit on images with model outputs beside them', () => {
  const everything: ModelOutputSources = { embeddings: embeddingsOf(reference) }

  it('refuses outputs together with a classifier, before the images are all read', async () => {
    let read = 0
    const source = await withLogits(reference)
    const onProgress: FitOptions['onProgress'] = ({ done }) => (read = done)
    await assert.rejects(fit(source, { classifier: { model }, onProgress }), {
      code: 'config.invalid',
      message: /expected a classifier or logits beside the images, got both: logits in memory/,
      hint: /Leave out the classifier, or the logits/,
    })
    assert.equal(read, 0)
  })

  it('takes embeddings together with a classifier', async () => {
    const source = await attachModelOutputs(arrayImages(reference), everything)
    const both = await fit(source, { epochs: 1, classifier: { model } })
    assert.deepEqual(both.extractor.neededOutputs, { embeddings: 4 })
    const names = new Set(both.extractor.columns.map(({ name }) => name))
    assert.ok(names.has('logit-1') && names.has('embedding-4'))
    await both.close()
  })

  it('refuses groups that there will be none of, and names those there are', async () => {
    const refusal = async (source: ImageSource, features: FitOptions['features']) =>
      fit(source, { features, epochs: 1 }).then(
        () => '',
        (error: unknown) => String(error),
      )
    assert.match(
      await refusal(arrayImages(reference), ['property', 'prediction']),
      /expected groups of features among place, property, reconstruction, code, component, witness, outlier, got prediction/,
    )
    const source = await attachModelOutputs(arrayImages(reference), everything)
    assert.match(
      await refusal(source, ['prediction']),
      /among place, property, .*, outlier, classifier, got prediction/,
    )
  })

  it('warns that tolerated changes leave them as they were', async () => {
    const options = { epochs: 1, tolerate: { brightness: 0.05 } }
    const tolerant = await fit(await withLogits(reference), options)
    assert.match(
      tolerant.manifest.notes.map(tellFitNote).join('\n'),
      /logits were given for unchanged images only/,
    )
    assert.ok((tolerant.tolerance?.pool.rows ?? 0) > tolerant.reference.rows)
    await tolerant.close()
  })

  it('keeps them in the file, blocks of images and all', async () => {
    const records = Array.from({ length: 300 }, (_, i): ImageRecord => {
      return { id: String(i), attributes: { session: String(i % 30) } }
    })
    const source = (pixels: Tensor) =>
      attachModelOutputs(arrayImages(pixels, records), {
        logits: logitsOf(pixels),
        embeddings: embeddingsOf(pixels),
      })
    const fitted = await fit(await source(reference), { epochs: 1, blockBy: 'session' })
    // In blocks too each image keeps its own: the predicted class says how bright it is.
    const { columns, values } = fitted.reference
    const [mean, predicted] = ['mean', 'predicted-class'].map((wanted) =>
      columns.findIndex(({ name }) => name === wanted),
    )
    for (let at = 0; at < values.length; at += columns.length) {
      assert.equal(values[at + predicted], values[at + mean] > 0.18 ? 1 : 0)
    }
    const path = join(temporaryFolder(), 'd.pixeldrift')
    await fitted.save(path)
    const loaded = await loadDetector(path)
    assert.deepEqual(loaded.extractor.neededOutputs, { logits: 2, embeddings: 4 })
    const batch = await source(mix(150, 150, { seed: 70 }))
    assert.deepEqual(
      await loaded.check(batch, { now: () => new Date(0) }),
      await fitted.check(batch, { now: () => new Date(0) }),
    )
    await fitted.close()
    await loaded.close()
  })
})

describe('reading the reference', () => {
  it('keeps with each image what was given of it, also where it draws some of many', async () => {
    const count = 1000
    const pixels = tensor(
      [count, 1, 1, 1],
      Float32Array.from({ length: count }, (_, i) => i / count),
    )
    const rows = tensor(
      [count, 2],
      Float32Array.from({ length: 2 * count }, (_, i) => i),
    )
    const source = await attachModelOutputs(arrayImages(pixels), { embeddings: rows, logits: rows })
    const { sideInputs, records } = await readReference(source, {
      shape: { channels: 1, height: 1, width: 1 },
      resize: 'stretch',
      strict: false,
      maxImages: 300,
      seed: 4,
    })
    assert.deepEqual(sideInputs.embeddings?.shape, [300, 2])
    for (const name of ['embeddings', 'logits'] as const) {
      const data = sideInputs[name]?.data ?? []
      records.forEach(({ id }, i) => {
        assert.deepEqual([data[2 * i], data[2 * i + 1]], [2 * Number(id), 2 * Number(id) + 1])
      })
    }
  })
})
