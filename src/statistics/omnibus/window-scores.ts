import { categoryWithoutRare, type CategoryCounts, poolCategories } from './category.ts'
import { largestSum, type WindowScores } from './decisive-rows.ts'
import type { Evidence } from './judge.ts'
import type { OmnibusLayout } from './layout.ts'
import { type OmnibusReference, placeColumn } from './reference.ts'
import { RANK_SCORES } from './scores.ts'

/** What windows are compared with. */
export type WindowFrame = {
  readonly reference: OmnibusReference
  readonly layout: OmnibusLayout
  /** Mean and sum of squares of every score column over the reference, in the layout's order. */
  readonly mean: Float64Array
  readonly sumOfSquares: Float64Array
  /** Rank scores by position among reference.rows + 1 values. */
  readonly rankScores: Float32Array
  /** One per category column. */
  readonly categories: readonly CategoryCounts[]
}

/**
 * The window's evidence, every row ranked among the reference rows and itself; equal to that of
 * exact mode but for terms of order rows / reference. O(rows · columns · log reference).
 */
export function compareWindow(frame: WindowFrame, window: Float32Array): Evidence[] {
  const { reference, layout } = frame
  const evidence: Evidence[] = []
  const rows = window.length / reference.columnCount
  const scratch = createScratch(rows)
  let at = 0
  for (const task of layout.scored) {
    const { column, rankChannel, rawChannel } = task
    const place = { window, column, at }
    const ranks = rankScoresOf(frame, place, scratch)
    const known = { referenceRows: reference.rows, sumOfSquares: momentsAt(frame, at, RANK_SCORES) }
    evidence.push({ channel: rankChannel, column, ...largestSum(ranks, known) })
    at += RANK_SCORES
    if (rawChannel === null) continue
    const raw = rawScoreOf(frame, { ...place, at }, rows)
    const knownRaw = { ...known, sumOfSquares: momentsAt(frame, at, 1) }
    evidence.push({ channel: rawChannel, column, ...largestSum(raw, knownRaw) })
    at++
  }
  layout.categories.forEach(({ column, shareChannel }, c) => {
    const pooled = poolCategories(frame.categories[c], window, {
      column,
      columnCount: reference.columnCount,
    })
    const { largest, deviance } = categoryWithoutRare(pooled)
    evidence.push({ channel: shareChannel, column, ...largest })
    evidence.push({ channel: shareChannel + 1, column, ...deviance })
  })
  return evidence
}

/** Memory for one column at a time: arrays of their own for each would cost as much as the search. */
type Scratch = {
  readonly places: Uint32Array
  readonly sums: Float64Array
  readonly squares: Float64Array
}

function createScratch(rows: number): Scratch {
  return {
    places: new Uint32Array(rows),
    sums: new Float64Array(RANK_SCORES),
    squares: new Float64Array(RANK_SCORES),
  }
}

function momentsAt({ sumOfSquares }: WindowFrame, at: number, count: number): Float64Array {
  return sumOfSquares.subarray(at, at + count)
}

/** A column of a window, and where its score columns begin. */
type ColumnPlace = {
  readonly window: Float32Array
  readonly column: number
  readonly at: number
}

/** The four rank scores; their sums stand in `scratch` until the next column. */
function rankScoresOf(
  { reference, rankScores, mean }: WindowFrame,
  { window, column, at }: ColumnPlace,
  { places, sums, squares }: Scratch,
): WindowScores {
  placeColumn(reference, window, { column, places })
  sumRankScores({ places, rankScores, means: mean.subarray(at, at + RANK_SCORES) }, sums, squares)
  return {
    rows: places.length,
    sums,
    squares,
    deviationsOf: (score) =>
      Float64Array.from(places, (k) => rankScores[RANK_SCORES * k + score] - mean[at + score]),
  }
}

type Ranked = {
  readonly places: Uint32Array
  readonly rankScores: Float32Array
  readonly means: Float64Array
}

/** All four in one pass, their sums in registers. */
function sumRankScores(
  { places, rankScores, means }: Ranked,
  sums: Float64Array,
  squares: Float64Array,
): void {
  const [locationMean, spreadMean, upperMean, lowerMean] = means
  let [location, spread, upper, lower] = [0, 0, 0, 0]
  let [locationSquare, spreadSquare, upperSquare, lowerSquare] = [0, 0, 0, 0]
  for (let i = 0; i < places.length; i++) {
    const from = RANK_SCORES * places[i]
    const a = rankScores[from] - locationMean
    const b = rankScores[from + 1] - spreadMean
    const c = rankScores[from + 2] - upperMean
    const d = rankScores[from + 3] - lowerMean
    location += a
    spread += b
    upper += c
    lower += d
    locationSquare += a * a
    spreadSquare += b * b
    upperSquare += c * c
    lowerSquare += d * d
  }
  sums.set([location, spread, upper, lower])
  squares.set([locationSquare, spreadSquare, upperSquare, lowerSquare])
}

/** The raw values as a score. */
function rawScoreOf(
  { reference: { columnCount }, mean }: WindowFrame,
  { window, column, at }: ColumnPlace,
  rows: number,
): WindowScores {
  const own = Float64Array.from(
    { length: rows },
    (_, row) => window[row * columnCount + column] - mean[at],
  )
  let sum = 0
  let square = 0
  for (const value of own) {
    sum += value
    square += value * value
  }
  return {
    rows,
    sums: Float64Array.of(sum),
    squares: Float64Array.of(square),
    deviationsOf: () => own,
  }
}
