import type { ImageRecord, SkippedImages, VectorName } from '../measuring/values/index.ts'
import type { Origin, OriginCounts } from './known-images.ts'
import type { Moments } from './loss-comparison.ts'

/** One image of the batch that went into the window. */
export type WindowRow = {
  readonly hash: number
  readonly origin: Origin
  readonly record: ImageRecord
  /** Its position among the readable images of the batch, from 0. */
  readonly position: number
}

/** What is kept of a batch, however large: its features (sampled), and the loss of all of it. */
export type WindowImages = {
  readonly rows: readonly WindowRow[]
  /** rows.length × columns, row-major, in the same order. */
  readonly values: Float32Array
  readonly loss: Moments
  /** Readable images there were. */
  readonly count: number
  /** Images of each origin, in the whole batch. */
  readonly origins: OriginCounts
  /** Images left out of the judgement, which were learned from. */
  readonly setAside?: number
  readonly skipped: SkippedImages
  /** What the source says of itself. */
  readonly notes: readonly string[]
  /** What was given beside the images. */
  readonly given: readonly VectorName[]
}
