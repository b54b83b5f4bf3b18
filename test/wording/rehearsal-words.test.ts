import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Rehearsal } from '../../src/verdict/index.ts'
import { describeRehearsal, describeWatch, imagesOf, titleWith } from '../../src/wording/index.ts'
import { makeRehearsal } from '../fixtures/rehearsal.ts'

const recovered = {
  kind: 'recovered',
  at: { number: 400, id: 'b.png' },
  images: 100,
} as const satisfies Rehearsal['history']['stream']['events'][number]

describe('a rehearsal in words', () => {
  it('says first how quiet the past was, then what is found', () => {
    const { headline, summary, told } = describeRehearsal(makeRehearsal())
    assert.equal(headline, 'Quiet on your own images')
    assert.equal(
      summary,
      'Of 2 kinds of change in all images, all are found once strong enough, about 12 images after the change. How strong each has to be is below.',
    )
    assert.deepEqual(told, [
      'As a stream of 8,250 images, at one false alarm in 100,000 images: nothing.',
      'In 82 batches of 100: 1 called drift, 2 a warning. About 0.82 would come by chance.',
    ])
  })

  it('tells every event of the stream, and counts alarms alone', () => {
    const { history } = makeRehearsal()
    const stream = { events: [recovered], status: 'watching' as const }
    const { headline, told } = describeRehearsal(makeRehearsal({ history: { ...history, stream } }))
    assert.equal(headline, 'Quiet on your own images')
    assert.match(told[0], /: 1 message\.$/)
    assert.match(told[1], /^Images look like the reference again, as of the 400th image/)
  })

  it('names what would be missed, in the largest share of images that hides it', () => {
    const { missed } = describeRehearsal(makeRehearsal())
    assert.deepEqual(missed, ['darker by 90%, in 10% of the images'])
  })

  it('says why no changes were injected, and what to do', () => {
    const other = describeRehearsal(makeRehearsal({ withheld: 'different-history', changes: [] }))
    assert.equal(other.headline, 'These images differ from the reference already')
    assert.match(other.summary, /npx pixeldrift rebaseline/)
    assert.deepEqual([other.missed, other.notes], [[], []])
    const blocks = describeRehearsal(makeRehearsal({ withheld: 'blocks', changes: [] }))
    assert.match(blocks.summary, /can’t be drawn one by one/)
  })

  it('has no batches to speak of where there are too few images', () => {
    const { history } = makeRehearsal()
    const batches = { size: 500, count: 0, drift: 0, warning: 0, named: [] }
    const { told } = describeRehearsal(makeRehearsal({ history: { ...history, batches } }))
    assert.equal(told[1], 'Too few for a batch of 500.')
  })

  it('puts strengths as the title of the change has them', () => {
    const [darker, jpeg] = makeRehearsal().changes
    assert.equal(titleWith(darker, 12.34), 'darker by 12%')
    assert.equal(titleWith(jpeg, 12.34), 'compressed as JPEG of quality 88')
    assert.equal(
      describeWatch(darker, darker.shares[0].stream, 'stream'),
      'from 3.1 on (2.6 to 3.8), after 12 images',
    )
    assert.equal(
      describeWatch(darker, darker.shares[0].batches, 'batches'),
      'from 3.1 on (2.6 to 3.8)',
    )
    assert.equal(
      describeWatch(jpeg, jpeg.shares[0].stream, 'stream'),
      'from 100 on, or weaker, after 1 image',
    )
    assert.equal(describeWatch(darker, darker.shares[2].stream, 'stream'), 'not at 90 (35%)')
  })

  it('calls shares what people call them', () => {
    assert.deepEqual([1, 0.5, 0.1, 0.025].map(imagesOf), [
      'all images',
      'half of the images',
      '10% of the images',
      '2.5% of the images',
    ])
  })
})
