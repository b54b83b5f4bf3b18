import type { StreamReference } from '../../src/judging/index.ts'
import {
  type ChangeState,
  type ChangeTest,
  binRows,
  createChangeTest,
  fitRankBins,
} from '../../src/statistics/index.ts'

/** Rows set aside for the bins of ranks, of the reference's. */
const SET_ASIDE = 0.2

/** A reference of plain rows as the product takes one: every column counts alike. */
export function referenceOfRows(values: Float32Array, columnCount: number): StreamReference {
  const rows = values.length / columnCount
  const aside = Math.floor(SET_ASIDE * rows) * columnCount
  const bins = fitRankBins(values.subarray(0, aside), columnCount)
  return {
    columns: Array.from({ length: columnCount }, (_, column) => column),
    width: columnCount,
    bins,
    rows: binRows(bins, values.subarray(aside)),
    weights: new Float64Array(columnCount).fill(1 / columnCount),
  }
}

/** The change test alone, its evidence held against several thresholds at once. */
export type Watched = {
  readonly test: ChangeTest
  readonly state: ChangeState
  /** Takes a row of the watched columns, and gives back what the test took. */
  readonly take: (row: Float32Array) => Uint16Array
}

/** Opens it at a threshold, of which `strengths` are shares. */
export function watch(
  { bins, rows, weights }: StreamReference,
  threshold: number,
  seed: number,
): Watched {
  const test = createChangeTest({ reference: rows, weights, threshold, seed })
  const state = test.init()
  return {
    test,
    state,
    take: (row) => {
      const own = binRows(bins, row)
      test.update(state, own)
      return own
    },
  }
}
