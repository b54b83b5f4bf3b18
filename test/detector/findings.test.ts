import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findings, type SummarisedBatch, summarise } from '../../src/detector/findings.ts'
import { NO_SKIPPED_IMAGES } from '../../src/images/index.ts'
import type { FeatureEvidence } from '../../src/judging/verdict.ts'

function feature(name: string, change: Partial<FeatureEvidence> = {}): FeatureEvidence {
  return {
    name,
    group: 'property',
    title: name,
    referenceMean: 0.2,
    batchMean: 0.3,
    auc: 0.9,
    kolmogorovSmirnov: 0.5,
    changedShare: 0.456,
    pValue: 0.001,
    adjustedPValue: 0.001,
    ...change,
  } as FeatureEvidence
}

type Judged = Parameters<typeof findings>[0]

function judged(features: readonly FeatureEvidence[], change: Partial<Judged> = {}): Judged {
  return {
    score: 1.5,
    severity: 'drift',
    pValue: 0.001,
    loss: null,
    threshold: { policy: 'false-alarm-rate' } as Judged['threshold'],
    shift: null,
    changedShare: { atLeast: 0.031, estimate: 0.038, level: 0.95 },
    features,
    ...change,
  }
}

function batch(count: number, extra: Partial<SummarisedBatch> = {}): SummarisedBatch {
  return { images: count, count, skipped: NO_SKIPPED_IMAGES, ...extra }
}

const unread = (count: number) => ({ ...NO_SKIPPED_IMAGES, total: count })

describe('findings', () => {
  it('say what moved, from where to where, and in how many images at least', () => {
    assert.deepEqual(findings(judged([feature('brightness')])), [
      'Brightness is higher (0.2 → 0.3, +50%; at least 45% of images changed)',
    ])
  })

  it('say lower, and differently spread where the middle stayed', () => {
    const lower = feature('contrast', { auc: 0.1, batchMean: 0.1 })
    const spread = feature('sharpness', { auc: 0.52, kolmogorovSmirnov: 0.4 })
    const [first, second] = findings(judged([lower, spread]))
    assert.match(first, /^Contrast is lower \(0\.2 → 0\.1, −50%/)
    assert.match(second, /^Sharpness is differently spread/)
  })

  it('give no percentage where it means nothing', () => {
    const fromZero = feature('noise', { referenceMean: 0, batchMean: 0.1 })
    const huge = feature('dust', { referenceMean: 0.001, batchMean: 1 })
    const said = findings(judged([fromZero, huge])).join('\n')
    assert.match(said, /Noise is higher \(0 → 0\.1;/)
    assert.match(said, /Dust is higher \(0\.001 → 1;/)
  })

  it('say which classes are predicted more and less often, the largest change first', () => {
    type Row = readonly [index: number, name: string, reference: number, batch: number]
    const share = ([index, name, reference, inBatch]: Row) => ({
      index,
      name,
      reference,
      batch: inBatch,
    })
    const classes = {
      kind: 'category',
      name: 'predicted-class',
      group: 'prediction',
      title: 'predicted class',
      shares: [
        share([1, 'cat', 0.1, 0.311]),
        share([2, 'dog', 0.12, 0.031]),
        share([0, 'class 0', 0.08, 0]),
        share([3, 'ship', 0.3, 0.301]),
      ],
      totalVariation: 0.2,
      changedShare: 0.1,
      pValue: 0.001,
      adjustedPValue: 0.001,
    } as const
    assert.deepEqual(findings(judged([classes])), [
      "Predicted 'cat' 10% → 31%, 'dog' 12% → 3.1%, class 0 8.0% → 0%",
    ])
    const said = summarise(judged([classes]), batch(100))
    assert.match(said, /most of all, predicted 'cat' 10% → 31%/)
  })

  it('name features a person can act on before learned ones', () => {
    const code = feature('code-3', { group: 'code', kolmogorovSmirnov: 0.9 })
    assert.match(findings(judged([code, feature('brightness')]))[0], /^Brightness/)
    assert.match(findings(judged([code]))[0], /^Code-3/)
  })

  it('begin with the largest change, and are at most six', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      feature(`feature ${i}`, { kolmogorovSmirnov: i / 10 }),
    )
    const said = findings(judged(many))
    assert.equal(said.length, 6)
    assert.match(said[0], /^Feature 8/)
  })

  it('of a batch that differs only as a whole are what differs most', () => {
    const unsure = feature('brightness', { adjustedPValue: 0.4 })
    assert.match(findings(judged([unsure]))[0], /^Brightness/)
  })

  it('tell a change of the class mix from a change of appearance', () => {
    const said = (kind: 'prior' | 'appearance' | 'mixed' | 'unclear') =>
      findings(judged([], { shift: { kind, why: 'because' } as Judged['shift'] })).join('')
    assert.match(said('prior'), /prior shift/)
    assert.match(said('appearance'), /appearance shift/)
    assert.match(said('mixed'), /look different, and the classes are predicted in other shares/)
    assert.match(said('unclear'), /^Can't tell .*: because$/)
  })

  it('begin with the loss under the published rule', () => {
    const estimate = { value: 0.5, low: 0.4, high: 0.6, level: 0.95 }
    const loss = { baseline: 0.2, mean: 0.3, relativeIncrease: estimate }
    const threshold = { policy: 'relative' } as Judged['threshold']
    const said = findings(judged([], { loss, threshold }))
    assert.deepEqual(said, ['Reconstruction loss 0.2 → 0.3, +50%'])
  })

  it('are none while the threshold was not passed, whatever the severity', () => {
    for (const severity of ['ok', 'warning', 'insufficient-data'] as const) {
      assert.deepEqual(findings(judged([feature('brightness')], { severity, score: 0.9 })), [])
    }
  })
})

describe('summary', () => {
  const summary = (severity: Judged['severity'], window = batch(20), score = 1.5): string =>
    summarise(judged([feature('brightness')], { severity, score }), window)

  it('is one sentence for each severity', () => {
    assert.equal(summary('ok'), 'No drift: these 20 images look like the reference.')
    assert.match(
      summary('drift'),
      /^Drift: at least 3% of these 20 images .*; most of all, brightness is higher/,
    )
    assert.equal(
      summary('warning'),
      'Something changed in these 20 images, but in few of them (at least 3%, by estimate about 4%).',
    )
    assert.match(summary('insufficient-data', batch(3)), /: 3 readable, at least 5 are needed\.$/)
  })

  it('says how many images changed, as far as that is known', () => {
    const said = (atLeast: number, estimate: number): string =>
      summarise(
        judged([], { severity: 'warning', changedShare: { atLeast, estimate, level: 0.95 } }),
        batch(20),
      ).replace(/^.*of them| *\.$/g, '')
    assert.equal(said(0, 0), ' (by estimate fewer than 1%)')
    assert.equal(said(0.009, 0.014), ' (by estimate about 1%)')
    assert.equal(said(0.029, 0.03), ' (at least 2%, by estimate about 3%)')
    assert.equal(said(0.03, 0.03), ' (at least 3%)')
    const unmeasured = judged([], { severity: 'warning', changedShare: null })
    assert.match(summarise(unmeasured, batch(20)), /few of them\.$/)
  })

  it('says when a batch is suspect only because much of it could not be read', () => {
    assert.equal(
      summary('warning', batch(20, { skipped: unread(5) }), 0.4),
      'The 20 images that could be read look like the reference, but 5 could not be read.',
    )
  })
})
