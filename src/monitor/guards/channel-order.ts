import { kolmogorovSmirnovDistance, kolmogorovTail } from '../../statistics/index.ts'
import { type Guard, NO_SIGN } from './guard.ts'
import { columnOf } from './guard-reference.ts'

/** Columns that change places, or sign, where red and blue do. */
const SWAPS = [
  { column: 'warmth', as: 'warmth', sign: -1 },
  { column: 'red-mean', as: 'blue-mean', sign: 1 },
  { column: 'blue-mean', as: 'red-mean', sign: 1 },
  { column: 'red-std', as: 'blue-std', sign: 1 },
  { column: 'blue-std', as: 'red-std', sign: 1 },
  { column: 'red-green-correlation', as: 'green-blue-correlation', sign: 1 },
  { column: 'green-blue-correlation', as: 'red-green-correlation', sign: 1 },
] as const

/** Chance of such colours by images like the reference’s, of all columns together. */
const LEVEL = 1e-6
/** With red and blue swapped back they are nearer the reference by this. */
const NEARER = 1 / 2

/** Red and blue have changed places: surely other colours than the reference’s, and with the two swapped back much like them. */
export const channelOrder: Guard = {
  name: 'channel-order',
  raisedFrom: 1,
  overBelow: 1,
  prepare: (reference) => {
    const swaps = SWAPS.map(({ column, as, sign }) => ({
      column,
      as,
      sign,
      known: reference.ascending(column),
    }))
    if (swaps.some(({ known }) => known.length === 0)) return () => NO_SIGN
    return ({ images }) => {
      const [rows, count] = [swaps[0].known.length, images.images.length]
      if (count === 0) return NO_SIGN
      const own = swaps.map(({ column, known }) => distance(known, columnOf(images, column)))
      const size = Math.sqrt((rows * count) / (rows + count))
      if (kolmogorovTail(Math.max(...own) * size) * swaps.length > LEVEL) return NO_SIGN
      const back = swaps.map(({ as, sign, known }) =>
        distance(
          known,
          columnOf(images, as).map((value) => sign * value),
        ),
      )
      return sumOf(back) > NEARER * sumOf(own) ? NO_SIGN : { share: 1, summary: SUMMARY }
    }
  },
}

const SUMMARY =
  'Red and blue have changed places: the colours of the last images are surely others than those of the reference, and much like them with the two swapped back.'

function distance(known: Float32Array, values: Float32Array): number {
  return kolmogorovSmirnovDistance(known, values.toSorted())
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
