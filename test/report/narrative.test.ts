import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { QuantityEvidence, Verdict } from '../../src/detector/index.ts'
import { describeEffect, strongestFeature } from '../../src/report/effect-size.ts'
import {
  describeSkipped,
  explainPValue,
  explainThreshold,
  narrate,
} from '../../src/report/narrative.ts'
import { makeReportData, type Scene } from '../fixtures/report-data.ts'

const verdictOf = (scene: Scene): Verdict => makeReportData(scene).verdict

function feature(changes: Partial<QuantityEvidence>): QuantityEvidence {
  return { ...(verdictOf('letters').features[0] as QuantityEvidence), ...changes }
}

describe('narrate', () => {
  it('says drift, how sure and how large', () => {
    const narrative = narrate(verdictOf('letters'))
    assert.equal(narrative.label, 'Drift')
    assert.equal(narrative.headline, 'These images have drifted.')
    assert.match(narrative.summary, /^These 500 images no longer look like the reference/)
    assert.equal(narrative.whatChanged.lead, '10 of 13 measured features moved.')
    assert.equal(narrative.whatChanged.more.length, 6)
    assert.equal(narrative.howSure.lead, 'Very sure.')
    assert.equal(narrative.howBad.lead, 'Very large effect.')
    assert.match(narrative.howBad.more[0], /excess reconstruction loss: Hedges g \+5\.83/)
  })

  it('tells a loss that fell from one that rose, and asks for other checks', () => {
    const fell = narrate(verdictOf('dimmed'))
    assert.match(fell.howBad.more.join(' '), /fell from 0\.561 to 0\.439 \(−21\.8%\).*easier/)
    assert.match(fell.next.more[0], /blank, dark, blurred or cropped/)
    const rose = narrate(verdictOf('letters'))
    assert.match(rose.howBad.more.join(' '), /rose from 0\.0788 to 0\.411 \(\+422%\)/)
    assert.doesNotMatch(rose.next.more[0], /dark/)
  })

  it('does not call a change of the loss real when its interval holds zero', () => {
    const { howBad } = narrate(verdictOf('digits'))
    assert.match(howBad.more[0], /may be chance \(95% CI −1\.1% to \+3\.7%\)/)
  })

  it('tells the two warnings apart', () => {
    const slight = narrate(verdictOf('slight'))
    assert.equal(slight.headline, 'Something changed, but hardly enough to matter.')
    assert.equal(slight.howBad.lead, 'Negligible effect.')
    const unreadable = narrate(verdictOf('unreadable'))
    assert.equal(unreadable.headline, 'No drift found, but part could not be read.')
    assert.match(unreadable.next.more[0], /^312 images left out/)
  })

  it('claims nothing when there were too few images', () => {
    const { headline, whatChanged, howSure } = narrate(verdictOf('few'))
    assert.equal(headline, 'Too few images to tell.')
    assert.equal(whatChanged.lead, 'Unknown.')
    assert.equal(howSure.lead, 'Unknown: the test was not run.')
  })

  it('weighs a relative limit by the interval of the change', () => {
    const verdict = verdictOf('relative')
    const change = (value: number, low: number, high: number): string => {
      const loss = { ...verdict.loss!, relativeIncrease: { value, low, high, level: 0.95 } }
      return narrate({ ...verdict, loss }).howSure.lead
    }
    assert.equal(change(0.44, 0.41, 0.47), 'Above the limit, and its 95% interval too.')
    assert.equal(change(0.12, 0.07, 0.17), 'Above the limit, but its interval reaches below.')
    assert.equal(change(0.02, -0.01, 0.05), 'Below the limit.')
  })

  it('makes sentences of notes and findings', () => {
    const verdict = {
      ...verdictOf('digits'),
      notes: ['the batch is large'],
      findings: ['a is lower'],
    }
    assert.deepEqual(narrate(verdict).notes, ['The batch is large.'])
    assert.equal(narrate(verdict).whatChanged.lead, 'A is lower.')
  })
})

describe('plain words', () => {
  it('state the false-alarm rate of a threshold, and the lack of one', () => {
    assert.equal(
      explainThreshold(verdictOf('letters').threshold),
      'Alarm at p ≤ 0.01: a batch like the reference would trigger this about once in 100 batches.',
    )
    assert.match(explainThreshold(verdictOf('relative').threshold), /more than 10%.*no false-alarm/)
  })

  it('explain p-values by draws, by rarity and by commonness', () => {
    assert.match(explainPValue(1 / 10_000, 9999), /^None of 9,999 random draws/)
    assert.match(explainPValue(0.0003, 9999), /^Only about once in 3,300 batches/)
    assert.match(explainPValue(0.43, 9999), /at least this much 43 times in 100/)
  })

  it('count the reasons of skipped images', () => {
    assert.equal(describeSkipped(verdictOf('letters')), '3 skipped (2 undecodable, 1 too large)')
    assert.equal(describeSkipped(verdictOf('digits')), 'none skipped')
    // A verdict of an older version counts none and names all.
    const { skippedCounts: _, ...older } = verdictOf('digits')
    const skipped = [{ id: 'a', code: 'image.new-reason', message: '' }]
    assert.equal(describeSkipped({ ...older, skipped }), '1 skipped (1 image.new-reason)')
  })

  it('name effect sizes at Cohen’s bounds', () => {
    const words = [0.19, -0.2, 0.5, -0.8, 2].map(describeEffect)
    assert.deepEqual(words, ['negligible', 'small', 'medium', 'large', 'very large'])
  })

  it('find the strongest change in shape where means agree, and none where nothing is sure', () => {
    const shape = feature({
      name: 'shape',
      hedgesG: 0.01,
      kolmogorovSmirnov: 0.5,
      changedShare: 0.4,
    })
    const mean = feature({ name: 'mean', hedgesG: 0.9, kolmogorovSmirnov: 0.3 })
    const unsure = feature({ name: 'unsure', hedgesG: 9, adjustedPValue: 0.06 })
    assert.equal(strongestFeature([mean, unsure, shape])?.name, 'shape')
    assert.equal(strongestFeature([unsure]), null)
    const { howBad } = narrate({ ...verdictOf('letters'), features: [shape] })
    assert.equal(howBad.lead, 'A change of shape, not of the mean.')
  })

  it('tell a change of classes by their shares', () => {
    const { howBad } = narrate(verdictOf('classes'))
    assert.equal(howBad.lead, 'Medium change of the mix of classes.')
    assert.match(
      howBad.more[0],
      /^'cat' 10% → 31%, 'dog' 12% → 3\.1%, 'ship' 11% → 4\.2%; at least/,
    )
  })
})
