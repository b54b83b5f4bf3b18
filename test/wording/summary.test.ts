import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JudgedBatch } from '../../src/wording/index.ts'
import { summarise } from '../../src/wording/summary.ts'
import { batchOf, changed, judged, repeating } from './judged.ts'

const darker = changed('mean', [0.5, 0.25])

const said = (change: Partial<JudgedBatch> = {}): string => summarise(judged([darker], change))

describe('the summary', () => {
  it('says of drift in how many images, and what changed most', () => {
    assert.equal(
      said(),
      'At least 3% of these 20 images no longer look like the reference; most of all, they are darker (mean brightness 0.500 → 0.250, −50%).',
    )
    const changedShare = { atLeast: 0.009, estimate: 0.1, level: 0.95 }
    assert.equal(
      said({ changedShare, features: [], ...batchOf(12_000) }),
      'These 12,000 images no longer look like the reference.',
    )
  })

  it('names images that repeat others before anything else', () => {
    const repeats = repeating('each', { images: 40, of: 40, different: 20, times: 2, leftOut: 20 })
    const quiet = { severity: 'warning', score: 0.4, repeats } as const
    assert.equal(
      said(quiet),
      'Every image came twice; these 20 different images look like the reference.',
    )
    assert.equal(
      said({ repeats }),
      'Every image came twice; at least 3% of these 20 different images no longer look like the reference; most of all, they are darker (mean brightness 0.500 → 0.250, −50%).',
    )
    const few = repeating('some', { images: 2, of: 22, different: 20, leftOut: 2, areMany: false })
    assert.equal(
      said({ severity: 'ok', score: 0.4, repeats: few }),
      '2 of 22 images are copies of others; these 20 different images look like the reference.',
    )
  })

  it('says that different images are too few to judge', () => {
    const frozen = repeating('frozen', { images: 97, of: 100, different: 4, leftOut: 96 })
    const untested = { severity: 'warning', score: 0, repeats: frozen } as const
    assert.equal(
      said({ ...untested, ...batchOf(4) }),
      '97 of 100 images are copies of one image: the feed seems to be frozen; 4 different images are too few to judge.',
    )
    assert.match(said({ ...untested, ...batchOf(1) }), /; 1 different image is too few to judge\.$/)
    assert.match(
      said({ ...untested, ...batchOf(0, { setAside: 3 }) }),
      /; not enough new images to judge: 3 were used to fit this detector/,
    )
  })

  it('speaks of all images where those that repeat stay', () => {
    const black = repeating('frozen', { images: 19, of: 20, different: 2, leftOut: 0 })
    assert.match(said({ repeats: black }), /frozen; at least 3% of these 20 images no longer/)
  })

  it('says of quiet that several images look like nothing in the reference', () => {
    const foreign = (images: number) => ({ images, of: 20, named: [], falseDiscoveryRate: 0.1 })
    const quiet = { severity: 'ok', score: 0.4 } as const
    assert.equal(
      said({ ...quiet, foreign: foreign(3) }),
      'These 20 images look like the reference, but for 3 that look like nothing in it.',
    )
    assert.equal(said({ ...quiet, foreign: foreign(2) }), said(quiet))
  })

  it('says of quiet that there is nothing', () => {
    const quiet = { severity: 'ok', score: 0.4 } as const
    assert.equal(said(quiet), 'These 20 images look like the reference.')
    assert.equal(said({ ...quiet, ...batchOf(1) }), 'This image looks like the reference.')
  })

  it('says of a warning in how few images, as far as that is known', () => {
    const few = 'Something changed in these 20 images, but in few of them'
    const share = (atLeast: number, estimate: number): string =>
      said({ severity: 'warning', changedShare: { atLeast, estimate, level: 0.95 } })
    assert.equal(share(0, 0), `${few} (by estimate fewer than 1%).`)
    assert.equal(share(0.009, 0.014), `${few} (by estimate about 1%).`)
    assert.equal(share(0.029, 0.03), `${few} (at least 2%, by estimate about 3%).`)
    assert.equal(share(0.03, 0.03), `${few} (at least 3%).`)
    assert.equal(said({ severity: 'warning', changedShare: null }), `${few}.`)
  })

  it('says when a batch is suspect only because much of it could not be read', () => {
    const suspect = { severity: 'warning', score: 0.4 } as const
    assert.equal(
      said({ ...suspect, ...batchOf(20, { unread: 1500 }) }),
      'The 20 images that could be read look like the reference, but 1,500 could not be read.',
    )
    assert.match(
      said({ ...suspect, ...batchOf(1, { unread: 5 }) }),
      /^The 1 image that could be read looks like/,
    )
  })

  it('says how many images there were of those that are needed', () => {
    const few = { severity: 'insufficient-data', score: 0 } as const
    assert.equal(
      said({ ...few, ...batchOf(3) }),
      'Not enough images to judge: 3 readable, at least 5 are needed.',
    )
    assert.equal(
      said({ ...few, ...batchOf(1, { setAside: 1 }) }),
      'Not enough new images to judge: 1 was used to fit this detector, 1 other remains, at least 5 are needed.',
    )
    assert.match(
      said({ ...few, ...batchOf(4, { setAside: 40 }) }),
      /: 40 were used to fit this detector, 4 others remain,/,
    )
  })
})
