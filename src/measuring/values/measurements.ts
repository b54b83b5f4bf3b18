import type { ImageRecord, ModelOutputName, SkippedImages } from '../../images/index.ts'
import type { FeatureColumn } from '../../representations/index.ts'
import { type ExactSums, NO_SUMS } from './exact-sums.ts'
import type { Period } from './period.ts'

/** Rows kept at most; of more images a sample of this size, drawn by a hash of their ids. */
export const LARGEST_SAMPLE = 10_000

/** One image that was measured. */
export type MeasuredImage = {
  readonly record: ImageRecord
  /** Its number in its source, from 0, counting those that could not be read. */
  readonly place: number
  /** Of its working pixels: equal images, equal numbers. */
  readonly hash: number
}

/** Where measured images came from, and what read them. */
export type MeasuredSource = {
  /** As the user wrote it. */
  readonly location: string
  /** `folder`, `npy`, `tar`, … */
  readonly kind: string
  /** Everything that pixels of picture files depend on. */
  readonly decoding?: string | undefined
  /** Images came as files, not as arrays. */
  readonly files?: true
}

/**
 * What is known of many images once they were measured: plain data of a bounded size. Parts may be merged in any order
 * and grouping: the result is the same to the bit as of one run over all.
 */
export type Measurements = {
  /** What they were measured by. */
  readonly extractorId: string
  readonly columns: readonly FeatureColumn[]
  /** The images of `values`, in the order of their source. */
  readonly images: readonly MeasuredImage[]
  /** images.length × columns.length, row-major. */
  readonly values: Float32Array
  /** What is at each place of the same images: images.length × all cells of the extractor's maps; absent where that was not measured. */
  readonly places?: Int8Array | undefined
  /** Readable images there were. */
  readonly count: number
  /** Reconstruction loss of all of them. */
  readonly loss: ExactSums
  /** When all of them were made, where they say so. */
  readonly period: Period | null
  /** How many could not be read for each reason, and the first 100 by name. */
  readonly skipped: SkippedImages
  readonly sources: readonly MeasuredSource[]
  /** What the sources say of themselves. */
  readonly notes: readonly string[]
  /** What the user's own model said beside the images. */
  readonly modelOutputs: readonly ModelOutputName[]
}

/** By whom, and what of. */
export type MeasuredBy = Pick<Measurements, 'extractorId' | 'columns'>

/** Nothing measured yet: merged with anything it leaves that as it is. */
export function noMeasurements({ extractorId, columns }: MeasuredBy): Measurements {
  return {
    extractorId,
    columns,
    images: [],
    values: new Float32Array(),
    places: undefined,
    count: 0,
    loss: NO_SUMS,
    period: null,
    skipped: { named: [], counts: {}, total: 0 },
    sources: [],
    notes: [],
    modelOutputs: [],
  }
}
