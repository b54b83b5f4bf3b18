import type { Measurements } from '../measuring/values/index.ts'
import type { Note } from '../verdict/index.ts'
import { THRESHOLDS } from './policy.ts'

/** A batch of fewer images may miss a partial change. */
const SMALL_BATCH = 50

/** What a reader should know of a batch's size, of a sample, and of images that could not be read. */
export function notesOnBatch(
  { count, images, skipped }: Pick<Measurements, 'count' | 'images' | 'skipped'>,
  judgedRows: number,
): Note[] {
  const notes: Note[] = []
  const missed = 0.9 ** judgedRows
  const isSmall = judgedRows < SMALL_BATCH && judgedRows >= THRESHOLDS.fewestImages
  if (isSmall && missed >= 0.005) notes.push({ code: 'small-batch', images: judgedRows, missed })
  if (images.length < count) notes.push({ code: 'sampled', images: images.length, of: count })
  if (skipped.total > 0) {
    notes.push({ code: 'unreadable', images: skipped.total, of: count + skipped.total })
  }
  return notes
}
