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
  const scratch = scratchOf(window.length / reference.columnCount)
  for (const task of layout.scored) {
    const { column, rankChannel, rawChannel } = task
    const own = deviations(frame, task, { window, at, scratch })
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

/** Memory for one column at a time: arrays of their own for each would cost as much as the search. */
type Scratch = { readonly places: Uint32Array; readonly deviations: readonly Float64Array[] }

function scratchOf(rows: number): Scratch {
  const perScore = Array.from({ length: RANK_SCORES + 1 }, () => new Float64Array(rows))
  return { places: new Uint32Array(rows), deviations: perScore }
}

/** Deviations of the window's scores in one column from their reference means, score by score. */
function deviations(
  frame: WindowFrame,
  { column, raw }: ScoredTask,
  {
    window,
    at,
    scratch,
  }: { readonly window: Float32Array; readonly at: number; readonly scratch: Scratch },
): readonly Float64Array[] {
  const { reference, rankScores, mean } = frame
  const { places } = scratch
  placeColumn(reference, window, { column, places })
  const result = scratch.deviations.slice(0, RANK_SCORES + (raw ? 1 : 0))
  const [location, spread, upper, lower] = result
  for (let i = 0; i < places.length; i++) {
    const from = RANK_SCORES * places[i]
    location[i] = rankScores[from] - mean[at]
    spread[i] = rankScores[from + 1] - mean[at + 1]
    upper[i] = rankScores[from + 2] - mean[at + 2]
    lower[i] = rankScores[from + 3] - mean[at + 3]
  }
  if (!raw) return result
  const own = result[RANK_SCORES]
  const centre = mean[at + RANK_SCORES]
  for (let i = 0; i < own.length; i++) own[i] = window[i * reference.columnCount + column] - centre
  return result
}
