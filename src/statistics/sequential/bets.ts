import { tailBet } from './tail-bet.ts'

/** Bets of each column: on large and small values, on some of them, on lower and higher ones, and on whatever came before. */
export const BETS = 7

/** Cells of the histogram of past p-values behind the last bet. */
export const CELLS = 10

/** How much of the past still counts at the next image. */
const MEMORY = 0.98
/** As how many images of each cell an even past counts. */
const EVEN_PAST = 3

/** Share of the images that the bets on some of them take for changed. */
const SOME = 0.1

/** Steepness of the bets on lower and higher values. */
const STEEPNESS = 0.8

/** What the last bet knows of each column. */
export type PastPValues = {
  /** columns × CELLS: how many p-values fell into each cell, in units that grow from row to row. */
  readonly cells: Float64Array
  /** The unit of the next row, and rows so far. */
  readonly past: Float64Array
}

/** Places in `past`. */
const [UNIT, ROWS] = [0, 1]

/** Units this large are made small again. */
const LARGEST_UNIT = 1e100

/** Before any row. */
export const noPast = (columnCount: number): PastPValues => ({
  cells: new Float64Array(columnCount * CELLS),
  past: Float64Array.of(1, 0),
})

/** Forgets all rows. */
export function forgetPast({ cells, past }: PastPValues): void {
  cells.fill(0)
  past[UNIT] = 1
  past[ROWS] = 0
}

/**
 * What each bet pays for the p-value of each column: BETS densities over [0, 1], written to `payoffs`, columns × BETS.
 * The first two are on either tail, the next two the same for one image in ten; the last is the histogram of the past. Each
 * is fixed before the p-value is known; its integral is 1, of the first four a little less, since tails are cut. Then the
 * p-values are past too.
 */
export function payBets(state: PastPValues, pValues: Float64Array, payoffs: Float64Array): void {
  keepSmall(state)
  const { cells, past } = state
  const unit = past[UNIT]
  const perUnit = 1 / (unit * MEMORY)
  const worth = CELLS / (weightOfPast(past[ROWS]) + CELLS * EVEN_PAST)
  for (let column = 0, at = 0; column < pValues.length; column++, at += BETS) {
    const p = pValues[column]
    const cell = column * CELLS + cellOf(p)
    const upper = tailBet(p)
    const lower = tailBet(1 - p)
    const slope = STEEPNESS * (1 - 2 * p)
    payoffs[at] = upper
    payoffs[at + 1] = lower
    payoffs[at + 2] = 1 - SOME + SOME * upper
    payoffs[at + 3] = 1 - SOME + SOME * lower
    payoffs[at + 4] = 1 + slope
    payoffs[at + 5] = 1 - slope
    payoffs[at + 6] = worth * (perUnit * cells[cell] + EVEN_PAST)
    cells[cell] += unit
  }
  past[ROWS]++
  past[UNIT] /= MEMORY
}

function keepSmall({ cells, past }: PastPValues): void {
  if (past[UNIT] < LARGEST_UNIT) return
  for (let i = 0; i < cells.length; i++) cells[i] /= past[UNIT]
  past[UNIT] = 1
}

/** The cell of a p-value. */
export const cellOf = (p: number): number => Math.min(CELLS - 1, Math.floor(p * CELLS))

/** What `count` p-values count together: the last as 1, older ones as less. */
export const weightOfPast = (count: number): number => (1 - MEMORY ** count) / (1 - MEMORY)
