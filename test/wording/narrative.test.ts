import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Verdict } from '../../src/detector/index.ts'
import { describeSkipped, explainThreshold, narrate } from '../../src/wording/index.ts'
import { explainPValue } from '../../src/wording/threshold-words.ts'
import { makeReportData, type Scene } from '../fixtures/report-data.ts'

const verdictOf = (scene: Scene): Verdict => makeReportData(scene).verdict

describe('narrate', () => {
  it('says drift, how sure and how large', () => {
    const narrative = narrate(verdictOf('letters'))
    assert.equal(narrative.label, 'Drift')
    assert.equal(narrative.headline, 'These images have drifted.')
    assert.match(
      narrative.summary,
      /^At least 97% of these 500 images no longer look like the reference/,
    )
    assert.equal(narrative.whatChanged.lead, '10 of 13 measured features moved.')
    assert.match(narrative.whatChanged.more[0], /^Brighter: mean brightness 0\.131 → 0\.372/)
    assert.match(narrative.whatChanged.more.at(-1) ?? '', /^Harder for the autoencoder/)
    assert.equal(narrative.howSure.lead, 'Very sure.')
    assert.equal(
      narrative.howBad.lead,
      'Very large, in at least 97% of the images, by estimate about 98%.',
    )
    assert.match(narrative.howBad.more[0], /moved by 2\.4 standard deviations of the reference/)
  })

  it('tells a loss that fell from one that rose, and asks for other checks', () => {
    const fell = narrate(verdictOf('dimmed'))
    assert.match(fell.howBad.more.join(' '), /fell from 0\.561 to 0\.439 \(−21\.8%\).*easier/)
    assert.match(fell.next.more[0], /^Look first at lighting and exposure/)
    const rose = narrate(verdictOf('letters'))
    assert.match(rose.howBad.more.join(' '), /rose from 0\.0788 to 0\.411 \(\+422%\)/)
    assert.match(rose.next.more[0], /Compare the most drifted images with the typical ones/)
  })

  it('does not call a change of the loss real when its interval holds zero', () => {
    const { howBad } = narrate(verdictOf('digits'))
    assert.match(howBad.more[0], /may be chance \(95% CI −1\.1% to \+3\.7%\)/)
  })

  it('tells the two warnings apart', () => {
    const slight = narrate(verdictOf('slight'))
    assert.equal(slight.headline, 'A few images changed.')
    assert.equal(slight.howBad.lead, 'Slight, in at least 1% of the images, by estimate about 2%.')
    const unreadable = narrate(verdictOf('unreadable'))
    assert.equal(unreadable.headline, 'No drift found, but part could not be read.')
    assert.match(unreadable.next.more[0], /^312 images left out/)
  })

  it('says nothing of size where nothing was found', () => {
    for (const scene of ['digits', 'unreadable'] as const) {
      assert.equal(narrate(verdictOf(scene)).howBad.lead, 'Nothing was found that could be bad.')
    }
    assert.equal(narrate(verdictOf('few')).howBad.lead, 'Unknown.')
  })

  it('says how many images changed as far as it is known', () => {
    const said = (atLeast: number, estimate: number): string =>
      narrate({
        ...verdictOf('slight'),
        changedShare: { atLeast, estimate, level: 0.95 },
      }).howBad.lead
    assert.equal(said(0, 0), 'Slight, in about 1% of the images by estimate.')
    assert.equal(said(0.008, 0.024), 'Slight, in about 2% of the images by estimate.')
    assert.equal(said(0.305, 0.31), 'Slight, in at least 30% of the images.')
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
})
