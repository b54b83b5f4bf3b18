import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type Detector,
  fit,
  type FitOptions,
  loadDetector,
  type Verdict,
} from '../../src/detector/index.ts'
import { arrayImages, attachModelOutputs } from '../../src/images/index.ts'
import { createRandom, type Tensor, tensor } from '../../src/tensor/index.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { logitsOf, mix, SIDE } from '../fixtures/two-classes.ts'
import { temporaryFolder } from '../images/stored-images.ts'

let detector: Detector

before(async () => {
  detector = await fit(arrayImages(mix(300, 300)), {
    epochs: 2,
    classifier: { model: brightnessClassifier(1, SIDE) },
    unseenByClassifier: true,
  })
})
after(async () => detector.close())

async function check(pixels: Tensor): Promise<Verdict> {
  return detector.check(arrayImages(pixels))
}

describe('kind of shift', () => {
  it('is prior when only the mix of classes changed', async () => {
    const {
      judgement: { shift, severity },
      words: { findings },
    } = await check(mix(90, 10, { seed: 20 }))
    assert.equal(severity, 'drift')
    assert.equal(shift?.kind, 'prior')
    assert.ok(shift.priorPValue < 0.01 && (shift.appearancePValue ?? 0) > 0.01)
    assert.match(findings[0], /prior shift/)
  })

  it('tells the predicted class by shares, never as a quantity', async () => {
    const {
      judgement: { features },
      words: { findings },
    } = await check(mix(90, 10, { seed: 20 }))
    const predicted = features.find(({ name }) => name === 'predicted-class')
    assert.ok(predicted?.kind === 'category')
    const shown = Object.keys(predicted)
    for (const key of ['referenceMean', 'batchMean', 'hedgesG', 'auc', 'kolmogorovSmirnov']) {
      assert.ok(!shown.includes(key), key)
    }
    const shares = new Map(predicted.shares.map(({ index, batch }) => [index, batch]))
    assert.deepEqual([shares.get(0), shares.get(1)], [0.9, 0.1])
    assert.ok(
      findings.some((finding) => /^Predicted in other shares: class \d .*90%/.test(finding)),
    )
    assert.ok(findings.every((finding) => !finding.startsWith('Predicted class ')))
  })

  it('is appearance when images of a class look different', async () => {
    const {
      judgement: { shift },
      words: { findings },
    } = await check(mix(50, 50, { seed: 30, texture: 0.1 }))
    assert.equal(shift?.kind, 'appearance')
    assert.match(findings[0], /appearance shift/)
  })

  it('is mixed when both changed', async () => {
    const {
      judgement: { shift },
    } = await check(mix(90, 10, { seed: 40, texture: 0.1 }))
    assert.equal(shift?.kind, 'mixed')
  })

  it('is not asked where there is no drift', async () => {
    const {
      judgement: { shift, severity },
    } = await check(mix(50, 50, { seed: 50 }))
    assert.equal(severity, 'ok')
    assert.equal(shift, null)
  })
})

/** Images with the label of their brightness, and a classifier that takes three of ten for the other kind. */
async function erring(pixels: Tensor, seed: number, labelled = true) {
  const random = createRandom(seed)
  const truths = logitsOf(pixels)
  const labels = Array.from({ length: pixels.shape[0] }, (_, row) => truths.data[2 * row + 1] > 0)
  const logits = new Float32Array(2 * labels.length)
  labels.forEach((bright, row) => {
    const told = random.uniform() < 0.3 ? !bright : bright
    logits.set(told ? [-0.42, 0.42] : [0.42, -0.42], 2 * row)
  })
  const records = labels.map((bright, i) => ({
    id: String(i),
    ...(labelled && { label: bright ? 'day' : 'night' }),
  }))
  return attachModelOutputs(arrayImages(pixels, records), {
    logits: tensor([labels.length, 2], logits),
  })
}

describe('the kind of shift under a classifier that errs', () => {
  const options = { epochs: 2, unseenByClassifier: true } as const
  const fitted = new Map<boolean, Detector>()
  before(async () => {
    for (const labelled of [true, false]) {
      fitted.set(labelled, await fit(await erring(mix(500, 500), 1, labelled), options))
    }
  })
  after(async () => {
    for (const one of fitted.values()) await one.close()
  })
  const kindOf = async (labelled: boolean, pixels: Tensor, seed: number) => {
    const verdict = await fitted.get(labelled)?.check(await erring(pixels, seed, false))
    assert.ok(verdict !== undefined)
    return verdict
  }

  it('is prior all the same where the reference is labelled, one class alone included', async () => {
    for (const [seed, [dark, bright]] of [
      [180, 20],
      [200, 0],
      [20, 180],
    ].entries()) {
      const {
        judgement: { shift, severity },
      } = await kindOf(true, mix(dark, bright, { seed: 70 + seed }), seed)
      assert.equal(severity, 'drift')
      assert.equal(shift?.kind, 'prior', `${dark} and ${bright}`)
    }
  })

  it('sees what images of a class look like beside it', async () => {
    const {
      judgement: { shift },
    } = await kindOf(true, mix(190, 10, { seed: 80, texture: 0.1 }), 5)
    assert.equal(shift?.kind, 'mixed')
  })

  it('can’t be told without labels where the errors could explain it, and says why', async () => {
    const {
      judgement: { shift },
      words: { findings },
    } = await kindOf(false, mix(200, 0, { seed: 90 }), 6)
    assert.equal(shift?.kind, 'unclear')
    assert.equal(shift.appearancePValue, null)
    assert.match(findings[0], /^Can't tell .*: the classifier’s errors could explain it; labels/)
  })

  it('keeps labels and names of classes with the detector', async () => {
    const labelled = fitted.get(true)
    assert.ok(labelled !== undefined)
    assert.deepEqual(labelled.manifest.labels, ['day', 'night'])
    assert.deepEqual(labelled.manifest.classNames, ['night', 'day'])
    const titles = labelled.manifest.columns.map(({ title }) => title)
    assert.ok(titles.includes('evidence for class night'))
    const path = join(temporaryFolder(), 'labelled.pixeldrift')
    await labelled.save(path)
    const loaded = await loadDetector(path)
    assert.deepEqual(loaded.labels, labelled.labels)
    assert.deepEqual(loaded.manifest, labelled.manifest)
    const batch = await erring(mix(190, 10, { seed: 91 }), 7, false)
    const now = () => new Date(0)
    const verdict = await loaded.check(batch, { now })
    assert.deepEqual(verdict, await labelled.check(batch, { now }))
    assert.ok(
      verdict.words.findings.some((said) =>
        /^Predicted in other shares: '(night|day)' \d+% → \d+%/.test(said),
      ),
    )
    await loaded.close()
  })
})

describe('names of classes', () => {
  const model = brightnessClassifier(1, SIDE)
  const named = {
    epochs: 1,
    unseenByClassifier: true,
    classNames: ['night', 'day'],
  } satisfies FitOptions

  it('given at the fit are in findings and titles', async () => {
    const own = await fit(arrayImages(mix(150, 150)), { ...named, classifier: { model } })
    const {
      words: { findings },
    } = await own.check(arrayImages(mix(95, 5, { seed: 20 })))
    assert.ok(
      findings.some((said) =>
        /^Predicted in other shares: '(night|day)' .*'(night|day)'/.test(said),
      ),
    )
    assert.ok(own.manifest.columns.some(({ title }) => title === 'evidence for class day'))
    await own.close()
  })

  it('are refused where there are more or fewer than classes, or no classifier at all', async () => {
    const images = arrayImages(mix(150, 150))
    const refused = { code: 'config.invalid', message: /class names|name the classes/ }
    await assert.rejects(
      fit(images, { ...named, classNames: ['a', 'b', 'c'], classifier: { model } }),
      refused,
    )
    await assert.rejects(
      fit(await erring(mix(150, 150), 1), { ...named, classNames: ['a', 'b', 'c'] }),
      refused,
    )
    await assert.rejects(fit(images, named), refused)
  })
})
