import type { FitCounts, Note } from '../verdict/index.ts'

/** Held-out images kept at most: with more a check costs more and sees hardly more. */
export const MOST_REFERENCE = 10_000

/** Images of the reference for each image of a batch. */
const REFERENCE_PER_IMAGE = 20

/**
 * The largest batch for which one reference's own false-alarm rate stays close to the stated one: a twentieth of the
 * held-out images. Over many references the rate is as stated at any size; how far a single one may be off grows with
 * the batch. Stated 0.05, one reference in twenty has more than 0.066 at a twentieth, 0.079 at a tenth, 0.16 at a half.
 */
export function largestBatch(referenceRows: number): number {
  return Math.floor(referenceRows / REFERENCE_PER_IMAGE)
}

/** What is known of the images of a fit. */
type Fitted = {
  readonly counts: FitCounts
  /** Of a reference of its own. */
  readonly referenceSource?: unknown
}

/** A caution where a batch is larger than that, and what helps. */
export function notesOnLargeBatch(fitted: Fitted, batchRows: number): Note[] {
  const { reference } = fitted.counts
  const largest = largestBatch(reference)
  if (batchRows <= largest) return []
  return [{ code: 'large-batch', reference, largest, more: moreOf(fitted) }]
}

/** How more images would be held out. */
function moreOf(fitted: Fitted): Extract<Note, { code: 'large-batch' }>['more'] {
  const { counts, referenceSource } = fitted
  if (counts.reference >= MOST_REFERENCE) return null
  if (referenceSource !== undefined) return 'reference'
  return undrawn(fitted) > 0 ? 'max-images' : 'images'
}

/** Readable images of the source that were given and not used. */
export function undrawn({ counts, referenceSource }: Fitted): number {
  const { available, training, validation, reference, copies = 0 } = counts
  const used = training + validation + copies + (referenceSource === undefined ? reference : 0)
  return available - used
}
