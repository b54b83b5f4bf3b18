import type { OmnibusLayout } from '../omnibus/layout.ts'
import { type OmnibusReference, placeColumn } from '../omnibus/reference.ts'
import { RANK_SCORES, rankScoreTable } from '../omnibus/scores.ts'
import type { RowTable } from './discriminants.ts'

/**
 * The scores of rows by their ranks among the reference's, and their raw values, as the window test scores them; the
 * same of a row wherever it comes from, so that scores of reference and window can be averaged apart.
 */
export function scoreRows(
  reference: OmnibusReference,
  layout: OmnibusLayout,
  rows: Float32Array,
): RowTable {
  const { columnCount } = reference
  const count = rows.length / columnCount
  const width = layout.scored.reduce((sum, { raw }) => sum + RANK_SCORES + (raw ? 1 : 0), 0)
  const values = new Float32Array(count * width)
  const rankScores = rankScoreTable(reference.rows + 1)
  const places = new Uint32Array(count)
  let offset = 0
  for (const { column, raw } of layout.scored) {
    placeColumn(reference, rows, { column, places })
    for (let row = 0, to = offset; row < count; row++, to += width) {
      const from = RANK_SCORES * places[row]
      for (let s = 0; s < RANK_SCORES; s++) values[to + s] = rankScores[from + s]
      if (raw) values[to + RANK_SCORES] = rows[row * columnCount + column]
    }
    offset += RANK_SCORES + (raw ? 1 : 0)
  }
  return { width, values }
}

/** Two tables of the same rows side by side. */
export function besideEachOther(left: RowTable, right: RowTable): RowTable {
  const width = left.width + right.width
  const rows = left.values.length / left.width
  const values = new Float32Array(rows * width).map((_, i) => {
    const row = Math.floor(i / width)
    const at = i % width
    return at < left.width
      ? left.values[row * left.width + at]
      : right.values[row * right.width + at - left.width]
  })
  return { width, values }
}
