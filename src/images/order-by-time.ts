import { readTime } from './codec/file-header.ts'
import type { ImageItem } from './image-item.ts'
import { readHeadSync } from './read-head.ts'

/** EXIF data stand in front of the picture, but for a preview of it. */
const HEAD = 2 ** 17

/**
 * The items by the time of their records, else of their files’ EXIF data; those of one time, and those of none behind
 * all others, in the order in which they came. All are held at once, so none may hold its pixels.
 */
export async function* orderByTime(
  items: AsyncIterable<ImageItem> | Iterable<ImageItem>,
  note: (text: string) => void,
): AsyncGenerator<ImageItem> {
  const timed: { readonly item: ImageItem; readonly time: string }[] = []
  const others: ImageItem[] = []
  for await (const item of items) {
    const time = timeOf(item)
    if (time === undefined) others.push(item)
    else timed.push({ item: withTime(item, time), time })
  }
  timed.sort((a, b) => Number(a.time > b.time) - Number(a.time < b.time))
  if (timed.length > 0 && others.length > 0) {
    note(`${others.length} of the images have no time; they come last`)
  }
  for (const { item } of timed) yield item
  yield* others
}

function timeOf(item: ImageItem): string | undefined {
  return (
    item.record.timestamp ?? ('file' in item ? readTime(readHeadSync(item.file, HEAD)) : undefined)
  )
}

function withTime(item: ImageItem, timestamp: string): ImageItem {
  return { ...item, record: { ...item.record, timestamp } }
}
