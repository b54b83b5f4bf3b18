import { normalTwoSided } from '../distributions.ts'
import { binOf, MOST_BINS, type RankBins } from './rank-bins.ts'
import type { SequentialTest } from './sequential-test.ts'
import { hashRow, tieBreak } from './tie-break.ts'

/** What a slow change is watched with. */
export type SlowChangeOptions = {
  readonly bins: RankBins
  /** Rows × columns of what is normal, the rows behind `bins` not among them. */
  readonly reference: Float32Array
  /** How much each column counts, sum 1. */
  readonly weights: Float64Array
  /** Rows of a window; one after another is compared. */
  readonly length: number
  /** Chance of a false alarm at the end of a window. */
  readonly level: number
  /** Of the draws that break ties, a whole number. */
  readonly seed: number
}

/** What a slow-change test remembers. */
export type SlowChangeState = {
  /** Rows taken, and rows of the window so far. */
  readonly numbers: Float64Array
  /** columns × SCORES: sums over the window so far. */
  readonly sums: Float64Array
  /** columns × SCORES: differences of the last whole window in standard errors; 0 before there is one. */
  readonly differences: Float64Array
}

/** Scores of a rank u: u − ½ and (u − ½)² − 1/12. */
const SCORES = 2
const VARIANCES = [1 / 12, 1 / 180]

/**
 * Compares one window after another with a reference that never changes, so that a change too slow for a reference that
 * grows is seen by its sum: for each column the means of a rank score and of its square, by the normal distribution,
 * corrected for their number (Bonferroni). Ties are broken by chance, so that ranks are uniform whatever the column.
 */
export function createSlowChangeTest(
  options: SlowChangeOptions,
): SequentialTest<SlowChangeState> & {
  readonly length: number
  /** Begins the window anew. */
  restart(state: SlowChangeState): void
  /** Of each column its evidence over the last whole window in units of what alarms. */
  strengths(state: SlowChangeState): Float64Array
} {
  const { bins, weights, length, level, seed } = options
  const { columnCount } = bins
  const rows = options.reference.length / columnCount
  const before = countsBefore(bins, options.reference)
  const errors = VARIANCES.map((variance) => Math.sqrt(variance * (1 / length + 1 / rows)))
  const strengths = ({ differences }: SlowChangeState): Float64Array =>
    weights.map((weight, column) => {
      const own = differences.subarray(column * SCORES, (column + 1) * SCORES)
      const pValue = SCORES * Math.min(...own.map(normalTwoSided))
      return (level * weight) / Math.max(Number.MIN_VALUE, pValue)
    })
  return {
    init: () => ({
      numbers: new Float64Array(2),
      sums: new Float64Array(columnCount * SCORES),
      differences: new Float64Array(columnCount * SCORES),
    }),
    update({ numbers, sums, differences }, values) {
      const row = hashRow(seed, numbers[0])
      for (let column = 0; column < columnCount; column++) {
        const at = column * (MOST_BINS + 1) + binOf(bins, column, values[column])
        const rank = before[at] + tieBreak(row, column) * (before[at + 1] - before[at] + 1)
        const centred = rank / (rows + 1) - 0.5
        sums[column * SCORES] += centred
        sums[column * SCORES + 1] += centred * centred - VARIANCES[0]
      }
      numbers[0]++
      numbers[1]++
      if (numbers[1] < length) return
      for (let i = 0; i < sums.length; i++) differences[i] = sums[i] / length / errors[i % SCORES]
      restart({ numbers, sums })
    },
    restart,
    alarmed: (state) => state.numbers[1] === 0 && strengths(state).some((one) => one >= 1),
    length,
    strengths,
  }
}

function restart({ numbers, sums }: Pick<SlowChangeState, 'numbers' | 'sums'>): void {
  numbers[1] = 0
  sums.fill(0)
}

/** columns × (MOST_BINS + 1): how many values lie before each bin. */
function countsBefore(bins: RankBins, values: Float32Array): Uint32Array {
  const before = new Uint32Array(bins.columnCount * (MOST_BINS + 1))
  for (let i = 0; i < values.length; i++) {
    const column = i % bins.columnCount
    before[column * (MOST_BINS + 1) + binOf(bins, column, values[i]) + 1]++
  }
  for (let column = 0; column < bins.columnCount; column++) {
    const start = column * (MOST_BINS + 1)
    for (let bin = 1; bin <= MOST_BINS; bin++) before[start + bin] += before[start + bin - 1]
  }
  return before
}
