import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { drawDecisionScale } from '../../src/report/charts/decision-scale.ts'
import { estimateDensity } from '../../src/report/charts/density.ts'
import { drawFeatureEffects } from '../../src/report/charts/feature-effects.ts'
import { drawGroupEvidence } from '../../src/report/charts/group-evidence.ts'
import { drawLossDistribution } from '../../src/report/charts/loss-distribution.ts'
import { createLossScale } from '../../src/report/charts/loss-domain.ts'
import { drawTrainingCurve } from '../../src/report/charts/training-curve.ts'
import type { LossComparison } from '../../src/detector/index.ts'
import { makeReportData, type Scene } from '../fixtures/report-data.ts'
import { assertStoredPicture } from './stored-picture.ts'

const wide = { id: 'chart', width: 960 }
const narrow = { id: 'chart', width: 328 }

function lossChart(scene: Scene, options: typeof wide): string {
  const { verdict, referenceLosses } = makeReportData(scene)
  const batch = verdict.images.map(({ loss }) => loss)
  const comparison = verdict.loss as LossComparison
  return drawLossDistribution(
    { reference: referenceLosses, batch, batchCount: verdict.count, comparison },
    options,
  )
}

const pictures: Readonly<Record<string, () => string>> = {
  'loss-far-apart-wide': () => lossChart('letters', wide),
  'loss-lowered-narrow': () => lossChart('dimmed', narrow),
  'loss-of-six-images-wide': () => lossChart('few', wide),
  'features-many-wide': () => drawFeatureEffects(makeReportData('letters').verdict.features, wide),
  'features-many-narrow': () =>
    drawFeatureEffects(makeReportData('letters').verdict.features, narrow),
  'features-quiet-wide': () => drawFeatureEffects(makeReportData('digits').verdict.features, wide),
  'features-classes-wide': () =>
    drawFeatureEffects(makeReportData('classes').verdict.features, wide),
  'features-classes-narrow': () =>
    drawFeatureEffects(makeReportData('classes').verdict.features, narrow),
  'groups-wide': () => drawGroupEvidence(makeReportData('letters').verdict.groups, wide),
  'groups-narrow': () => drawGroupEvidence(makeReportData('digits').verdict.groups, narrow),
  'training-wide': () => drawTrainingCurve(makeReportData('letters').training, wide),
  'training-narrow': () => drawTrainingCurve(makeReportData('letters').training, narrow),
  'decision-alarm-wide': () => drawDecisionScale(makeReportData('letters').verdict, wide),
  'decision-quiet-narrow': () => drawDecisionScale(makeReportData('digits').verdict, narrow),
  'decision-relative-wide': () => drawDecisionScale(makeReportData('relative').verdict, wide),
}

describe('charts', () => {
  for (const [name, draw] of Object.entries(pictures)) {
    it(`draws ${name.replaceAll('-', ' ')} as stored`, () => {
      assertStoredPicture(`${name}.svg`, draw())
    })

    it(`labels ${name.replaceAll('-', ' ')} and leaves no number undefined`, () => {
      const svg = draw()
      assert.match(svg, /role="img" aria-labelledby="chart-title chart-desc"/)
      assert.match(svg, /<title id="chart-title">[^<]+<\/title>\s*<desc id="chart-desc">[^<]+</)
      assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/)
    })
  }

  it('draws no decision where there was no test', () => {
    assert.equal(drawDecisionScale(makeReportData('few').verdict, wide), '')
  })

  it('survives losses that are all equal, empty or not finite', () => {
    const relativeIncrease = { value: 0, low: 0, high: 0, level: 0.95 }
    const comparison = { baseline: 0.1, mean: 0.1, relativeIncrease }
    for (const batch of [[], [0.1], [0.1, 0.1, 0.1], [0, 0], [Number.NaN, 0.1, Infinity]]) {
      const data = { reference: [0.1, 0.1], batch, batchCount: batch.length, comparison }
      assert.doesNotMatch(drawLossDistribution(data, wide), /NaN|Infinity|undefined/)
    }
  })
})

describe('createLossScale', () => {
  const bulk = Array.from({ length: 1000 }, (_, i) => 0.08 + i * 0.00004)

  it('is not flattened by a few huge losses', () => {
    const { domain } = createLossScale([bulk, [...bulk, 50, 60]], [0, 960])
    assert.ok(domain[1] < 0.2, `domain reaches to ${domain[1]}`)
  })

  it('turns logarithmic where the batch lies an order of magnitude away', () => {
    const far = bulk.map((loss) => loss * 20)
    assert.equal(createLossScale([bulk, bulk], [0, 960]).kind, 'linear')
    assert.equal(createLossScale([bulk, far], [0, 960]).kind, 'log')
  })

  it('stays linear where losses reach zero', () => {
    assert.equal(createLossScale([bulk, bulk.map(() => 0)], [0, 960]).kind, 'linear')
  })

  it('gives at least two ticks that carry different labels', () => {
    for (const factor of [1e-5, 1e-3, 0.02, 1, 20, 1e4]) {
      for (const spread of [1.001, 1.2, 3, 11, 13, 40, 1e4]) {
        const { ticks } = createLossScale([[factor, factor * spread]], [0, 328])
        const labels = ticks.map(({ label }) => label)
        assert.ok(labels.length >= 2, `${labels.join()} at ${factor} × ${spread}`)
        assert.equal(new Set(labels).size, labels.length, labels.join())
      }
    }
  })
})

describe('estimateDensity', () => {
  it('agrees with SciPy to a hundredth of the peak', () => {
    const golden: { values: number[]; heights: number[] } = JSON.parse(
      readFileSync(new URL('../golden/density.json', import.meta.url), 'utf8'),
    )
    const { heights } = estimateDensity(golden.values, [0, 1])
    heights.forEach((height, i) => {
      assert.ok(Math.abs(height - golden.heights[i]) < 0.01, `${height} at point ${i}`)
    })
  })
})
