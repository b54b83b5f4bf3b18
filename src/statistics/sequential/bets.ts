import { tailBet } from './tail-bet.ts'

/** Bets of each column: on large and small values, on some of them, on lower and higher ones, and on whatever came before. */
export const BETS = 7

/** Cells of the histogram of past p-values behind the last bet. */
export const CELLS = 10

/** How much of the past still counts at the next image. */
export const MEMORY = 0.98
/** As how many images of each cell an even past counts. */
const EVEN_PAST = 3

/** Share of the images that the bets on some of them take for changed. */
const SOME = 0.1

/** Steepness of the bets on lower and higher values. */
const STEEPNESS = 0.8

/**
 * What each bet pays for the p-value of each column: BETS densities over [0, 1], written to `payoffs`, columns × BETS.
 * The first two are on either tail, the next two the same for one image in ten; the last is the histogram of the past.
 * Each is fixed before the p-value is known; its integral is 1, of the first four a little less, since tails are cut.
 */
export function payBets(pValues: Float64Array, past: PastCells, payoffs: Float64Array): void {
  const worth = CELLS / (past.all + CELLS * EVEN_PAST)
  for (let column = 0, at = 0; column < pValues.length; column++, at += BETS) {
    const p = pValues[column]
    const [upper, lower] = [tailBet(p), tailBet(1 - p)]
    const slope = STEEPNESS * (1 - 2 * p)
    payoffs[at] = upper
    payoffs[at + 1] = lower
    payoffs[at + 2] = 1 - SOME + SOME * upper
    payoffs[at + 3] = 1 - SOME + SOME * lower
    payoffs[at + 4] = 1 + slope
    payoffs[at + 5] = 1 - slope
    payoffs[at + 6] = worth * (past.own[column] + EVEN_PAST)
  }
}

/**
 * How many past p-values of each column fell into the cell of the one to come, and how many each has: the last as 1, older
 * ones as less.
 */
export type PastCells = { readonly own: Float64Array; readonly all: number }

/** The cell of a p-value. */
export const cellOf = (p: number): number => Math.min(CELLS - 1, Math.floor(p * CELLS))

/** What `count` p-values count together. */
export const weightOfPast = (count: number): number => (1 - MEMORY ** count) / (1 - MEMORY)
