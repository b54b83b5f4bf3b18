import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Detector, fit, type FitOptions } from '../../../src/detector/index.ts'
import { arrayImages, attachModelOutputs, type ImageSource } from '../../../src/images/index.ts'
import { type Tensor, tensor } from '../../../src/tensor/index.ts'
import { tellFitNote } from '../../../src/wording/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { embeddingsOf, logitsOf } from '../../fixtures/two-classes.ts'

const SIDE = 8
const blobs = (count: number, seed: number, background = 0.1): Tensor =>
  blobImages({ count, seed, side: SIDE, background })

/** What a classifier says that is `sureness` times as sure as one that never saw the images. */
async function withOutputs(pixels: Tensor, sureness: number): Promise<ImageSource> {
  const { shape, data } = logitsOf(pixels)
  const logits = tensor(
    shape,
    data.map((value) => sureness * value),
  )
  return attachModelOutputs(arrayImages(pixels), { logits })
}

const images = blobs(300, 1)

async function remembered(options: FitOptions = {}): Promise<Detector> {
  return fit(await withOutputs(images, 4), { epochs: 1, ...options })
}

describe('the outputs of a classifier that may have learned the reference', () => {
  it('do not count, and the fit says so', async () => {
    const detector = await remembered()
    assert.equal(detector.manifest.outputsTrust, 'none')
    assert.match(
      tellFitNote(detector.manifest.notes[0]),
      /outputs do not count: it may have been trained on these images.*--reference <images>.*--unseen-by-classifier/,
    )
    const verdict = await detector.check(await withOutputs(blobs(60, 2), 1))
    assert.equal(verdict.judgement.severity, 'ok')
    const groups = verdict.judgement.groups.map(({ group }) => group)
    assert.ok(!groups.includes('classifier') && !groups.includes('prediction'), groups.join())
    assert.ok(verdict.judgement.features.every(({ group }) => group !== 'classifier'))
    assert.match(
      verdict.words.notes.join('\n'),
      /outputs do not count: it may have been trained on the reference images; it is less sure here than on the held-out images \(mean confidence .* → 0\.\d+\), as a classifier is/,
    )
    const surer = await detector.check(await withOutputs(blobs(60, 2), 4))
    assert.match(surer.words.notes.join('\n'), /outputs do not count: [^;]*$/m)
    await detector.close()
  })

  it('play no part in the outlier score either', async () => {
    const scored = async (options: FitOptions) => {
      const detector = await remembered(options)
      await detector.close()
      const bytes = detector.extractor.save().get('outlier-score.json')
      return new TextDecoder().decode(bytes)
    }
    assert.doesNotMatch(await scored({}), /logit|classifier/)
    const reference = await withOutputs(blobs(90, 7), 1)
    assert.doesNotMatch(await scored({ reference }), /logit|classifier/)
    assert.match(await scored({ unseenByClassifier: true }), /logit-1.*classifier-confidence/s)
  })

  it('would alarm on every new batch, where the user says that it has seen none', async () => {
    const detector = await remembered({ unseenByClassifier: true })
    assert.equal(detector.manifest.outputsTrust, 'stated')
    const verdict = await detector.check(await withOutputs(blobs(60, 2), 1))
    assert.equal(verdict.judgement.severity, 'drift')
    assert.match(
      verdict.words.notes.join('\n'),
      /Only the classifier’s outputs changed, towards less sure \(mean confidence/,
    )
    const both = await detector.check(await withOutputs(blobs(60, 2, 0.3), 1))
    assert.doesNotMatch(both.words.notes.join('\n'), /Only the classifier/)
    const surer = await detector.check(await withOutputs(blobs(60, 2), 16))
    assert.equal(surer.judgement.severity, 'drift')
    assert.doesNotMatch(surer.words.notes.join('\n'), /Only the classifier/)
    await detector.close()
  })

  it('leave the images themselves to raise the alarm, without naming a kind of shift', async () => {
    const detector = await fit(arrayImages(images), {
      epochs: 1,
      classifier: { model: brightnessClassifier(1, SIDE) },
    })
    const verdict = await detector.check(arrayImages(blobs(60, 2, 0.4)))
    assert.equal(verdict.judgement.severity, 'drift')
    assert.equal(verdict.judgement.shift, null)
    await detector.close()
  })

  it('cannot be all that is tested', async () => {
    const features: FitOptions['features'] = ['classifier', 'prediction']
    await assert.rejects(remembered({ features }), {
      code: 'config.invalid',
      message: /expected images that the classifier has not seen.*classifier and prediction/,
      hint: /--reference.*--unseen-by-classifier/,
    })
    const detector = await remembered({ features, unseenByClassifier: true })
    assert.deepEqual(detector.manifest.features, features)
    await detector.close()
    const some = await remembered({ features: ['property', 'classifier'] })
    assert.deepEqual(some.manifest.features, ['property'])
    await some.close()
  })
})

describe('embeddings alone', () => {
  it('follow the same rule', async () => {
    const embeddings = embeddingsOf(images)
    const source = () => attachModelOutputs(arrayImages(images), { embeddings })
    const unknown = await fit(await source(), { epochs: 1 })
    assert.equal(unknown.manifest.outputsTrust, 'none')
    assert.ok(!unknown.manifest.features.includes('classifier'))
    const stated = await fit(await source(), { epochs: 1, unseenByClassifier: true })
    assert.ok(stated.manifest.features.includes('classifier'))
    await unknown.close()
    await stated.close()
  })
})

describe('without a classifier', () => {
  it('nothing is said about one', async () => {
    const detector = await fit(arrayImages(images), { epochs: 1 })
    assert.equal(detector.manifest.outputsTrust, undefined)
    assert.doesNotMatch(detector.manifest.notes.map(tellFitNote).join(), /classifier/)
    await detector.close()
  })
})
