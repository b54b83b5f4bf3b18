import { BETS, forgetPast, noPast, type PastPValues, payBets } from './bets.ts'

/** What the bets of all columns have won. */
export type BetEvidence = PastPValues & {
  /** columns × BETS: Shiryaev–Roberts statistics, the sums over all starts of what the bets would have paid since. */
  readonly evidence: Float64Array
  /** Of each column, that of all its bets together. */
  readonly sums: Float64Array
  /** columns × BETS: what they paid since the best start so far (Page 1954), and that start as a number of rows. */
  readonly sinceBest: Float64Array
  readonly bestStarts: Float64Array
}

/** Bets that won so much of what the best one did may say when it began: the latest of them, since some wander before. */
const NEARLY = 0.01

/** Beyond all thresholds, and far from overflow. */
const MOST = 1e200

/** Of bets that have not begun. */
export const noEvidence = (columnCount: number): BetEvidence => ({
  evidence: new Float64Array(columnCount * BETS),
  sums: new Float64Array(columnCount),
  sinceBest: new Float64Array(columnCount * BETS),
  bestStarts: new Float64Array(columnCount * BETS),
  ...noPast(columnCount),
})

/** Forgets all that was won. */
export function forgetEvidence(state: BetEvidence): void {
  const { evidence, sums, sinceBest, bestStarts } = state
  for (const array of [evidence, sums, sinceBest, bestStarts]) array.fill(0)
  forgetPast(state)
}

/** Moves evidence by the p-values of one row after another, with memory of its own between: `taken` rows came before. */
export function createBettor(
  columnCount: number,
): (state: BetEvidence, pValues: Float64Array, taken: number) => void {
  const payoffs = new Float64Array(columnCount * BETS)
  return (state, pValues, taken) => {
    payBets(state, pValues, payoffs)
    collect(state, payoffs, taken)
  }
}

/** One step of every recursion. */
function collect(state: BetEvidence, payoffs: Float64Array, taken: number): void {
  const { evidence, sums, sinceBest, bestStarts } = state
  for (let column = 0, i = 0; column < sums.length; column++) {
    let sum = 0
    for (let bet = 0; bet < BETS; bet++, i++) {
      const payoff = payoffs[i]
      const grown = (evidence[i] + 1) * payoff
      evidence[i] = grown
      sum += grown
      const before = sinceBest[i]
      // No branch here: it would be guessed wrong every third time.
      const isLost = Number(before <= 1)
      bestStarts[i] += isLost * (taken - bestStarts[i])
      sinceBest[i] = (isLost + (1 - isLost) * before) * payoff
    }
    sums[column] = sum
    if (sum > MOST) keepFinite(state, column)
  }
}

/** Cuts what the bets of a column have won; since the best start it is never more than since all. */
function keepFinite({ evidence, sums, sinceBest }: BetEvidence, column: number): void {
  sums[column] = 0
  for (let i = column * BETS; i < (column + 1) * BETS; i++) {
    evidence[i] = Math.min(MOST, evidence[i])
    sinceBest[i] = Math.min(MOST, sinceBest[i])
    sums[column] += evidence[i]
  }
}

/** Where the change began that a column shows: how many rows were taken before it. */
export function findBestStart({ sinceBest, bestStarts }: BetEvidence, column: number): number {
  const own = sinceBest.subarray(column * BETS, (column + 1) * BETS)
  const enough = NEARLY * own.reduce((most, one) => Math.max(most, one), 0)
  return own.reduce(
    (latest, one, bet) =>
      one >= enough ? Math.max(latest, bestStarts[column * BETS + bet]) : latest,
    0,
  )
}
