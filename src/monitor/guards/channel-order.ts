import { type Guard, NO_SIGN } from './guard.ts'
import type { ImageNumbers } from './guard-reference.ts'

/** What becomes its opposite where red and blue change places; light of another colour turns the first alone. */
const OPPOSITES: readonly ((image: ImageNumbers) => number)[] = [
  (image) => image('red-mean') - image('blue-mean'),
  (image) => image('red-std') - image('blue-std'),
  (image) => image('red-green-correlation') - image('green-blue-correlation'),
]

/** In standard errors: once in 25 million by images like the reference’s, for each of the three. */
const SURE = 5.5
/** Swapped back they are like the reference: within this, or within a third of what they were off. */
const NEAR = 3.5
const NEARER = 1 / 3

/**
 * Red and blue have changed places: the colours are surely others than the reference’s, and like them with the two
 * swapped back. Photographs of many things need some hundred images for it, pictures of few colours a few.
 */
export const channelOrder: Guard = {
  name: 'channel-order',
  raisedFrom: 1,
  overBelow: 1,
  prepare: ({ numbers: reference }) => {
    const known = OPPOSITES.map((of) => meanAndSpread(reference.map(of)))
    if (known.some(({ spread }) => !(spread > 0))) return () => NO_SIGN
    const offOf = (images: readonly ImageNumbers[]): Off => {
      const size = Math.sqrt(
        (reference.length * images.length) / (reference.length + images.length),
      )
      const means = OPPOSITES.map((of) => meanAndSpread(images.map(of)).mean)
      const largest = (sign: 1 | -1): number =>
        Math.max(...known.map(({ mean, spread }, i) => Math.abs(sign * means[i] - mean) / spread))
      return { own: size * largest(1), back: size * largest(-1) }
    }
    return ({ numbers, many }, wasRaised) => {
      const offs = [numbers, many].filter(({ length }) => length > 0).map(offOf)
      const isFound = wasRaised ? !offs.some(isBack) : offs.some(isSwapped)
      return isFound ? { share: 1, summary: SUMMARY } : NO_SIGN
    }
  },
}

/** How far images are from the reference, in standard errors, as they are and with red and blue swapped back. */
type Off = { readonly own: number; readonly back: number }

function isSwapped({ own, back }: Off): boolean {
  return own >= SURE && back <= Math.max(NEAR, NEARER * own)
}

/** As surely nearer to it as they are: half as sure is enough, since it was found before. */
function isBack({ own, back }: Off): boolean {
  return back - own >= SURE / 2
}

const SUMMARY =
  'The colours of the last images are surely others than those of the reference, and like them with red and blue swapped: the two have changed places, or light has changed just so.'

function meanAndSpread(values: readonly number[]): {
  readonly mean: number
  readonly spread: number
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, spread: Math.sqrt(squares / values.length) }
}
