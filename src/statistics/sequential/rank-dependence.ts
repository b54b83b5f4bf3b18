import type { SequentialTest } from './sequential-test.ts'

/** What a dependence test remembers. */
export type DependenceState = {
  /**
   * columns × 2: sums over all starts of what bets on alike neighbours would have paid since, where the one before was
   * low and where it was high.
   */
  readonly evidence: Float64Array
  /** How far the last p-value lay from those before it, at most ½ either way; 0 at the start. */
  readonly last: Float64Array
  /** Mean of p-values − ½, recent ones counting more. */
  readonly means: Float64Array
}

export type DependenceTestOptions = {
  /** How much each column counts, more than 0, sum 1. */
  readonly weights: Float64Array
  /** Evidence from which on rows are taken for dependent: over `rows` rows by chance at most rows / threshold. */
  readonly threshold: number
}

/** Share of the wealth that is bet on each product, which lies between −3 and 3. */
const STAKE = 0.3

/** So short that a change for good is soon forgotten: it pays about e⁵ once, on one side. */
const MEMORY = 0.9
const MOST = 1e200

/**
 * Whether rows that follow each other are alike: bets on the products of neighbouring conformal p-values, which are
 * independent and uniform while rows are exchangeable, so that 1 + stake · 12 · (p − ½) · (what the one before was) pays
 * nothing on average, whatever was before. Alike neighbours are alike on both sides of the mean of those before, a change
 * that stays is on one; so both sides have to be sure. The values of a row are its p-values.
 */
export function createDependenceTest({
  weights,
  threshold,
}: DependenceTestOptions): SequentialTest<DependenceState> & {
  /** Of each column its evidence in units of what alarms. */
  strengths(state: DependenceState): Float64Array
} {
  const limits = weights.map((weight) => threshold / weight)
  const strengths = ({ evidence }: DependenceState): Float64Array =>
    limits.map((limit, k) => Math.min(evidence[2 * k], evidence[2 * k + 1]) / limit)
  return {
    init: () => ({
      evidence: new Float64Array(2 * weights.length),
      last: new Float64Array(weights.length),
      means: new Float64Array(weights.length),
    }),
    update({ evidence, last, means }, pValues) {
      for (let k = 0; k < last.length; k++) {
        const centred = pValues[k] - 0.5
        const side = 2 * k + Number(last[k] > 0)
        const grown = (evidence[side] + 1) * (1 + STAKE * 12 * centred * last[k])
        evidence[side] = grown < MOST ? grown : MOST
        const away = centred - means[k]
        last[k] = Math.max(-0.5, Math.min(0.5, away))
        means[k] += (1 - MEMORY) * away
      }
    },
    alarmed({ evidence }) {
      // Asked after every row: without a list of all strengths.
      for (let k = 0; k < limits.length; k++) {
        if (Math.min(evidence[2 * k], evidence[2 * k + 1]) >= limits[k]) return true
      }
      return false
    },
    strengths,
  }
}
