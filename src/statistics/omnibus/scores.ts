import { type OmnibusReference, sortedColumn, takeColumn } from './reference.ts'
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
  const table = new Float32Array(RANK_SCORES * 2 * rows)
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
    while (sorted[end] === value) end++
    while (ownSorted[below] < value) below++
    let equal = 0
    while (ownSorted[below + equal] === value) equal++
    const rank = 2 * (start + below) + (end - start) + equal
    for (let i = start; i < end; i++) writeRankScores(place, order[i], rank)
    start = end
  }
  own.forEach((value, i) => {
    const rank = doubledRank(sorted, value) + doubledRank(ownSorted, value)
    writeRankScores(place, rows + i, rank)
  })
}

/** Twice the values below plus the values equal. */
function doubledRank(sorted: Float32Array, value: number): number {
  return countBelow(sorted, value) + countNotAbove(sorted, value)
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
  let to = offset
  for (const part of [reference.values, window]) {
    for (const value of takeColumn(part, column, reference.columnCount)) {
      values[to] = value
      to += width
    }
  }
}
