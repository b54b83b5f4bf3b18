import type { ImageRecord } from '../../images/index.ts'
import type { CountedImage, Store } from '../store/index.ts'
import type { WatchedImage } from './watching-messages.ts'

/** A counted image as it was measured, without what is at each place of it. */
export function watchedOf({ number, hash, record, numbers }: CountedImage): WatchedImage {
  return { number, hash, numbers, record: JSON.parse(record) as ImageRecord }
}

/** Counted images as a verdict on all of them needs them: with what is at each place, where that is kept. */
export async function toJudge(
  counted: readonly CountedImage[],
  { watching }: Pick<Store, 'watching'>,
): Promise<WatchedImage[]> {
  const places = await watching.places(counted.map(({ number }) => number))
  return counted.map((image) => ({ ...watchedOf(image), places: places.get(image.number) }))
}
