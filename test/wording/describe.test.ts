import assert from 'node:assert/strict'
import { describe as suite, it } from 'node:test'
import type { Judgement } from '../../src/verdict/index.ts'
import { describe, describeSkipped, explainThreshold } from '../../src/wording/index.ts'
import { deriveScore, deriveThreshold, explainPValue } from '../../src/wording/threshold-words.ts'
import { makeReportData, type Scene, scenes } from '../fixtures/report-data.ts'
import { batchOf, repeating } from './judged.ts'

const judgementOf = (scene: Scene): Judgement => makeReportData(scene).verdict.judgement

suite('describe', () => {
  it('says drift, how sure and how large', () => {
    const words = describe(judgementOf('letters'))
    assert.equal(words.label, 'Drift')
    assert.equal(words.headline, 'These images have drifted.')
    assert.match(
      words.summary,
      /^At least 97% of these 500 images no longer look like the reference/,
    )
    assert.equal(words.whatChanged.lead, '10 of 13 measured features moved.')
    assert.match(words.whatChanged.more[0], /^Brighter: mean brightness 0\.131 → 0\.372/)
    assert.match(words.whatChanged.more.at(-1) ?? '', /^Harder for the autoencoder/)
    assert.equal(words.howSure.lead, 'Very sure.')
    assert.equal(
      words.howBad.lead,
      'Very large, in at least 97% of the images, by estimate about 98%.',
    )
    assert.match(words.howBad.more[0], /moved by 2\.4 standard deviations of the reference/)
  })

  it('tells a loss that fell from one that rose, and asks for other checks', () => {
    const fell = describe(judgementOf('dimmed'))
    assert.match(fell.howBad.more.join(' '), /fell from 0\.561 to 0\.439 \(−21\.8%\).*easier/)
    assert.match(fell.next.more[0], /^Look first at lighting and exposure/)
    const rose = describe(judgementOf('letters'))
    assert.match(rose.howBad.more.join(' '), /rose from 0\.0788 to 0\.411 \(\+422%\)/)
    assert.match(rose.next.more[0], /Compare the most drifted images with the typical ones/)
  })

  it('does not call a change of the loss real when its interval holds zero', () => {
    const { howBad } = describe(judgementOf('digits'))
    assert.match(howBad.more[0], /may be chance \(95% CI −1\.1% to \+3\.7%\)/)
  })

  it('tells the two warnings apart', () => {
    const slight = describe(judgementOf('slight'))
    assert.equal(slight.headline, 'A few images changed.')
    assert.equal(slight.howBad.lead, 'Slight, in at least 1% of the images, by estimate about 2%.')
    const unreadable = describe(judgementOf('unreadable'))
    assert.equal(unreadable.headline, 'No drift found, but part could not be read.')
    assert.match(unreadable.next.more[0], /^312 images left out/)
  })

  it('names a feed that stands still before anything else, and what it leaves unknown', () => {
    const frozen = 'copies of one image: the feed seems to be frozen'
    const words = describe(judgementOf('frozen'))
    assert.equal(words.label, 'Warning')
    assert.equal(words.headline, 'The feed seems to be frozen.')
    assert.equal(
      words.summary,
      `97 of 100 images are ${frozen}; 4 different images are too few to judge.`,
    )
    assert.deepEqual(words.findings, [`97 of 100 images are ${frozen}`])
    assert.deepEqual(words.whatChanged, { lead: `97 of 100 images are ${frozen}.`, more: [] })
    assert.equal(words.howSure.lead, 'Unknown: the test was not run.')
    assert.equal(words.howBad.lead, 'Unknown.')
    assert.match(words.next.lead, /why the feed stands still/)
    assert.match(words.notes[0], /^96 of 100 images repeat others and are left out/)
    assert.match(words.threshold, /fewer than 10 different readable images/)
  })

  it('names images that repeat others before the drift of the others', () => {
    const repeats = repeating('loop', { images: 99, of: 100, different: 3 })
    const words = describe({ ...judgementOf('letters'), repeats })
    assert.equal(words.headline, 'The same images come in a loop, and the images have drifted.')
    assert.match(words.summary, /^3 different images repeat in turn: a loop; at least 97% of/)
    assert.equal(words.findings[0], '3 different images repeat in turn: a loop')
    assert.match(words.next.more[1], /why the same images come again and again/)
  })

  it('says that images which came are quiet where many repeat them', () => {
    const repeats = repeating('each', { times: 2 })
    const { howBad } = describe({ ...judgementOf('digits'), severity: 'warning', repeats })
    assert.match(howBad.lead, /what did not come is unknown/)
  })

  it('says a few images that repeat others in a note and the summary alone', () => {
    const repeats = repeating('some', { images: 1, of: 100, leftOut: 1, areMany: false })
    const words = describe({ ...judgementOf('digits'), repeats })
    assert.equal(words.headline, 'No sign of drift.')
    assert.deepEqual(words.findings, [])
    assert.match(words.summary, /^1 of 100 images is a copy of another; these/)
    assert.match(words.notes[0], /^1 of 100 images repeats another and is left out/)
  })

  it('names the first images that look like nothing in the reference', () => {
    const named = Array.from({ length: 7 }, (_, i) => ({ id: `${i}.png`, place: i }))
    const noteOn = (images: number) =>
      describe({
        ...judgementOf('digits'),
        foreign: { images, of: 1000, named: named.slice(0, images), falseDiscoveryRate: 0.1 },
      }).notes[0]
    assert.equal(
      noteOn(7),
      '7 of 1,000 images look like nothing in the reference: 0.png, 1.png, 2.png, 3.png, 4.png and 2 others; on average at most 10% of images named so are named by chance.',
    )
    assert.match(noteOn(5), /: 0\.png, 1\.png, 2\.png, 3\.png and 4\.png; on/)
    assert.match(noteOn(1), /^1 of 1,000 images looks like nothing in the reference: 0\.png; on/)
  })

  it('says nothing of size where nothing was found', () => {
    for (const scene of ['digits', 'unreadable'] as const) {
      assert.equal(describe(judgementOf(scene)).howBad.lead, 'Nothing was found that could be bad.')
    }
    assert.equal(describe(judgementOf('few')).howBad.lead, 'Unknown.')
  })

  it('says how many images changed as far as it is known', () => {
    const said = (atLeast: number, estimate: number): string =>
      describe({
        ...judgementOf('slight'),
        changedShare: { atLeast, estimate, level: 0.95 },
      }).howBad.lead
    assert.equal(said(0, 0), 'Slight, in about 1% of the images by estimate.')
    assert.equal(said(0.008, 0.024), 'Slight, in about 2% of the images by estimate.')
    assert.equal(said(0.305, 0.31), 'Slight, in at least 30% of the images.')
  })

  it('claims nothing when there were too few images', () => {
    const { headline, whatChanged, howSure } = describe(judgementOf('few'))
    assert.equal(headline, 'Too few images to tell.')
    assert.equal(whatChanged.lead, 'Unknown.')
    assert.equal(howSure.lead, 'Unknown: the test was not run.')
  })

  it('weighs a relative limit by the interval of the change', () => {
    const judgement = judgementOf('relative')
    const change = (value: number, low: number, high: number): string => {
      const loss = { ...judgement.loss!, relativeIncrease: { value, low, high, level: 0.95 } }
      return describe({ ...judgement, loss }).howSure.lead
    }
    assert.equal(change(0.44, 0.41, 0.47), 'Above the limit, and its 95% interval too.')
    assert.equal(change(0.12, 0.07, 0.17), 'Above the limit, but its interval reaches below.')
    assert.equal(change(0.02, -0.01, 0.05), 'Below the limit.')
  })

  it('makes sentences of the notes', () => {
    const words = describe({
      ...judgementOf('digits'),
      notes: [{ code: 'copies', images: 3, of: 6 }],
    })
    assert.deepEqual(words.notes, ['3 of 6 images are exact copies of others in this batch.'])
  })

  it('asks for a look at the notes where they are all there is', () => {
    const words = describe({ ...judgementOf('digits'), severity: 'warning' })
    assert.equal(words.headline, 'No drift found, but look at this batch.')
    assert.equal(words.next.lead, 'Read the notes before relying on this verdict.')
  })

  for (const scene of scenes) {
    it(`is plain data, and the same of the same (${scene})`, () => {
      const words = describe(judgementOf(scene))
      assert.deepEqual(JSON.parse(JSON.stringify(words)), words)
      assert.deepEqual(describe(judgementOf(scene)), words)
    })
  }
})

suite('plain words', () => {
  it('state the false-alarm rate of a threshold, and the lack of one', () => {
    assert.equal(
      explainThreshold(judgementOf('letters').threshold),
      'Alarm at p ≤ 0.01: a batch like the reference would trigger this about once in 100 batches.',
    )
    assert.match(
      explainThreshold(judgementOf('relative').threshold),
      /more than 10%.*no false-alarm/,
    )
  })

  it('explain p-values by draws, by rarity and by commonness', () => {
    assert.match(explainPValue(1 / 10_000, 9999), /^None of 9,999 random draws/)
    assert.match(explainPValue(0.0003, 9999), /^Only about once in 3,300 batches/)
    assert.match(explainPValue(0.43, 9999), /at least this much 43 times in 100/)
  })

  it('count the reasons of skipped images', () => {
    assert.equal(describeSkipped(judgementOf('letters')), '3 skipped (2 undecodable, 1 too large)')
    assert.equal(describeSkipped(judgementOf('digits')), 'none skipped')
    const skippedCounts = { 'image.new-reason': 1 }
    assert.equal(describeSkipped({ skippedCounts }), '1 skipped (1 image.new-reason)')
  })

  it('say how a threshold came about', () => {
    const { tested } = batchOf(20)
    const rated = (mode: 'exact' | 'fast', draws: number): string =>
      deriveThreshold({
        threshold: { policy: 'false-alarm-rate', value: 0.01, mode, draws },
        tested,
      })
    assert.equal(
      rated('exact', 999),
      'The p-value of this batch among 999 random exchanges of batch and held-out reference images (3000 images); alarm at p ≤ 0.01.',
    )
    assert.match(rated('fast', 1999), /1999 batches of this size drawn .* no exact test \(3000/)
    assert.equal(rated('exact', 0), 'Not applied: fewer than 5 readable images.')
    const risen = (value: number): string =>
      deriveThreshold({ threshold: { policy: 'relative', value }, tested })
    assert.match(risen(0.1), /^Chosen by the user: .* by 10%\.$/)
    assert.match(risen(0.07), / by 7%\.$/)
    assert.match(risen(0.123456), / by 12\.3456%\.$/)
  })

  it('say what a score is made of', () => {
    const threshold = {
      policy: 'false-alarm-rate',
      value: 0.01,
      mode: 'exact',
      draws: 999,
    } as const
    const said = (scoreBasis: Judgement['scoreBasis'], score: number): string =>
      deriveScore({ score, scoreBasis, threshold })
    assert.equal(said('p-value', 1.5), 'ln p / ln 0.01')
    assert.match(
      said('extrapolated-p-value', 11),
      /none of 999 draws .* normal tail .* to 10\^-22$/,
    )
    assert.match(said('loss-increase', 2), /^rise of the mean loss/)
    assert.equal(said('none', 0), 'not tested')
  })
})
