import { categoryWithoutRare, type CategoryCounts, poolCategories } from './category.ts'
import { largestSum } from './decisive-rows.ts'
import type { Evidence } from './judge.ts'
import type { OmnibusLayout, ScoredTask } from './layout.ts'
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
  let at = 0
  for (const task of layout.scored) {
    const { column, rankChannel, rawChannel } = task
    const own = deviations(frame, task, { window, at })
    const sumOfSquares = frame.sumOfSquares.subarray(at, (at += own.length))
    const known = { referenceRows: reference.rows, sumOfSquares }
    const rank = largestSum(own.slice(0, RANK_SCORES), known)
    evidence.push({ channel: rankChannel, column, ...rank })
    if (rawChannel === null) continue
    const raw = { ...known, sumOfSquares: sumOfSquares.subarray(RANK_SCORES) }
    evidence.push({ channel: rawChannel, column, ...largestSum(own.slice(RANK_SCORES), raw) })
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

/** Deviations of the window's scores in one column from their reference means, score by score. */
function deviations(
  frame: WindowFrame,
  { column, raw }: ScoredTask,
  { window, at }: { readonly window: Float32Array; readonly at: number },
): Float64Array[] {
  const { reference, rankScores, mean } = frame
  const places = placeColumn(reference, window, column)
  const width = RANK_SCORES + (raw ? 1 : 0)
  const result = Array.from({ length: width }, () => new Float64Array(places.length))
  for (let s = 0; s < RANK_SCORES; s++) {
    const own = result[s]
    const centre = mean[at + s]
    for (let i = 0; i < own.length; i++) own[i] = rankScores[RANK_SCORES * places[i] + s] - centre
  }
  if (!raw) return result
  const own = result[RANK_SCORES]
  const centre = mean[at + RANK_SCORES]
  for (let i = 0; i < own.length; i++) own[i] = window[i * reference.columnCount + column] - centre
  return result
}
