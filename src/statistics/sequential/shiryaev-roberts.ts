import { BETS, cellOf, CELLS, MEMORY, payBets, type PastCell, weightOfPast } from './bets.ts'
import {
  type BinCounts,
  binOf,
  countBefore,
  countInBin,
  MOST_BINS,
  type RankBins,
} from './rank-bins.ts'
import type { SequentialTest } from './sequential-test.ts'
import { hashRow, tieBreak } from './tie-break.ts'

/** What a change of a stream is watched with. */
export type ChangeTestOptions = {
  readonly bins: RankBins
  /** Rows × columns of what is normal, the rows behind `bins` not among them. */
  readonly reference: Float32Array
  /** How much each column counts, more than 0, sum 1. */
  readonly weights: Float64Array
  /** Evidence from which on to alarm: over `images` images a false alarm has at most the chance images / threshold. */
  readonly threshold: number
  /** Of the draws that break ties, a whole number. */
  readonly seed: number
}

/** All a change test remembers: about 2 KiB for each column. */
export type ChangeState = {
  readonly numbers: Float64Array
  readonly counts: BinCounts
  /** columns × BETS: Shiryaev–Roberts statistics, the sums over all starts of what the bets would have paid since. */
  readonly evidence: Float64Array
  /** columns × BETS: what they paid since the best start so far (Page 1954), and that start as a number of rows. */
  readonly sinceBest: Float64Array
  readonly bestStarts: Float64Array
  /** columns × CELLS: p-values of the past since the last reset, in units that grow from row to row. */
  readonly cells: Float64Array
  /** The last p-value of each column. */
  readonly pValues: Float64Array
}

/** Places in `numbers`: rows taken, rows that are normal, rows since the last reset, the unit of the next row in `cells`. */
const [TAKEN, NORMAL, SINCE_RESET, UNIT] = [0, 1, 2, 3]

/** A test for a change of any column, with what can be asked of its state. */
export type ChangeTest = SequentialTest<ChangeState> & {
  /** Like `update` for a row that is not to count as normal. */
  look(state: ChangeState, values: ArrayLike<number>): void
  /** Of each column its evidence in units of what alarms: alarmed where one is 1 or more. */
  strengths(state: ChangeState): Float64Array
  /** The largest of them. */
  strongest(state: ChangeState): number
  /** Where the change began that a column shows: how many rows were taken before it. */
  changePoint(state: ChangeState, column: number): number
  /** Share of what is normal that lies above a value of a column, equal ones counted half. */
  shareAbove(state: ChangeState, column: number, value: number): number
  /** Takes a row out of what is normal. */
  forget(state: ChangeState, values: ArrayLike<number>): void
  /** Forgets all evidence; what is normal stays. */
  reset(state: ChangeState): void
}

/** Bets that won so much of what the best one did may say when it began: the latest of them, since some wander before. */
const NEARLY = 0.01

/** Beyond all thresholds, and far from overflow. */
const MOST = 1e200

/**
 * Watches every column by Shiryaev–Roberts statistics of bets on conformal p-values among a reference that grows with
 * the stream. While all rows are exchangeable the p-values of a column are independent and uniform (Vovk et al. 2005),
 * the mean of its bets' statistics less the number of rows is a martingale, and so a column exceeds threshold / weight
 * within T rows with at most the chance T · weight / threshold, all columns together T / threshold, however they depend
 * on each other (Doob; union). O(columns · (log bins + bets)) a row.
 */
// oxlint-disable-next-line eslint/max-lines-per-function -- one method after the other
export function createChangeTest(options: ChangeTestOptions): ChangeTest {
  const { bins, weights, threshold, seed } = options
  const { columnCount } = bins
  const limits = weights.map((weight) => (threshold * BETS) / weight)
  const start = countRows(bins, options.reference)
  const bettor = createBettor()

  const take = (state: ChangeState, values: ArrayLike<number>, isNormal: boolean): void => {
    const { numbers, counts, pValues } = state
    const row = hashRow(seed, numbers[TAKEN])
    bettor.begin(state)
    for (let column = 0; column < columnCount; column++) {
      const bin = binOf(bins, column, values[column])
      const p = rankIn(
        counts,
        { column, bin },
        { of: numbers[NORMAL], share: tieBreak(row, column) },
      )
      pValues[column] = p
      bettor.bet(state, column, p)
      if (isNormal) countInBin(counts, { column, bin })
    }
    bettor.end(state)
    numbers[TAKEN]++
    numbers[SINCE_RESET]++
    if (isNormal) numbers[NORMAL]++
  }
  const strengthOf = ({ evidence }: ChangeState, column: number): number => {
    let sum = 0
    for (let i = column * BETS; i < (column + 1) * BETS; i++) sum += evidence[i]
    return sum / limits[column]
  }
  const strongest = (state: ChangeState): number => {
    let most = 0
    for (let column = 0; column < columnCount; column++) {
      most = Math.max(most, strengthOf(state, column))
    }
    return most
  }
  return {
    init: () => ({
      numbers: Float64Array.of(0, start.rows, 0, 1),
      counts: start.counts.slice(),
      ...noEvidence(columnCount),
      pValues: new Float64Array(columnCount),
    }),
    update: (state, values) => take(state, values, true),
    look: (state, values) => take(state, values, false),
    alarmed: (state) => strongest(state) >= 1,
    strongest,
    strengths: (state) => limits.map((_, column) => strengthOf(state, column)),
    changePoint({ sinceBest, bestStarts }, column) {
      const own = sinceBest.subarray(column * BETS, (column + 1) * BETS)
      const enough = NEARLY * own.reduce((most, one) => Math.max(most, one), 0)
      return own.reduce(
        (latest, one, bet) =>
          one >= enough ? Math.max(latest, bestStarts[column * BETS + bet]) : latest,
        0,
      )
    },
    shareAbove: ({ counts, numbers }, column, value) =>
      rankIn(
        counts,
        { column, bin: binOf(bins, column, value) },
        { of: numbers[NORMAL], share: 0.5 },
      ),
    forget({ counts, numbers }, values) {
      for (let column = 0; column < columnCount; column++) {
        countInBin(counts, { column, bin: binOf(bins, column, values[column]) }, -1)
      }
      numbers[NORMAL]--
    },
    reset(state) {
      for (const [name, fresh] of Object.entries(noEvidence(columnCount))) {
        state[name as keyof ReturnType<typeof noEvidence>].set(fresh)
      }
      state.numbers[SINCE_RESET] = 0
      state.numbers[UNIT] = 1
    },
  }
}

/** The share of what is normal that lies above a bin, its own values counted by chance: uniform over (0, 1). */
function rankIn(
  counts: BinCounts,
  { column, bin }: { readonly column: number; readonly bin: number },
  { of, share }: { readonly of: number; readonly share: number },
): number {
  const before = countBefore(counts, column, bin)
  const equal = countBefore(counts, column, bin + 1) - before
  return (of - before - equal + share * (1 + equal)) / (of + 1)
}

/** Units this large are made small again. */
const LARGEST_UNIT = 1e100

/** Moves the evidence of one column after another, with memory of its own between. */
function createBettor() {
  const payoffs = new Float64Array(BETS)
  const past: PastCell = { own: 0, all: 0 }
  return {
    begin({ numbers, cells }: ChangeState): void {
      past.all = weightOfPast(numbers[SINCE_RESET])
      if (numbers[UNIT] < LARGEST_UNIT) return
      for (let i = 0; i < cells.length; i++) cells[i] /= numbers[UNIT]
      numbers[UNIT] = 1
    },
    bet(state: ChangeState, column: number, p: number): void {
      const { numbers, cells, evidence, sinceBest, bestStarts } = state
      const cell = column * CELLS + cellOf(p)
      past.own = cells[cell] / (numbers[UNIT] * MEMORY)
      payBets(p, past, payoffs)
      cells[cell] += numbers[UNIT]
      for (let bet = 0, i = column * BETS; bet < BETS; bet++, i++) {
        const payoff = payoffs[bet]
        const grown = (evidence[i] + 1) * payoff
        evidence[i] = grown < MOST ? grown : MOST
        if (sinceBest[i] <= 1) {
          sinceBest[i] = payoff
          bestStarts[i] = numbers[TAKEN]
        } else if (sinceBest[i] < MOST) sinceBest[i] *= payoff
      }
    },
    end({ numbers }: ChangeState): void {
      numbers[UNIT] /= MEMORY
    },
  }
}

function noEvidence(columnCount: number) {
  return {
    evidence: new Float64Array(columnCount * BETS),
    sinceBest: new Float64Array(columnCount * BETS),
    bestStarts: new Float64Array(columnCount * BETS),
    cells: new Float64Array(columnCount * CELLS),
  }
}

function countRows(
  bins: RankBins,
  values: Float32Array,
): { readonly rows: number; readonly counts: BinCounts } {
  const { columnCount } = bins
  const counts = new Uint32Array(columnCount * MOST_BINS)
  for (let i = 0; i < values.length; i++) {
    const column = i % columnCount
    countInBin(counts, { column, bin: binOf(bins, column, values[i]) })
  }
  return { rows: values.length / columnCount, counts }
}
