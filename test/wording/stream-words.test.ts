import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Judgement, StreamEvent } from '../../src/verdict/index.ts'
import { describeStreamEvent } from '../../src/wording/index.ts'
import { changed, judged, repeating } from './judged.ts'

const at = { number: 1023, id: 'b.png', timestamp: '2026-03-01T10:00:00Z' }
const since = { number: 1011, id: 'a.png', from: 1009, to: 1012 }
const carriers = [
  { name: 'mean', group: 'property' as const, strength: 2 },
  { name: 'unheard-of', group: 'code' as const, strength: 1 },
]

function drift(isDrift: boolean, change: Partial<Extract<StreamEvent, { kind: 'drift' }>> = {}) {
  const features = [changed('mean', [0.5, 0.2])]
  const judgement = { ...judged(features), drift: isDrift, notes: [], size: { word: 'large' } }
  return describeStreamEvent({
    kind: 'drift',
    pace: 'sudden',
    at,
    since,
    carriers,
    judgement: judgement as unknown as Judgement,
    ...change,
  })
}

describe('the words of an event of a stream', () => {
  it('say since when, between which images, and when it was sure', () => {
    assert.equal(
      drift(true).summary,
      'Since the 1,011th image (a.png) (between the 1,009th and the 1,012th) images no longer look like the reference; sure from the 1,023rd image (b.png, 2026-03-01T10:00:00Z) on.',
    )
    const exact = { ...since, number: 1, from: 1, to: 1 }
    assert.match(drift(true, { since: exact }).summary, /^Since the 1st image \(a\.png\) images no/)
  })

  it('name first what repeats since the change', () => {
    const judgement = {
      ...judged([changed('mean', [0.5, 0.2])], {
        severity: 'warning',
        repeats: repeating('frozen'),
      }),
      drift: false,
      notes: [],
      size: { word: 'large' },
    } as unknown as Judgement
    const { summary, findings } = drift(false, { judgement })
    const frozen = '60 of 100 images are copies of one image: the feed seems to be frozen'
    assert.ok(summary.startsWith(`Of the images since, ${frozen}. Since the 1,011th image`))
    assert.equal(findings[0], frozen)
  })

  it('say of a slow change over how many images it was seen', () => {
    assert.match(drift(true, { pace: 'slow' }).summary, /^Slowly, over the 13 images up to b\.png,/)
  })

  it('give the findings of the batch test, or what raised the alarm where few images say little', () => {
    assert.match(drift(true).findings[0], /^Darker/)
    assert.deepEqual(drift(false).findings, ['title of mean differs', 'unheard-of differs'])
  })

  it('say that a change is over, that it is tolerated, and what to do about dependent images', () => {
    assert.match(
      describeStreamEvent({ kind: 'recovered', at, images: 1 }).summary,
      /again, as of the 1,023rd image .*: the change lasted about 1 image\.$/,
    )
    assert.match(
      describeStreamEvent({ kind: 'tolerated', at, since }).summary,
      /changed in a way that is tolerated\.$/,
    )
    assert.match(describeStreamEvent({ kind: 'dependent', at, carriers: [] }).summary, /--block-by/)
    const repeats = repeating('frozen')
    assert.match(
      describeStreamEvent({ kind: 'dependent', at, carriers: [], repeats }).summary,
      /^Of the last images, .* 60 of 100 images are copies of one image: the feed seems to be frozen/,
    )
    const changes = { count: 8, images: 1200 }
    assert.match(
      describeStreamEvent({ kind: 'dependent', at, carriers: [], changes }).summary,
      /^Images changed and changed back 8 times within 1,200 images, up to the 1,023rd image .*--block-by/,
    )
  })

  it('count as people do: 11th, 12th, 13th, 21st, 22nd', () => {
    const ordinals = [2, 3, 4, 11, 12, 13, 21, 22, 111, 1002].map(
      (number) =>
        /the ([\d,]+\w+) image/.exec(
          describeStreamEvent({ kind: 'recovered', at: { number, id: 'x' }, images: 5 }).summary,
        )?.[1],
    )
    assert.deepEqual(ordinals, [
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '22nd',
      '111th',
      '1,002nd',
    ])
  })
})
