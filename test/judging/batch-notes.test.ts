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
    assert.match(notesOnBatch(batch(10), 10)[0], /absent from the batch 35% of the time/)
    assert.deepEqual(notesOnBatch(batch(60), 60), [])
  })

  it('speak of the images that are judged where others were set aside', () => {
    assert.match(notesOnBatch(batch(60), 10)[0], /with 10 images, .* 35% of the time/)
  })

  it('say when the batch was sampled, or partly unreadable', () => {
    const window = batch(400, { count: 900, skipped: unread(2) })
    const notes = notesOnBatch(window, 400).join('\n')
    assert.match(notes, /random sample of 400 of 900 images/)
    assert.match(notes, /2 of 902 images could not be read/)
  })
})
