import type { MapRange } from './groups.ts'
import { MapPeaks } from './map-peaks.ts'
import type { ScoreTable } from './scores.ts'
import type { SumMoments } from './standardise.ts'
import { type Checkpoint, visitSubsetSums } from './subset-sums.ts'
import type { Subsets } from './subsets.ts'

/** Some bytes of the maps of every unit, with the moments of their sums for each size of subset. */
export type MapScores = (bytes: MapRange) => {
  readonly table: ScoreTable
  readonly moments: readonly SumMoments[]
}

/** What maps are drawn from. */
type MapSource = {
  readonly subsets: Subsets
  /** Subset sizes to evaluate, ascending. */
  readonly sizes: readonly number[]
  readonly mapScores?: MapScores | undefined
}

// The bytes of so many places of 10,000 rows, as floats, stay within a core's cache.
const PLACES_AT_ONCE = 32

/** Evaluates the statistic of one map on every draw. */
export function drawMap(
  { start, end }: MapRange,
  { subsets, sizes, mapScores }: MapSource,
  keep: (one: { readonly size: number; readonly draw: number; readonly value: number }) => void,
): void {
  if (mapScores === undefined) throw new RangeError('expected maps of the rows, got none')
  const peaks = sizes.map(() => new MapPeaks(subsets.draws))
  for (let from = start; from < end; from += PLACES_AT_ONCE) {
    const { table, moments } = mapScores({ start: from, end: Math.min(end, from + PLACES_AT_ONCE) })
    const checkpoints = sizes.map((size, s): Checkpoint => ({ size, ...moments[s] }))
    visitSubsetSums(table, subsets, {
      checkpoints,
      visit: (draw, size, values) => peaks[size].add(draw, values),
    })
  }
  peaks.forEach((own, size) => {
    for (let draw = 0; draw < subsets.draws; draw++) keep({ size, draw, value: own.mean(draw) })
  })
}
