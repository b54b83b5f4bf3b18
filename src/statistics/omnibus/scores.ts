import { type OmnibusReference, sortedColumn } from './reference.ts'
import { ascending, countBelow, countNotAbove } from '../sorted.ts'

/** Linear rank scores per column: location, spread, upper tail, lower tail (Savage). */
export const RANK_SCORES = 4

/** A column to score, and whether its raw value is scored besides its ranks. */
export type ScoredColumn = { readonly column: number; readonly raw: boolean }

/** Scores of the pooled rows, row-major; the columns' score columns stand side by side. */
export type ScoreTable = {
  readonly width: number
  readonly values: Float32Array
}

/** Number of score columns of these columns. */
function scoreWidth(columns: readonly ScoredColumn[]): number {
  return columns.reduce((width, { raw }) => width + RANK_SCORES + (raw ? 1 : 0), 0)
}

/**
 * The four scores by rank: entry 4k + s is score s of u = k / 2N, where k = 2·(values below) +
 * (values equal) runs over 1..2N−1, so that u is the pooled mid-rank of a value.
 */
export function rankScoreTable(rows: number): Float32Array {
  const table = new Float32Array(RANK_SCORES * (2 * rows + 1))
  for (let k = 1; k < 2 * rows; k++) {
    const u = k / (2 * rows)
    table[RANK_SCORES * k] = u - 0.5
    table[RANK_SCORES * k + 1] = (u - 0.5) ** 2
    table[RANK_SCORES * k + 2] = -Math.log1p(-u)
    table[RANK_SCORES * k + 3] = -Math.log(u)
  }
  return table
}

/** Scores reference rows 0..m−1 and window rows m..m+n−1 by their pooled ranks and raw values. */
export function scorePooled(
  reference: OmnibusReference,
  window: Float32Array,
  options: { readonly columns: readonly ScoredColumn[]; readonly rankScores: Float32Array },
): ScoreTable {
  const { columns, rankScores } = options
  const windowRows = window.length / reference.columnCount
  const width = scoreWidth(columns)
  const values = new Float32Array((reference.rows + windowRows) * width)
  let offset = 0
  for (const { column, raw } of columns) {
    const place = { values, width, offset }
    scoreRanks(reference, { window, column }, { ...place, rankScores })
    offset += RANK_SCORES
    if (raw) scoreRaw(reference, { window, column }, { ...place, offset: offset++ })
  }
  return { width, values }
}

type Place = { readonly values: Float32Array; readonly width: number; readonly offset: number }

type RankPlace = Place & { readonly rankScores: Float32Array }

function scoreRanks(
  reference: OmnibusReference,
  { window, column }: { readonly window: Float32Array; readonly column: number },
  place: RankPlace,
): void {
  const { rows, columnCount } = reference
  const { sorted, order } = sortedColumn(reference, column)
  const own = takeColumn(window, column, columnCount)
  const ownSorted = ascending(own)
  let below = 0
  for (let start = 0; start < rows;) {
    const value = sorted[start]
    let end = start + 1
    while (end < rows && sorted[end] === value) end++
    while (below < own.length && ownSorted[below] < value) below++
    let equal = 0
    while (below + equal < own.length && ownSorted[below + equal] === value) equal++
    const rank = 2 * (start + below) + (end - start) + equal
    for (let i = start; i < end; i++) writeRankScores(place, order[i], rank)
    start = end
  }
  for (let i = 0; i < own.length; i++) {
    const rank = doubledRank(sorted, own[i]) + doubledRank(ownSorted, own[i])
    writeRankScores(place, rows + i, rank)
  }
}

/** Twice the values below plus the values equal. */
function doubledRank(sorted: Float32Array, value: number): number {
  const below = countBelow(sorted, value)
  let equal = 0
  // Runs of ties can be as long as the column: their end is searched, not walked.
  if (sorted[below] === value) equal = countNotAbove(sorted, value) - below
  return 2 * below + equal
}

function writeRankScores(
  { values, width, offset, rankScores }: RankPlace,
  row: number,
  rank: number,
): void {
  const to = row * width + offset
  const from = RANK_SCORES * rank
  values[to] = rankScores[from]
  values[to + 1] = rankScores[from + 1]
  values[to + 2] = rankScores[from + 2]
  values[to + 3] = rankScores[from + 3]
}

function scoreRaw(
  reference: OmnibusReference,
  { window, column }: { readonly window: Float32Array; readonly column: number },
  { values, width, offset }: Place,
): void {
  const { rows, columnCount } = reference
  let to = offset
  for (let row = 0; row < rows; row++, to += width) {
    values[to] = reference.values[row * columnCount + column]
  }
  for (let i = column; i < window.length; i += columnCount, to += width) values[to] = window[i]
}

function takeColumn(values: Float32Array, column: number, columnCount: number): Float32Array {
  const taken = new Float32Array(values.length / columnCount)
  for (let i = 0; i < taken.length; i++) taken[i] = values[i * columnCount + column]
  return taken
}
