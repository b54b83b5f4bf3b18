import type { DriftError } from '../errors.ts'
import type { Tensor } from '../tensor/index.ts'
import type { ModelOutputRow } from './model-outputs/collect-model-outputs.ts'
import type { ModelOutputs } from './model-outputs/model-outputs.ts'

/** Channels, height and width of one image, in that order of storage. */
export type ImageShape = {
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** Bits of a channel that all images of a detector are taken to have. */
export type PixelDepth = 8 | 16

/** How an image of another size is brought to the working shape. */
export type ResizePolicy = 'stretch' | 'cover' | 'contain'

/** What is known of an image beside its pixels. */
export type ImageRecord = {
  /** Unique within its source: the path inside it, or the row number. */
  readonly id: string
  readonly label?: string | undefined
  /** ISO 8601. */
  readonly timestamp?: string | undefined
  /** The model of the camera that took it, by EXIF. */
  readonly camera?: string | undefined
  /** The deployed model's predicted class. */
  readonly prediction?: string | undefined
  /** Any further manifest columns (camera, session, …), as text. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** Images of one shape: float32 NCHW in [0, 1], and one record per image. */
export type ImageBatch = {
  readonly pixels: Tensor
  readonly records: readonly ImageRecord[]
  /** What the user's own model said of them, where the source knows; rows as in `pixels`, the same outputs in every batch. */
  readonly modelOutputs?: ModelOutputs | undefined
  /** What their files say, a row an image of as many numbers as there are `FILE_COLUMNS`; without it nothing is known of files. */
  readonly files?: Tensor | undefined
  /** Number of each image in its source, from 0, counting those left out; without it none may be left out. */
  readonly places?: readonly number[] | undefined
  /** Number of the batch in its source, from 0, counting those passed over. */
  readonly number?: number | undefined
}

/** An image that was left out, and why. */
export type SkippedImage = {
  readonly id: string
  /** A `DriftError` code, e.g. `image.undecodable`. */
  readonly code: string
  readonly message: string
  /** Its number in the source, from 0, where the source counts. */
  readonly place?: number | undefined
}

export type BatchOptions = {
  /** Every image is converted to this shape; without it the first image decides, and others must match it. */
  readonly shape?: ImageShape | undefined
  /** Default `stretch`. */
  readonly resize?: ResizePolicy | undefined
  /** Bits of a channel that every value is rounded to; without it each image keeps its own. */
  readonly depth?: PixelDepth | undefined
  /** Images per batch, unreadable ones counted: a batch holds the readable ones of so many places. Default 256. */
  readonly batchSize?: number | undefined
  /** Whether to read the batch of this number, from 0; the images of others are passed over undecoded. Default: all. */
  readonly isChosen?: ((batch: number) => boolean) | undefined
  /** Called at the end with the number of images there were, unreadable or passed over too. */
  readonly onCounted?: ((images: number) => void) | undefined
  /** Throw on the first bad image instead of skipping it. Default false. */
  readonly strict?: boolean | undefined
  /** Called once for each image left out. */
  readonly onSkip?: ((skipped: SkippedImage) => void) | undefined
  /** Called with what a reader of the result should know of the source, once for each thing. */
  readonly onNote?: ((note: string) => void) | undefined
  /** Most threads that decode files. Default: one for each core, at most 8. */
  readonly threads?: number | undefined
  /** Ends the reading with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
}

/** What an image of a sample is like, or why it can't be read. */
export type SampledImage =
  | { readonly shape: ImageShape; readonly isGrey: boolean; readonly depth: PixelDepth }
  | { readonly error: string }

/** A picture as a file, or why it can't be read. */
export type PictureFile = {
  readonly record: ImageRecord
  readonly modelOutputs?: ModelOutputRow | undefined
} & ({ readonly bytes: Uint8Array } | { readonly error: DriftError })

/** A place images come from; memory use does not grow with the number of images. */
export interface ImageSource {
  /** `folder`, `idx`, `npy`, `tar`, … */
  readonly kind: string
  /** Where it is, for messages. */
  readonly location: string
  /** Number of images, where it is known without reading them. */
  readonly count?: number | undefined
  /** Its images have names of their own; else each is known by its place. */
  readonly isNamed?: boolean | undefined
  /** Reads from the start at each call. */
  batches(options: BatchOptions): AsyncIterable<ImageBatch>
  /** The picture files themselves, undecoded, in the order of reading; where it is missing the images are no files. */
  files?(options: Pick<BatchOptions, 'signal'>): AsyncIterable<PictureFile>
  /** At most `count` images from all over the source, each of its own size; where it is missing the first ones are taken. */
  sample?(count: number, options: Pick<BatchOptions, 'signal'>): AsyncIterable<SampledImage>
}
