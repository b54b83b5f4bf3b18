import {
  type BetEvidence,
  createBettor,
  findBestStart,
  forgetEvidence,
  noEvidence,
} from './bet-evidence.ts'
import { BETS } from './bets.ts'
import { type BinCounts, type ColumnBin, countRows, rankAndCount } from './bin-counts.ts'
import type { SequentialTest } from './sequential-test.ts'
import { hashRow, tieBreak } from './tie-break.ts'

/** What a change of a stream is watched with. */
export type ChangeTestOptions = {
  /** Rows × columns of what is normal, as bins; the rows that the bins were made of not among them. */
  readonly reference: Uint16Array
  /** How much each column counts, more than 0, sum 1. */
  readonly weights: Float64Array
  /** Evidence from which on to alarm: over `images` images a false alarm has at most the chance images / threshold. */
  readonly threshold: number
  /** Of the draws that break ties, a whole number. */
  readonly seed: number
}

/** All a change test remembers: about 2 KiB for each column. */
export type ChangeState = BetEvidence & {
  /** Rows taken. */
  readonly taken: Float64Array
  /** What is normal. */
  readonly counts: BinCounts
  /** The last p-value of each column. */
  readonly pValues: Float64Array
}

/** A test for a change of any column, of rows of bins, with what can be asked of its state. */
export type ChangeTest = SequentialTest<ChangeState> & {
  /** Like `update` for a row that is not to count as normal. */
  look(state: ChangeState, row: ArrayLike<number>): void
  /** Of each column its evidence in units of what alarms: alarmed where one is 1 or more. */
  strengths(state: ChangeState): Float64Array
  /** The largest of them. */
  strongest(state: ChangeState): number
  /** Where the change began that a column shows: how many rows were taken before it. */
  changePoint(state: ChangeState, column: number): number
  /** Share of what is normal that lies above a bin, its own values counted half. */
  shareAbove(state: ChangeState, at: ColumnBin): number
  /** Takes a row out of what is normal. */
  forget(state: ChangeState, row: ArrayLike<number>): void
  /** Forgets all evidence; what is normal stays. */
  reset(state: ChangeState): void
}

/**
 * Watches every column by Shiryaev–Roberts statistics of bets on conformal p-values among a reference that grows with
 * the stream. While all rows are exchangeable the p-values of a column are independent and uniform (Vovk et al. 2005),
 * the mean of its bets' statistics less the number of rows is a martingale, and so a column exceeds threshold / weight
 * within T rows with at most the chance T · weight / threshold, all columns together T / threshold, however they depend
 * on each other (Doob; union). O(columns · (log bins + bets)) a row.
 */
export function createChangeTest({
  reference,
  weights,
  threshold,
  seed,
}: ChangeTestOptions): ChangeTest {
  const columnCount = weights.length
  const limits = weights.map((weight) => (threshold * BETS) / weight)
  const start = countRows(reference, columnCount)
  const bet = createBettor(columnCount)

  const take = (state: ChangeState, row: ArrayLike<number>, by: 0 | 1): void => {
    const { taken, counts, pValues } = state
    const hash = hashRow(seed, taken[0])
    for (let column = 0; column < columnCount; column++) {
      const share = tieBreak(hash, column)
      pValues[column] = rankAndCount(counts, { column, bin: row[column] }, { share, by })
    }
    bet(state, pValues, taken[0]++)
  }
  const strongest = ({ sums }: ChangeState): number => {
    let most = 0
    for (let column = 0; column < columnCount; column++) {
      most = Math.max(most, sums[column] / limits[column])
    }
    return most
  }
  return {
    init: () => ({
      taken: new Float64Array(1),
      counts: start.slice(),
      ...noEvidence(columnCount),
      pValues: new Float64Array(columnCount),
    }),
    update: (state, row) => take(state, row, 1),
    look: (state, row) => take(state, row, 0),
    alarmed: (state) => strongest(state) >= 1,
    strongest,
    strengths: ({ sums }) => limits.map((limit, column) => sums[column] / limit),
    changePoint: findBestStart,
    shareAbove: ({ counts }, at) => rankAndCount(counts, at, { share: 0.5, by: 0 }),
    forget({ counts }, row) {
      for (let column = 0; column < columnCount; column++) {
        rankAndCount(counts, { column, bin: row[column] }, { share: 0, by: -1 })
      }
    },
    reset: forgetEvidence,
  }
}
