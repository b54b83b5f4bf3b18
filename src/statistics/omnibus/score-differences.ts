import { ALLOWED_SCORES } from './allowances.ts'
import type { OmnibusGroup } from './groups.ts'
import { layOut } from './layout.ts'
import type { OmnibusReference } from './reference.ts'
import { RANK_SCORES, rankScoreTable, scorePooled } from './scores.ts'
import { momentsOf } from './standardise.ts'

/**
 * Differences of a window's mean scores from the reference's in standard deviations of the pooled rows, without sign:
 * columns × (rank scores, raw value), 0 where a column is not scored. What allowances are held against.
 */
export function scoreDifferences(
  reference: OmnibusReference,
  window: Float32Array,
  groups: readonly OmnibusGroup[],
): Float32Array {
  const { rows, columnCount } = reference
  const windowRows = window.length / columnCount
  const differences = new Float32Array(columnCount * ALLOWED_SCORES)
  const all = new Uint32Array(rows + windowRows).map((_, row) => row)
  const rankScores = rankScoreTable(all.length)
  for (const task of layOut(groups).scored) {
    const table = scorePooled(reference, window, { columns: [task], rankScores })
    const pooled = momentsOf(table, all)
    const own = momentsOf(table, all.subarray(rows))
    for (let s = 0; s < RANK_SCORES + (task.raw ? 1 : 0); s++) {
      const deviation = Math.sqrt(pooled.squares[s] / all.length)
      // The pooled mean lies between the two, as far from the window's as the reference has rows.
      const gap = (Math.abs(own.average[s] - pooled.average[s]) * all.length) / rows
      if (deviation > 0) differences[task.column * ALLOWED_SCORES + s] = gap / deviation
    }
  }
  return differences
}
