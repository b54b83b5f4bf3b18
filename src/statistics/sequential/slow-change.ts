import { normalTwoSided } from '../distributions.ts'
import { MOST_BINS } from './rank-bins.ts'
import type { SequentialTest } from './sequential-test.ts'
import { hashRow, tieBreak } from './tie-break.ts'

/** What a slow change is watched with. */
export type SlowChangeOptions = {
  /** Rows × columns of what is normal, as bins; the rows that the bins were made of not among them. */
  readonly reference: Uint16Array
  /** How much each column counts, sum 1. */
  readonly weights: Float64Array
  readonly windows: readonly SlowWindow[]
  /** Of the draws that break ties, a whole number. */
  readonly seed: number
}

/** So many rows, one window after another, are compared together. */
export type SlowWindow = {
  readonly length: number
  /** Chance of a false alarm at the end of a window. */
  readonly level: number
}

/** What a slow-change test remembers. */
export type SlowChangeState = {
  /** Rows taken, then of each window its rows so far. */
  readonly numbers: Float64Array
  /** windows × columns × SCORES: sums over the windows so far. */
  readonly sums: Float64Array
  /** windows × columns × SCORES: differences of the last whole windows in standard errors; 0 before there is one. */
  readonly differences: Float64Array
}

/** A test for slow changes, of rows of bins. */
export type SlowChangeTest = SequentialTest<SlowChangeState> & {
  readonly windows: readonly SlowWindow[]
  /** Begins every window anew. */
  restart(state: SlowChangeState): void
  /** The first window that ended with the last row and is sure of a change, as its place among all; −1 if none is. */
  alarming(state: SlowChangeState): number
  /** Of each column its evidence over the last whole one of such windows in units of what alarms. */
  strengths(state: SlowChangeState, window: number): Float64Array
}

/** Scores of a rank u: u − ½ and (u − ½)² − 1/12. */
const SCORES = 2
const VARIANCES = [1 / 12, 1 / 180]

/**
 * Compares one window after another with a reference that never changes, so that a change too slow for a reference that
 * grows is seen by its sum: for each column the means of a rank score and of its square, by the normal distribution,
 * corrected for their number (Bonferroni). Ties are broken by chance, so that ranks are uniform whatever the column.
 */
export function createSlowChangeTest({
  reference,
  weights,
  windows,
  seed,
}: SlowChangeOptions): SlowChangeTest {
  const size = weights.length * SCORES
  const score = createScorer(reference, weights.length)
  const rows = reference.length / weights.length
  const errors = windows.map(({ length }) =>
    VARIANCES.map((variance) => Math.sqrt(variance * (1 / length + 1 / rows))),
  )
  const strengths = ({ differences }: SlowChangeState, window: number): Float64Array =>
    weights.map((weight, column) => {
      const at = window * size + column * SCORES
      const pValue = SCORES * Math.min(...differences.subarray(at, at + SCORES).map(normalTwoSided))
      return (windows[window].level * weight) / Math.max(Number.MIN_VALUE, pValue)
    })
  const alarming = (state: SlowChangeState): number =>
    windows.findIndex(
      (_, window) =>
        state.numbers[1 + window] === 0 && strengths(state, window).some((one) => one >= 1),
    )
  return {
    init: () => ({
      numbers: new Float64Array(1 + windows.length),
      sums: new Float64Array(windows.length * size),
      differences: new Float64Array(windows.length * size),
    }),
    update({ numbers, sums, differences }, row) {
      const scores = score(row, hashRow(seed, numbers[0]))
      numbers[0]++
      for (const [window, { length }] of windows.entries()) {
        const [from, end] = [window * size, (window + 1) * size]
        for (let i = 0; i < size; i++) sums[from + i] += scores[i]
        if (++numbers[1 + window] < length) continue
        for (let i = from; i < end; i++) {
          differences[i] = sums[i] / length / errors[window][i % SCORES]
        }
        sums.fill(0, from, end)
        numbers[1 + window] = 0
      }
    },
    restart({ numbers, sums }) {
      numbers.fill(0, 1)
      sums.fill(0)
    },
    alarmed: (state) => alarming(state) >= 0,
    alarming,
    windows,
    strengths,
  }
}

/** The scores of a row among the reference, columns × SCORES; the next row's are written to the same place. */
function createScorer(
  reference: Uint16Array,
  columnCount: number,
): (row: ArrayLike<number>, hash: number) => Float64Array {
  const rows = reference.length / columnCount
  const before = countsBefore(reference, columnCount)
  const scores = new Float64Array(columnCount * SCORES)
  return (row, hash) => {
    for (let column = 0; column < columnCount; column++) {
      const at = column * (MOST_BINS + 1) + row[column]
      const rank = before[at] + tieBreak(hash, column) * (before[at + 1] - before[at] + 1)
      const centred = rank / (rows + 1) - 0.5
      scores[column * SCORES] = centred
      scores[column * SCORES + 1] = centred * centred - VARIANCES[0]
    }
    return scores
  }
}

/** columns × (MOST_BINS + 1): how many values lie before each bin. */
function countsBefore(reference: Uint16Array, columnCount: number): Uint16Array | Uint32Array {
  // As small as may be: what is looked up for every row should stay near the processor.
  const Counts = reference.length / columnCount <= 0xffff ? Uint16Array : Uint32Array
  const before = new Counts(columnCount * (MOST_BINS + 1))
  for (let i = 0; i < reference.length; i++) {
    before[(i % columnCount) * (MOST_BINS + 1) + reference[i] + 1]++
  }
  for (let column = 0; column < columnCount; column++) {
    const start = column * (MOST_BINS + 1)
    for (let bin = 1; bin <= MOST_BINS; bin++) before[start + bin] += before[start + bin - 1]
  }
  return before
}
