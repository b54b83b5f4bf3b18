import type { Extractor } from '../../src/measuring/index.ts'
import { noMeasurements, type Measurements } from '../../src/measuring/index.ts'
import type { Random } from '../../src/tensor/index.ts'
import type { Measured } from '../fitted/fitted-subject.ts'
import { rowCount } from '../window/view.ts'

/** Images of one kind in random order, each once as long as there are others. */
export type ImageDraw = () => Measurements

/** Draws single images as a stream takes them, numbered from `next.number` on; `hasPlaces`: with what is at each place of them. */
export function drawImages(
  { features, places }: Pick<Measured, 'features' | 'places'>,
  {
    extractor,
    random,
    next,
    hasPlaces = true,
  }: {
    readonly extractor: Extractor
    readonly random: Random
    readonly next: { number: number }
    readonly hasPlaces?: boolean
  },
): ImageDraw {
  const order = random.permutation(rowCount(features))
  let drawn = 0
  return () => {
    const row = order[drawn++ % order.length]
    const number = next.number++
    const at = row * features.width
    const place = row * places.width
    return {
      ...noMeasurements({ extractorId: extractor.id, columns: extractor.columns }),
      images: [{ record: { id: String(number) }, place: number, hash: -1 - number }],
      values: features.values.subarray(at, at + features.width),
      places: hasPlaces ? places.values.subarray(place, place + places.width) : undefined,
      count: 1,
    }
  }
}
