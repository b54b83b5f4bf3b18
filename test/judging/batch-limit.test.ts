import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tellFitNote, tellNote } from '../../src/wording/index.ts'
import { largestBatch, notesOnLargeBatch, undrawn } from '../../src/judging/batch-limit.ts'
import { fit } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'

const fitted = (reference: number, available: number, referenceSource?: { available: number }) => ({
  counts: { available, training: 2 * reference, validation: 100, reference, skipped: 0 },
  ...(referenceSource && {
    referenceSource: { location: 'there', leftOut: 0, skipped: 0, ...referenceSource },
  }),
})

describe('the largest batch', () => {
  it('is a twentieth of the held-out images, and only above it is there a caution', () => {
    assert.equal(largestBatch(9000), 450)
    assert.equal(largestBatch(9019), 450)
    assert.deepEqual(notesOnLargeBatch(fitted(9000, 27_100), 450), [])
    assert.deepEqual(notesOnLargeBatch(fitted(9000, 27_100), 451), [
      { code: 'large-batch', reference: 9000, largest: 450, more: 'images' },
    ])
  })

  it('is never raised by images that were given already', () => {
    const advice = (given: Parameters<typeof notesOnLargeBatch>[0]) =>
      tellNote(notesOnLargeBatch(given, 5000)[0]).split('; ')[1]
    assert.equal(advice(fitted(9000, 27_100)), 'fit on more images, or send smaller batches')
    assert.equal(advice(fitted(9000, 50_000)), 'raise --max-images, or send smaller batches')
    assert.equal(advice(fitted(10_000, 90_000)), 'send smaller batches')
    assert.equal(
      advice(fitted(500, 1100, { available: 500 })),
      'bring more reference images, or send smaller batches',
    )
  })

  it('counts as not used what no part has', () => {
    assert.equal(undrawn(fitted(1000, 3100)), 0)
    assert.equal(undrawn(fitted(1000, 4000)), 900)
    assert.equal(undrawn(fitted(1000, 2100, { available: 1000 })), 0)
    const { counts } = fitted(1000, 3150)
    assert.equal(undrawn({ counts: { ...counts, copies: 50 } }), 0)
  })
})

describe('a fit', () => {
  const notesOf = async (count: number, maxImages?: number) => {
    const source = arrayImages(blobImages({ count, seed: 1, side: 4 }))
    const detector = await fit(source, { epochs: 1, ...(maxImages && { maxImages }) })
    await detector.close()
    return detector.manifest.notes.map(tellFitNote).join('\n')
  }

  it('says how many images it did not use, and what would use them', async () => {
    const notes = await notesOf(900, 200)
    assert.match(notes, /700 of 900 images were not used: 200 were drawn at random/)
    assert.match(notes, /only 60 held-out reference images: .*raise --max-images/)
  })

  it('says nothing of the kind when it used all', async () => {
    const notes = await notesOf(300)
    assert.doesNotMatch(notes, /not used|max-images/)
    assert.match(notes, /only 90 held-out reference images: .*bring more images/)
  })
})
