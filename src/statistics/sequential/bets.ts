/** Bets of each column: on large and small values, on some of them, on lower and higher ones, and on whatever came before. */
export const BETS = 7

/** Cells of the histogram of past p-values behind the last bet. */
export const CELLS = 10

/** How much of the past still counts at the next image. */
export const MEMORY = 0.98
/** As how many images of each cell an even past counts. */
const EVEN_PAST = 3

/** Smaller p-values are taken for this one, so that no single image decides. */
const LEAST = 1e-7

/** Share of the images that the bets on some of them take for changed. */
const SOME = 0.1

/** Steepness of the bets on lower and higher values. */
const STEEPNESS = 0.8

/**
 * What each bet pays for a p-value: BETS densities over [0, 1], written to `payoffs`. The first two are the mixture of
 * all powers κ·p^(κ−1) (Vovk and Sellke's calibrator, integrated) for either tail, the next two the same for one image
 * in ten; the last is the histogram of the past. Each is fixed before the p-value is known; its integral is 1, of the first four a little less, since p-values
 * are cut at 10⁻⁷.
 */
export function payBets(p: number, past: PastCell, payoffs: Float64Array): void {
  const inside = Math.min(1 - LEAST, Math.max(LEAST, p))
  payoffs[0] = tailBet(inside)
  payoffs[1] = tailBet(1 - inside)
  payoffs[2] = 1 - SOME + SOME * payoffs[0]
  payoffs[3] = 1 - SOME + SOME * payoffs[1]
  payoffs[4] = 1 + STEEPNESS * (1 - 2 * inside)
  payoffs[5] = 1 - STEEPNESS * (1 - 2 * inside)
  payoffs[6] = (CELLS * (past.own + EVEN_PAST)) / (past.all + CELLS * EVEN_PAST)
}

/** How many past p-values fell into the cell of the one to come, and into all: the last as 1, older ones as less. */
export type PastCell = { own: number; all: number }

/** The cell of a p-value. */
export const cellOf = (p: number): number => Math.min(CELLS - 1, Math.floor(p * CELLS))

/** What `count` p-values count together. */
export const weightOfPast = (count: number): number => (1 - MEMORY ** count) / (1 - MEMORY)

/** ∫ κ·p^(κ−1) dκ over [0, 1] = (1 − p + p·ln p) / (p·ln² p); its limit at 1 is ½. */
function tailBet(p: number): number {
  const logP = Math.log(p)
  // Near 1 the difference is lost in rounding.
  if (p > 0.999) return 0.5 + (1 - p) / 6
  return (1 - p + p * logP) / (p * logP * logP)
}
