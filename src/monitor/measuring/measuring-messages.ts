import type { ImageRecord, ModelOutputName } from '../../images/index.ts'

/** A detector by its id; its bytes where whoever is asked does not know it yet. */
export type WantedDetector = { readonly id: string; readonly artifact?: Uint8Array | undefined }

/** An image as it came in. */
export type ImageToMeasure = {
  readonly number: number
  /** Its number among all images of its monitor that came in, from 0: it settles with which others it is measured. */
  readonly ordinal: number
  readonly record: ImageRecord
  readonly bytes: Uint8Array
  /** What the user's own model said of it. */
  readonly outputs: { readonly [name in ModelOutputName]?: readonly number[] | undefined }
}

/** Images of one detector. */
export type MeasureRequest = {
  readonly detector: WantedDetector
  readonly images: readonly ImageToMeasure[]
  readonly pixelLimit: number
  /** Whether a small picture of each is to be made. */
  readonly thumbnails: boolean
}

/** What came of an image: its numbers, or why there are none. */
export type MeasuredOne =
  | {
      readonly number: number
      readonly record: ImageRecord
      readonly hash: number
      readonly numbers: Float32Array
      /** What is at each place of the frame, where windows are judged by it. */
      readonly places?: Int8Array | undefined
      /** WebP, where one was asked for. */
      readonly thumbnail?: Uint8Array | undefined
    }
  | { readonly number: number; readonly code: string; readonly message: string }

/** What came of each, in their order; or that the detector's bytes are needed. */
export type MeasureAnswer = { readonly images: readonly MeasuredOne[] } | 'needs-detector'
