import { logHypergeometric, normalTwoSided } from '../distributions.ts'

/**
 * A null drawn from subsets of the reference does not hold the window's own rows. That is no matter
 * for evidence that many rows carry together, but where few rare rows decide (a heavy tail, a value
 * never seen before) the null must know that these rows themselves could have been drawn. In the
 * pool of reference and window a random subset of the window's size holds J of a statistic's e
 * decisive rows, J hypergeometric, and then reaches the statistic if chance makes up for what the
 * window shows without its J most decisive rows:
 *   p = P(J = 0) · p(statistic) + Σ_{j ≥ 1} P(J = j) · min(1, 10 · tail(rest without j rows)).
 * The factor 10 covers for the asymptotic tail (normal, χ²) where counts are small.
 */
export type Statistic = {
  readonly statistic: number
  /** Tail chance of the rest without the 1, 2, … most decisive rows; empty when no row decides. */
  readonly rest: readonly number[]
}

/** Standard deviations at which a statistic speaks at all. */
export const SPEAKING = 2

/** A row decides where it supplies this share of a statistic that speaks. */
const DECISIVE_SHARE = 0.25

const RESERVE = 10

/** What a window's score sums are standardised by. */
export type KnownMoments = {
  readonly referenceRows: number
  /** Of each score over the reference. */
  readonly sumOfSquares: Float64Array
}

/** A window's scores in one column, as deviations from their reference means. */
export type WindowScores = {
  readonly rows: number
  /** Σ and Σ² over the rows, per score. */
  readonly sums: Float64Array
  readonly squares: Float64Array
  /** The deviations of one score, row by row: asked for only where few rows may decide. */
  readonly deviationsOf: (score: number) => Float64Array
}

/** The largest of the scores' standardised sums, and what its decisive rows leave of it. */
export function largestSum(scores: WindowScores, known: KnownMoments): Statistic {
  const { rows, sums, squares } = scores
  let statistic = 0
  let largest = 0
  for (let s = 0; s < known.sumOfSquares.length; s++) {
    const sum = standardisedSum({ rows, sum: sums[s], square: squares[s] }, known, s)
    const value = Math.fround(Math.abs(sum))
    if (value <= statistic) continue
    statistic = value
    largest = s
  }
  if (statistic < SPEAKING) return { statistic, rest: [] }
  return { statistic, rest: withoutDecisive(scores, known, largest) }
}

/** Tail chance of what is left of a score's sum without its 1, 2, … most decisive rows. */
function withoutDecisive(
  { rows, sums, squares, deviationsOf }: WindowScores,
  known: KnownMoments,
  score: number,
): number[] {
  const own = deviationsOf(score)
  const direction = Math.sign(sums[score])
  let sum = sums[score]
  let square = squares[score]
  return decisiveRows(own, sum).map((row) => {
    sum -= own[row]
    square -= own[row] * own[row]
    const signed = direction * standardisedSum({ rows, sum, square }, known, score)
    return signed > 0 ? normalTwoSided(signed) : 1
  })
}

/** Rows that supply a decisive part of the sum, the largest first. */
function decisiveRows(deviation: Float64Array, sum: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < deviation.length; row++) {
    if (deviation[row] / sum >= DECISIVE_SHARE) rows.push(row)
  }
  return rows.toSorted((a, b) => Math.abs(deviation[b]) - Math.abs(deviation[a]))
}

type Sum = { readonly rows: number; readonly sum: number; readonly square: number }

// Σ_W (a − pooled mean) over its permutation standard deviation with the pooled sum of squares: the
// statistic of exact mode written in deviations from the reference mean.
function standardisedSum(
  { rows, sum, square }: Sum,
  { referenceRows, sumOfSquares }: KnownMoments,
  score: number,
): number {
  const all = rows + referenceRows
  const pooled = sumOfSquares[score] + square - (sum * sum) / all
  if (!(pooled > 0)) return 0
  return sum / Math.sqrt((pooled * rows * all) / (referenceRows * (all - 1)))
}

/** Rows of the window and of the reference it is compared with. */
export type PoolSize = { readonly window: number; readonly reference: number }

/** Chance that a null draw reaches a statistic; `reaching` is that chance for draws of the reference alone. */
export function chanceWithDecisive(
  { rest }: Statistic,
  reaching: number,
  { window, reference }: PoolSize,
): number {
  const total = window + reference
  const share = (j: number): number =>
    Math.exp(logHypergeometric(j, { total, marked: rest.length, draws: window }))
  return rest.reduce(
    (sum, tail, i) => {
      const made = Math.min(1, RESERVE * tail)
      return sum + share(i + 1) * Math.max(reaching, made)
    },
    share(0) * reaching,
  )
}
