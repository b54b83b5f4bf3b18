import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_SKIPPED_IMAGES } from '../../src/images/index.ts'
import { notesOnBatch } from '../../src/judging/batch-notes.ts'
import type { Measurements } from '../../src/measuring/values/index.ts'

type Batch = Pick<Measurements, 'count' | 'images' | 'skipped'>

function batch(rows: number, extra: Partial<Batch> = {}): Batch {
  const images = Array.from({ length: rows }, (_, place) => ({
    place,
    hash: place,
    record: { id: String(place) },
  }))
  return { images, count: rows, skipped: NO_SKIPPED_IMAGES, ...extra }
}

const unread = (count: number) => ({ ...NO_SKIPPED_IMAGES, total: count })

describe('notes', () => {
  it('say what a small batch may miss, and nothing of a middling one', () => {
    assert.deepEqual(notesOnBatch(batch(10), 10), [
      { code: 'small-batch', images: 10, missed: 0.9 ** 10 },
    ])
    assert.deepEqual(notesOnBatch(batch(4), 4), [])
    assert.deepEqual(notesOnBatch(batch(60), 60), [])
    const isSaid = (rows: number) => notesOnBatch(batch(rows), rows).length === 1
    assert.deepEqual([4, 5, 49, 50].map(isSaid), [false, true, true, false])
  })

  it('speak of the images that are judged where others were set aside', () => {
    assert.equal(notesOnBatch(batch(60), 10)[0].code, 'small-batch')
  })

  it('say when the batch was sampled, or partly unreadable', () => {
    const window = batch(400, { count: 900, skipped: unread(2) })
    assert.deepEqual(notesOnBatch(window, 400), [
      { code: 'sampled', images: 400, of: 900 },
      { code: 'unreadable', images: 2, of: 902 },
    ])
  })
})
