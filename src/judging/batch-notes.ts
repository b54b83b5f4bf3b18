import type { Measurements } from '../measuring/values/index.ts'
import { THRESHOLDS } from './policy.ts'

/** Cautions a reader of the verdict should know. */
export function notesOnBatch(
  { count, images, skipped }: Pick<Measurements, 'count' | 'images' | 'skipped'>,
  judgedRows: number,
): string[] {
  const notes: string[] = []
  if (judgedRows < 50 && judgedRows >= THRESHOLDS.fewestImages) {
    const missed = Math.round(100 * 0.9 ** judgedRows)
    if (missed >= 1) {
      notes.push(
        `with ${judgedRows} images, a change of every tenth image is absent from the batch ${missed}% of the time`,
      )
    }
  }
  if (images.length < count)
    notes.push(
      `tested on a random sample of ${images.length} of ${count} images; the loss is of all of them`,
    )
  if (skipped.total > 0)
    notes.push(`${skipped.total} of ${count + skipped.total} images could not be read`)
  return notes
}
