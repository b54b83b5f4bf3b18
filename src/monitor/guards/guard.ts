import type { Repeats } from '../../verdict/index.ts'
import type { GuardReference, ImageNumbers } from './guard-reference.ts'

/** What can be wrong with images before anything is to be said of what they show, by what alerts call it. */
export const GUARD_TITLES = {
  undecodable: 'images can’t be decoded',
  'constant-frame': 'images are empty',
  'repeated-frame': 'one image comes again and again',
  'near-duplicates': 'images repeat others',
  'wrong-shape': 'images have another shape',
  resized: 'images have another size',
  greyscale: 'images lost or gained their colour',
  'channel-order': 'red and blue have changed places',
  'value-range': 'images have another range of values',
} as const satisfies Readonly<Record<string, string>>

/** What can be wrong with images. */
export type GuardName = keyof typeof GUARD_TITLES

/** The same as a list. */
export const GUARD_NAMES = Object.keys(GUARD_TITLES) as readonly GuardName[]

/** The last images of a source. */
export type SeenImages = {
  /** Those that could be read. */
  readonly numbers: readonly ImageNumbers[]
  /** More of them, at every hundredth; none otherwise. */
  readonly many: readonly ImageNumbers[]
  /** All that came, and how many of them could not be read. */
  readonly arrivals: number
  readonly unread: number
  /** What repeats among them, where that is more than by nature. */
  readonly repeats: Repeats | undefined
}

/** How much of it there is, and what is said of it. */
export type Sign = {
  /** In [0, 1]. */
  readonly share: number
  /** A sentence. */
  readonly summary: string
}

/** Looks at images, knowing whether it was raised before. */
export type Look = (seen: SeenImages, wasRaised: boolean) => Sign

/** Looks for one thing that can be wrong. */
export type Guard = {
  readonly name: GuardName
  /** Said from this share on. */
  readonly raisedFrom: number
  /** Over below this share. */
  readonly overBelow: number
  /** Over only once so many looks in a row say so; default one. */
  readonly calmLooks?: number
  /** From the share on below which it is over these need not be said: they follow from it. */
  readonly explains?: readonly GuardName[]
  /** What is to be known of the reference is looked up once. */
  prepare(reference: GuardReference): Look
}

/** Nothing of it. */
export const NO_SIGN: Sign = { share: 0, summary: '' }
