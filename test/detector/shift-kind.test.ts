import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Detector, fit, type Verdict } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import type { Tensor } from '../../src/tensor/index.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { mix, SIDE } from '../fixtures/two-classes.ts'

let detector: Detector

before(async () => {
  detector = await fit(arrayImages(mix(300, 300)), {
    epochs: 2,
    classifier: { model: brightnessClassifier(1, SIDE) },
    unseen: true,
  })
})
after(async () => detector.close())

async function check(pixels: Tensor): Promise<Verdict> {
  return detector.check(arrayImages(pixels))
}

describe('kind of shift', () => {
  it('is prior when only the mix of classes changed', async () => {
    const { shift, severity, findings } = await check(mix(90, 10, { seed: 20 }))
    assert.equal(severity, 'drift')
    assert.equal(shift?.kind, 'prior')
    assert.ok(shift.priorPValue < 0.01 && shift.appearancePValue > 0.01)
    assert.match(findings[0], /prior shift/)
  })

  it('tells the predicted class by shares, never as a quantity', async () => {
    const { features, findings } = await check(mix(90, 10, { seed: 20 }))
    const predicted = features.find(({ name }) => name === 'predicted-class')
    assert.ok(predicted?.kind === 'category')
    const shown = Object.keys(predicted)
    for (const key of ['referenceMean', 'batchMean', 'hedgesG', 'auc', 'kolmogorovSmirnov']) {
      assert.ok(!shown.includes(key), key)
    }
    const shares = new Map(predicted.shares.map(({ index, batch }) => [index, batch]))
    assert.deepEqual([shares.get(0), shares.get(1)], [0.9, 0.1])
    assert.ok(findings.some((finding) => /^Predicted class \d .*90%/.test(finding)))
    assert.ok(findings.every((finding) => !/^Predicted class .* is /.test(finding)))
  })

  it('is appearance when images of a class look different', async () => {
    const { shift, findings } = await check(mix(50, 50, { seed: 30, texture: 0.1 }))
    assert.equal(shift?.kind, 'appearance')
    assert.match(findings[0], /appearance shift/)
  })

  it('is mixed when both changed', async () => {
    const { shift } = await check(mix(90, 10, { seed: 40, texture: 0.1 }))
    assert.equal(shift?.kind, 'mixed')
  })

  it('is not asked where there is no drift', async () => {
    const { shift, severity } = await check(mix(50, 50, { seed: 50 }))
    assert.equal(severity, 'ok')
    assert.equal(shift, null)
  })
})
