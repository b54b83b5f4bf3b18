import type { MapRange } from '../omnibus/groups.ts'
import { type CellMoments, cellMoments, cellDifferences, scoreRows } from './direction-scores.ts'
import { forgetEvidence } from './bet-evidence.ts'
import { countRows } from './bin-counts.ts'
import { binRows, fitRankBins, MOST_BINS } from './rank-bins.ts'
import type { SequentialTest } from './sequential-test.ts'
import { type ChangeState, createChangeTest } from './shiryaev-roberts.ts'

/** What a change at fixed places is watched with. */
export type DirectionTestOptions = {
  /** Rows of places to learn from what is usual, none of the reference among them. */
  readonly aside: Int8Array
  /** Rows of places that are normal. */
  readonly reference: Int8Array
  /** Which bytes of a row are each map's; they are all of it. */
  readonly maps: readonly MapRange[]
  /** Rows of a stretch. */
  readonly length: number
  /** Evidence from which on to alarm: over `rows` rows a false alarm has at most the chance rows / threshold. */
  readonly threshold: number
  /** Of the draws that break ties, a whole number. */
  readonly seed: number
}

/** All a direction test remembers. */
export type DirectionState = {
  readonly learned: LearnedDirection
  readonly change: ChangeState
}

/** The stretch that goes on, and what was learned of the one before. */
export type LearnedDirection = {
  /** Rows of the stretch so far, 1 if there was one before, rows before the stretch. */
  readonly numbers: Float64Array
  /** Sums of the places of the stretch so far. */
  readonly sums: Float64Array
  /** Differences of the stretch before from what is usual, in standard errors, at every place. */
  readonly differences: Float32Array
  /** maps × KEPT: the places that count in the score of a map, and how much. */
  readonly places: Int32Array
  readonly weights: Float64Array
  /** Bins of the scores. */
  readonly edges: Float32Array
}

/** A test for what is always at the same places, of rows of places. */
export type DirectionTest = Omit<SequentialTest<DirectionState>, 'update'> & {
  readonly length: number
  /** Takes one more row of places. */
  update(state: DirectionState, row: Int8Array): void
  /** Like `update` for a row that is not to count as normal: the stretch does not go on. */
  look(state: DirectionState, row: Int8Array): void
  /** Of each map its evidence in units of what alarms: alarmed where one is 1 or more. */
  strengths(state: DirectionState): Float64Array
  /** Rows of the stretch, and how many of them came before the change that a map shows. */
  changePoint(
    state: DirectionState,
    map: number,
  ): { readonly rows: number; readonly before: number }
  /** Of each map the chance that any has evidence as strong within a stretch while nothing changes, at most. */
  pValues(state: DirectionState): Float64Array
  /**
   * Once it alarmed: learns of both stretches together, so that what was found stands out most, and forgets the evidence.
   * From then on it only looks.
   */
  sharpen(state: DirectionState): void
  /** Begins anew: nothing is learned. */
  restart(state: DirectionState): void
}

/** Places of each map that are learned. */
const KEPT = 16

/** Rows of the reference that a stretch is ranked among: so many, and so many for each of its rows. */
const LEAST_RANKED = 1000
const RANKED_PER_ROW = 8
/** Rows set aside that bins are made of. */
const MOST_BINNED = 512

const [ROWS, LEARNED, BEFORE] = [0, 1, 2]

/**
 * Learns of each stretch of rows at which places of the frame they differ from what is usual, and looks for just that in
 * the next one: each row has a score, the sum over those places weighted by their differences, ranked among the
 * reference’s and those of the stretch so far, and bets on the rank. Given what was learned, rows of the stretch and of the
 * reference are exchangeable while nothing changes, so within a stretch evidence passes a threshold with at most the chance
 * rows / threshold (see createChangeTest), and over all stretches with the sum of those. O(places) a row.
 */
export function createDirectionTest(options: DirectionTestOptions): DirectionTest {
  const { maps, length, threshold, seed } = options
  const { cells, learn, sharpen, binsOf } = createLearner(options)
  const weights = new Float64Array(maps.length).fill(1 / maps.length)
  const change = createChangeTest({ reference: new Uint16Array(), weights, threshold, seed })
  return {
    length,
    init: () => ({ learned: nothingLearned(cells, maps.length), change: change.init() }),
    update(state, places) {
      const { numbers, sums } = state.learned
      if (numbers[ROWS] === length) learn(state)
      if (numbers[LEARNED] === 1) change.update(state.change, binsOf(state, places))
      for (let i = 0; i < cells; i++) sums[i] += places[i]
      numbers[ROWS]++
    },
    look(state, places) {
      if (state.learned.numbers[LEARNED] === 1) change.look(state.change, binsOf(state, places))
    },
    alarmed: (state) => change.alarmed(state.change),
    strengths: (state) => change.strengths(state.change),
    changePoint({ learned: { numbers }, change: own }, map) {
      const before = Math.max(0, change.changePoint(own, map) - numbers[BEFORE])
      return { rows: numbers[ROWS], before }
    },
    pValues: (state) =>
      change
        .strengths(state.change)
        .map((strength) =>
          Math.min(1, length / (threshold * Math.max(strength, Number.MIN_VALUE))),
        ),
    sharpen,
    restart({ learned, change: own }) {
      learned.numbers.fill(0, ROWS, BEFORE)
      learned.sums.fill(0)
      forgetEvidence(own)
    },
  }
}

/** Learns where stretches differ, and ranks rows by it. */
function createLearner({ aside, maps, length, ...options }: DirectionTestOptions) {
  const cells = maps.at(-1)?.end ?? 0
  const size = { cells, maps: maps.length }
  const usual = cellMoments(aside, cells)
  const binned = firstRows(aside, cells, MOST_BINNED)
  const reference = firstRows(options.reference, cells, LEAST_RANKED + RANKED_PER_ROW * length)
  /** Takes the places that differ most, and ranks the reference by them: a stretch begins. */
  const rank = ({ learned, change }: DirectionState): void => {
    choosePlaces(learned, usual, maps)
    const { edges } = fitRankBins(scoreRows(binned, size, learned), maps.length)
    learned.edges.set(edges)
    const bins = binRows({ columnCount: maps.length, edges }, scoreRows(reference, size, learned))
    change.counts.set(countRows(bins, maps.length))
    forgetEvidence(change)
    learned.numbers.set([0, 1, change.taken[0]])
    learned.sums.fill(0)
  }
  return {
    cells,
    learn: (state: DirectionState): void => {
      const { differences, numbers, sums } = state.learned
      differences.set(cellDifferences(sums, numbers[ROWS], usual))
      rank(state)
    },
    sharpen: (state: DirectionState): void => {
      const { differences, numbers, sums } = state.learned
      const rows = numbers[ROWS]
      const [before, since] = [length, rows].map((count) => Math.sqrt(count / (length + rows)))
      cellDifferences(sums, rows, usual).forEach((one, cell) => {
        differences[cell] = before * differences[cell] + since * one
      })
      rank(state)
    },
    binsOf: ({ learned }: DirectionState, places: Int8Array): Uint16Array =>
      binRows({ columnCount: maps.length, edges: learned.edges }, scoreRows(places, size, learned)),
  }
}

function nothingLearned(cells: number, maps: number): LearnedDirection {
  return {
    numbers: new Float64Array(3),
    sums: new Float64Array(cells),
    differences: new Float32Array(cells),
    places: new Int32Array(maps * KEPT),
    weights: new Float64Array(maps * KEPT),
    edges: new Float32Array(maps * (MOST_BINS - 1)),
  }
}

/** The places of each map that differ most, and how much they count. */
function choosePlaces(
  { differences, places, weights }: LearnedDirection,
  usual: CellMoments,
  maps: readonly MapRange[],
): void {
  maps.forEach(({ start, end }, map) => {
    const own = Array.from({ length: end - start }, (_, i) => start + i)
      .toSorted((a, b) => Math.abs(differences[b]) - Math.abs(differences[a]) || a - b)
      .slice(0, KEPT)
    const at = map * KEPT
    places.set(own, at)
    own.forEach((place, i) => (weights[at + i] = differences[place] / usual.deviation[place]))
  })
}

// oxlint-disable-next-line eslint/max-params -- three values
function firstRows(values: Int8Array, cells: number, rows: number): Int8Array {
  return values.subarray(0, Math.min(values.length, rows * cells))
}
