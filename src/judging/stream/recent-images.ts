import type { MeasuredImage } from '../../measuring/values/index.ts'
import type { ImageRow } from '../rows-as-measurements.ts'

/** The last images of a stream, and their numbers in it; memory of a fixed size. */
export type RecentImages = {
  /** MOST_RECENT × width: a ring. */
  readonly values: Float32Array
  /** The image of each place of the ring, as far as it was filled. */
  readonly images: MeasuredImage[]
  readonly width: number
}

/** Images that are remembered. */
export const MOST_RECENT = 1000

/** Of a stream that has seen none yet. */
export function noRecentImages(width: number): RecentImages {
  return { values: new Float32Array(MOST_RECENT * width), images: [], width }
}

/** Remembers an image, its number in the stream from 0, and forgets the one of MOST_RECENT before. */
export function remember(
  { values, images, width }: RecentImages,
  number: number,
  { image, row }: ImageRow,
): void {
  const place = number % MOST_RECENT
  values.set(row, place * width)
  images[place] = image
}

/** The image of a number and its values, of a stream of so many images; undefined where it was forgotten. */
export function recall(
  { recent, images }: { readonly recent: RecentImages; readonly images: number },
  number: number,
): ImageRow | undefined {
  if (number < images - MOST_RECENT) return undefined
  const { values, width } = recent
  const place = number % MOST_RECENT
  const row = values.subarray(place * width, (place + 1) * width)
  return { image: recent.images[place], row }
}
