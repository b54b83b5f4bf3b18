import { categoryWithoutRare, type CategoryCounts, poolCategories } from './category.ts'
import { withoutDecisive } from './decisive-rows.ts'
import type { Evidence } from './judge.ts'
import type { OmnibusLayout, ScoredTask } from './layout.ts'
import type { OmnibusReference } from './reference.ts'
import { RANK_SCORES } from './scores.ts'
import { countBelow, countNotAbove } from '../sorted.ts'

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
  let at = 0
  for (const task of layout.scored) {
    const { column, rankChannel, rawChannel } = task
    const own = deviations(frame, task, { window, at })
    const sumOfSquares = frame.sumOfSquares.subarray(at, (at += own.length))
    const known = { referenceRows: reference.rows, sumOfSquares }
    const rank = withoutDecisive(own.slice(0, RANK_SCORES), known)
    evidence.push({ channel: rankChannel, column, ...rank })
    if (rawChannel === null) continue
    const raw = { ...known, sumOfSquares: sumOfSquares.subarray(RANK_SCORES) }
    evidence.push({ channel: rawChannel, column, ...withoutDecisive(own.slice(RANK_SCORES), raw) })
  }
  layout.categories.forEach(({ column, shareChannel }, c) => {
    const pooled = poolCategories(frame.categories[c], window, {
      column,
      columnCount: reference.columnCount,
    })
    const { largest, chiSquared } = categoryWithoutRare(pooled)
    evidence.push({ channel: shareChannel, column, ...largest })
    evidence.push({ channel: shareChannel + 1, column, ...chiSquared })
  })
  return evidence
}

/** Deviations of the window's scores in one column from their reference means, score by score. */
function deviations(
  frame: WindowFrame,
  { column, raw }: ScoredTask,
  { window, at }: { readonly window: Float32Array; readonly at: number },
): Float64Array[] {
  const { reference, rankScores, mean } = frame
  const { columnCount, rows: referenceRows } = reference
  const rows = window.length / columnCount
  const width = RANK_SCORES + (raw ? 1 : 0)
  const result = Array.from({ length: width }, () => new Float64Array(rows))
  const start = column * referenceRows
  const sorted = reference.sorted.subarray(start, start + referenceRows)
  for (let row = 0; row < rows; row++) {
    const value = window[row * columnCount + column]
    const below = countBelow(sorted, value)
    const notAbove = sorted[below] === value ? countNotAbove(sorted, value) : below
    // The mid-rank among the reference rows and the row itself.
    const from = RANK_SCORES * (below + notAbove + 1)
    for (let s = 0; s < RANK_SCORES; s++) result[s][row] = rankScores[from + s] - mean[at + s]
    if (raw) result[RANK_SCORES][row] = value - mean[at + RANK_SCORES]
  }
  return result
}
