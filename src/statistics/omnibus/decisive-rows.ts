import { logHypergeometric, normalTwoSided } from '../distributions.ts'

/**
 * A null drawn from subsets of the reference does not hold the window's own rows. That is no matter
 * for evidence that many rows carry together, but where few rare rows decide (a heavy tail, a value
 * never seen before) the null must know that these rows themselves could have been drawn. In the
 * pool of reference and window a random subset of the window's size holds J of a statistic's e
 * decisive rows, J hypergeometric, and then reaches the statistic about as often as chance makes up
 * for what the window shows without its J most decisive rows:
 *   p = P(J = 0) · p(statistic) + Σ_{j ≥ 1} P(J = j) · min(1, 10 · 2Φ(−statistic without j rows)).
 * The factor 10 covers for the normal tail where counts are small.
 */
export type Statistic = {
  readonly statistic: number
  /** The statistic without its 1, 2, … most decisive rows; empty when no row decides. */
  readonly without: readonly number[]
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

/** The largest standardised sum of these scores' deviations, and what is left of it without its decisive rows. */
export function withoutDecisive(
  deviations: readonly Float64Array[],
  known: KnownMoments,
): Statistic {
  const none = new Set<number>()
  const whole = largestOf(deviations, known, none)
  const rows = whole.statistic < SPEAKING ? [] : decisiveRows(deviations[whole.score])
  const left = new Set<number>()
  const without = rows.map((row) => largestOf(deviations, known, left.add(row)).statistic)
  return { statistic: whole.statistic, without }
}

/** Rows that supply at least half of the sum, the largest first. */
function decisiveRows(deviation: Float64Array): number[] {
  let sum = 0
  for (let row = 0; row < deviation.length; row++) sum += deviation[row]
  const rows: number[] = []
  for (let row = 0; row < deviation.length; row++) {
    if (deviation[row] / sum >= DECISIVE_SHARE) rows.push(row)
  }
  return rows.toSorted((a, b) => Math.abs(deviation[b]) - Math.abs(deviation[a]))
}

function largestOf(
  deviations: readonly Float64Array[],
  { referenceRows, sumOfSquares }: KnownMoments,
  left: ReadonlySet<number>,
): { readonly statistic: number; readonly score: number } {
  let largest = { statistic: 0, score: 0 }
  deviations.forEach((deviation, score) => {
    const known = { referenceRows, sumOfSquares: sumOfSquares[score] }
    const statistic = standardisedSum(deviation, known, left)
    if (statistic > largest.statistic) largest = { statistic, score }
  })
  return largest
}

// Σ_W (a − pooled mean) over its permutation standard deviation with the pooled sum of squares: the
// statistic of exact mode written in deviations from the reference mean.
function standardisedSum(
  deviation: Float64Array,
  known: { readonly referenceRows: number; readonly sumOfSquares: number },
  left: ReadonlySet<number>,
): number {
  let sum = 0
  let square = 0
  for (let row = 0; row < deviation.length; row++) {
    if (left.size > 0 && left.has(row)) continue
    sum += deviation[row]
    square += deviation[row] * deviation[row]
  }
  const rows = deviation.length - left.size
  const all = rows + known.referenceRows
  const pooled = known.sumOfSquares + square - (sum * sum) / all
  if (!(pooled > 0) || rows === 0) return 0
  const variance = (pooled * rows * all) / (known.referenceRows * (all - 1))
  return Math.fround(Math.abs(sum) / Math.sqrt(variance))
}

/** Rows of the window and of the reference it is compared with. */
export type PoolSize = { readonly window: number; readonly reference: number }

/** Chance that a null draw reaches a statistic; `reaching` is that chance for draws of the reference alone. */
export function chanceWithDecisive(
  { without }: Statistic,
  reaching: number,
  { window, reference }: PoolSize,
): number {
  const total = window + reference
  const share = (j: number): number =>
    Math.exp(logHypergeometric(j, { total, marked: without.length, draws: window }))
  return without.reduce(
    (sum, value, i) => {
      const made = Math.min(1, RESERVE * normalTwoSided(value))
      return sum + share(i + 1) * Math.max(reaching, made)
    },
    share(0) * reaching,
  )
}
