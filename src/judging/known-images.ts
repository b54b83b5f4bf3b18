import { timesIn } from './hash-counts.ts'

/** Which images a detector knows, by their hashes. */
export type KnownImages = {
  /** Of the images that were learned from, training and validation; ascending, copies as often as they were. */
  readonly learned: Float64Array
  /** Of the held-out images, likewise. */
  readonly reference: Float64Array
}

/**
 * What an image of a batch is to the detector. `learned`: it was learned from, and each such image explains one of the
 * batch. `recurring`: it occurred several times at the fit (black frames, say), so that meeting it again says nothing. `reference`: it is held out. `new`: none of these.
 */
export type Origin = 'new' | 'learned' | 'recurring' | 'reference'

/** Images of each origin. */
export type OriginCounts = Readonly<Record<Origin, number>>

/** Recognises the images of one batch. */
export type Recogniser = {
  /** Origin of each image, by its hash. */
  look(hashes: Float64Array): readonly Origin[]
  counts(): OriginCounts
}

const NONE_KNOWN: KnownImages = { learned: new Float64Array(), reference: new Float64Array() }

/** A recogniser that has met nothing yet; without known images all are new. */
export function createRecogniser({ learned, reference }: KnownImages = NONE_KNOWN): Recogniser {
  const met = new Set<number>()
  const counts = { new: 0, learned: 0, recurring: 0, reference: 0 }
  const originOf = (hash: number): Origin => {
    const [inLearned, inHeld] = [timesIn(learned, hash), timesIn(reference, hash)]
    if (inLearned + inHeld > 1) return 'recurring'
    if (inLearned === 0) return inHeld === 0 ? 'new' : 'reference'
    if (met.has(hash)) return 'new'
    met.add(hash)
    return 'learned'
  }
  return {
    look: (hashes) => {
      const origins = Array.from(hashes, originOf)
      for (const origin of origins) counts[origin]++
      return origins
    },
    counts: () => ({ ...counts }),
  }
}

/** Shares of the held-out images that are met again by nature: copies of learned images, and of each other; 0 without known images. */
export function naturalShares({ learned, reference }: KnownImages = NONE_KNOWN): {
  readonly learned: number
  readonly copies: number
} {
  const rows = Math.max(1, reference.length)
  const share = (isMet: (hash: number) => boolean) => reference.filter(isMet).length / rows
  return {
    learned: share((hash) => timesIn(learned, hash) > 0),
    copies: share((hash) => timesIn(reference, hash) > 1),
  }
}

/** Whether so many of `total` images are more than a natural share explains, three standard errors over it. */
export function isMoreThanNatural(count: number, total: number, share: number): boolean {
  return count > total * share + 3 * Math.sqrt(total * share * (1 - share))
}
