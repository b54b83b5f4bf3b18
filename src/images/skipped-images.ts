import type { SkippedImage } from './image-source.ts'

/** Images that could not be read: how many for each reason, and the first of them by name. */
export type SkippedImages = {
  readonly named: readonly SkippedImage[]
  /** By `code` of the error, all of them. */
  readonly counts: Readonly<Record<string, number>>
  readonly total: number
}

/** So many are kept by name; a source may have any number of them. */
const MOST_NAMED = 100

/** None yet. */
export const NO_SKIPPED_IMAGES: SkippedImages = { named: [], counts: {}, total: 0 }

/** Keeps count of images that could not be read, in memory that does not grow with them. */
export function tallySkipped(): {
  add(image: SkippedImage): void
  taken(): SkippedImages
} {
  const named: SkippedImage[] = []
  const counts: Record<string, number> = {}
  let total = 0
  return {
    add: (image) => {
      total++
      counts[image.code] = (counts[image.code] ?? 0) + 1
      if (named.length < MOST_NAMED) named.push(image)
    },
    taken: () => ({ named: [...named], counts: { ...counts }, total }),
  }
}
