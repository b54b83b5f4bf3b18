import { hashText } from '../../measuring/values/index.ts'
import type { MeasuredOne } from '../measuring/index.ts'
import type { ImageToCount, LeftOutImage, PendingImage } from '../store/index.ts'

/** Images that were measured or left out, as they are stored. */
export type Settled = {
  readonly counted: readonly ImageToCount[]
  readonly leftOut: readonly LeftOutImage[]
  /** When the counted ones were made, else received, and when they were received. */
  readonly times: readonly { readonly takenAt: number; readonly receivedAt: number }[]
}

/** The position of each image among the counted ones, or of one left out how many were counted before it. */
export function settle(
  found: readonly MeasuredOne[],
  images: readonly PendingImage[],
  before: number,
): Settled {
  const times = new Map(images.map((image) => [image.number, timesOf(image)]))
  const counted: ImageToCount[] = []
  const leftOut: LeftOutImage[] = []
  for (const image of found) {
    const position = before + counted.length
    if ('numbers' in image) {
      const { number, hash, record, numbers, places } = image
      counted.push({
        number,
        position: position + 1,
        hash,
        record: JSON.stringify(record),
        numbers,
        places,
        takenAt: times.get(number)?.takenAt ?? 0,
        draw: hashText(record.id),
      })
    } else leftOut.push({ ...image, position })
  }
  return { counted, leftOut, times: counted.flatMap(({ number }) => times.get(number) ?? []) }
}

function timesOf({ takenAt, receivedAt }: PendingImage): Settled['times'][number] {
  return { takenAt: takenAt === null ? receivedAt : Date.parse(takenAt), receivedAt }
}
