import { MOST_RECENT } from './recent-images.ts'

/**
 * The last bets of a stream; memory of a fixed size. Without blocks each image is a bet, and what it was is among the
 * images that are remembered.
 */
export type RecentBets = {
  /** 1 for each that counts as normal: a ring. */
  readonly isNormal: Uint8Array
  /** Of blocks, the number of each one's first image: a ring, else empty. */
  readonly firstImages: Float64Array
  /** Of blocks, the bins of each one's mean, MOST_RECENT × watched columns: a ring, else empty. */
  readonly bins: Uint16Array
}

/** Of a stream that has made none yet. */
export function noRecentBets(
  columns: number,
  { hasBlocks }: { readonly hasBlocks: boolean },
): RecentBets {
  const blocks = hasBlocks ? MOST_RECENT : 0
  return {
    isNormal: new Uint8Array(MOST_RECENT),
    firstImages: new Float64Array(blocks),
    bins: new Uint16Array(blocks * columns),
  }
}

/** What a bet is made of: bins of the watched columns, and the number of its first image from 0. */
export type Bet = {
  readonly bins: Uint16Array
  readonly firstImage: number
  /** What is at each place of the frame of its one image, where that is known. */
  readonly places?: Int8Array | undefined
}

/** Remembers a bet by its number from 0, and forgets the one of MOST_RECENT before. */
export function rememberBet(
  recentBets: RecentBets,
  { number, isNormal }: { readonly number: number; readonly isNormal: boolean },
  { bins, firstImage }: Bet,
): void {
  const place = number % MOST_RECENT
  recentBets.isNormal[place] = Number(isNormal)
  if (recentBets.firstImages.length === 0) return
  recentBets.firstImages[place] = firstImage
  recentBets.bins.set(bins, place * bins.length)
}
