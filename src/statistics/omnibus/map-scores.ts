import type { MapRange } from './groups.ts'
import type { MapScores } from './map-draws.ts'
import type { ScoreTable } from './scores.ts'
import { momentsOf, standardise, type SumMoments } from './standardise.ts'
import type { PermutationPlan } from './subsets.ts'

/** Maps of rows, bytes, equally many of each row. */
export type MapRows = { readonly values: Int8Array; readonly rows: number }

/**
 * A place whose values hardly differ from row to row is taken to differ by so many steps: else a single odd image at a
 * place where nothing ever is would outshine a mark that all images share. A quarter of the training images' deviation.
 */
export const LEAST_DEVIATION = 42 / 4

/** Scores of pooled rows, those of the reference first, under the exchanges of a plan. */
export function pooledMapScores(parts: readonly MapRows[], plan: PermutationPlan): MapScores {
  const { rows, windowRows } = plan
  const summed = plan.sumsWindow ? windowRows : rows - windowRows
  const most = largestScale({ rows, summed })
  return (bytes) => {
    const { table, mean, scale } = standardise(mapTable(parts, bytes), plan)
    return { table, moments: [{ mean, scale: scale.map((one) => Math.min(one, most)) }] }
  }
}

/** Scores of the reference's own rows, subsets of some sizes drawn from them. */
export function referenceMapScores(reference: MapRows, sizes: readonly number[]): MapScores {
  const { rows } = reference
  const all = Uint32Array.from({ length: rows }, (_, row) => row)
  return (bytes) => {
    const table = mapTable([reference], bytes)
    const { average, squares } = momentsOf(table, all)
    const moments = sizes.map((size): SumMoments => {
      const most = largestScale({ rows, summed: size })
      return {
        mean: average.map((one) => one * size),
        scale: squares.map((square) =>
          Math.min(most, Math.sqrt((rows * (rows - 1)) / (square * size * (rows - size)))),
        ),
      }
    })
    return { table, moments }
  }
}

/** 1 / standard deviation of the sum of `summed` of so many rows that differ as little as any are taken to. */
export function largestScale({
  rows,
  summed,
}: {
  readonly rows: number
  readonly summed: number
}): number {
  const factor = (summed * (rows - summed)) / Math.max(1, rows - 1)
  return factor > 0 ? 1 / (LEAST_DEVIATION * Math.sqrt(factor)) : 0
}

function mapTable(parts: readonly MapRows[], { start, end }: MapRange): ScoreTable {
  const width = end - start
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const values = new Float32Array(rows * width)
  let to = 0
  for (const { values: bytes, rows: own } of parts) {
    const cells = bytes.length / own
    for (let row = 0; row < own; row++, to += width) {
      const from = row * cells
      for (let i = 0; i < width; i++) values[to + i] = bytes[from + start + i]
    }
  }
  return { width, values }
}
