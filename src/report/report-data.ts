import type { TrainingCurve } from '../charts/index.ts'
import type { ImageScore } from '../judging/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Verdict } from '../verdict/index.ts'

/** One image as the report shows it: original over reconstruction over error map. */
export type PictureColumn = {
  readonly id: string
  /** A few words under the picture: its score, its label. */
  readonly caption: string
  /** C×H×W in [0, 1]. */
  readonly original: Tensor
  /** C×H×W in [0, 1]. */
  readonly reconstruction: Tensor
  /** Mean absolute difference over channels, H×W in [0, 1]. */
  readonly error: Tensor
}

/** Everything a report shows; plain data, so that every format says the same. */
export type ReportData = {
  readonly verdict: Verdict
  /** Of images of the batch: all of them, or a sample. */
  readonly scores: readonly ImageScore[]
  /** Where the reference came from, as the user wrote it. */
  readonly reference: {
    readonly location: string
    /** Held-out images: what a batch is compared with. */
    readonly count: number
    /** Readable images there, held out or not; unknown in older data. */
    readonly available?: number
  }
  /** Per-image losses of the held-out reference. */
  readonly referenceLosses: readonly number[]
  readonly training: TrainingCurve
  /** Typical held-out reference images, for comparison. */
  readonly typicalReference: readonly PictureColumn[]
  /** The batch's images with the highest scores. */
  readonly mostDrifted: readonly PictureColumn[]
  /** The batch's images that stand for the drift as a whole. */
  readonly representative: readonly PictureColumn[]
  /** The first of each that others of the batch repeat; absent where none are named. */
  readonly repeated?: readonly PictureColumn[]
}
