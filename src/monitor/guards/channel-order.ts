import { type Guard, NO_SIGN } from './guard.ts'
import type { ImageNumbers } from './guard-reference.ts'

/** What becomes its opposite where red and blue change places; light of another colour turns the first alone. */
const OPPOSITES: readonly ((image: ImageNumbers) => number)[] = [
  (image) => image('red-mean') - image('blue-mean'),
  (image) => image('red-std') - image('blue-std'),
  (image) => image('red-green-correlation') - image('green-blue-correlation'),
]

/** What the same become where red is so many times as bright and blue as many times less: contrasts go with it. */
const IN_LIGHT: readonly ((means: Means, gain: number) => number)[] = [
  ({ red, blue }, gain) => gain * red.mean - blue.mean / gain,
  ({ red, blue }, gain) => gain * red.std - blue.std / gain,
  ({ correlations }) => correlations,
]

/** Light of another colour, from none to a ratio of red and blue half as large again or less by a third. */
const GAINS = Array.from({ length: 41 }, (_, i) => 1.25 ** ((i - 20) / 20))

/** In standard errors: once in 25 million by images like the reference’s, for each of the three. */
const SURE = 5.5
/** Swapped back they are like the reference: within this, or within a third of what they were off. */
const NEAR = 3.5
const NEARER = 1 / 3
/** What light of another colour leaves unexplained at least, and so many times what swapping leaves. */
const UNLIT = 3
const CLEARER = 2

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
    const inReference = meansOf(reference)
    const offOf = (images: readonly ImageNumbers[]): Off => {
      const size = Math.sqrt(
        (reference.length * images.length) / (reference.length + images.length),
      )
      const means = OPPOSITES.map((of) => meanAndSpread(images.map(of)).mean)
      const largest = (sign: 1 | -1): number =>
        Math.max(...known.map(({ mean, spread }, i) => Math.abs(sign * means[i] - mean) / spread))
      const inLight = (gain: number): number =>
        Math.max(
          ...known.map(
            ({ spread }, i) => Math.abs(means[i] - IN_LIGHT[i](inReference, gain)) / spread,
          ),
        )
      const lit = Math.min(...GAINS.map(inLight))
      return { own: size * largest(1), back: size * largest(-1), lit: size * lit }
    }
    return ({ numbers, many }, wasRaised) => {
      const offs = [numbers, many].filter(({ length }) => length > 0).map(offOf)
      const isFound = wasRaised ? !offs.some(isBack) : offs.some(isSwapped)
      return isFound ? { share: 1, summary: SUMMARY } : NO_SIGN
    }
  },
}

/**
 * How far images are from the reference, in standard errors: as they are, with red and blue swapped back, and in the light
 * of another colour that explains them best.
 */
type Off = { readonly own: number; readonly back: number; readonly lit: number }

function isSwapped({ own, back, lit }: Off): boolean {
  const isLike = back <= Math.max(NEAR, NEARER * own)
  return own >= SURE && isLike && lit >= Math.max(UNLIT, CLEARER * back)
}

/** As surely nearer to it as they are: half as sure is enough, since it was found before. */
function isBack({ own, back }: Off): boolean {
  return back - own >= SURE / 2
}

const SUMMARY =
  'The colours of the last images are surely others than those of the reference, and like them with red and blue swapped: the two have changed places, or light has changed just so.'

type Means = {
  readonly red: { readonly mean: number; readonly std: number }
  readonly blue: { readonly mean: number; readonly std: number }
  readonly correlations: number
}

function meansOf(images: readonly ImageNumbers[]): Means {
  const of = (column: string): number => meanAndSpread(images.map((image) => image(column))).mean
  return {
    red: { mean: of('red-mean'), std: of('red-std') },
    blue: { mean: of('blue-mean'), std: of('blue-std') },
    correlations: of('red-green-correlation') - of('green-blue-correlation'),
  }
}

function meanAndSpread(values: readonly number[]): {
  readonly mean: number
  readonly spread: number
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, spread: Math.sqrt(squares / values.length) }
}
