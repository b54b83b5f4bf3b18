import { LEAST_DEVIATION } from '../omnibus/map-scores.ts'

/** What is usual at each place. */
export type CellMoments = {
  readonly rows: number
  readonly mean: Float64Array
  /** At least as much as places are taken to differ. */
  readonly deviation: Float64Array
}

/** Mean and standard deviation of each of `cells` places over rows of them. */
export function cellMoments(values: Int8Array, cells: number): CellMoments {
  const rows = values.length / cells
  const mean = new Float64Array(cells)
  const deviation = new Float64Array(cells)
  for (let i = 0, cell = 0; i < values.length; i++, cell = cell + 1 === cells ? 0 : cell + 1) {
    mean[cell] += values[i]
    deviation[cell] += values[i] ** 2
  }
  for (let cell = 0; cell < cells; cell++) {
    mean[cell] /= rows
    const square = deviation[cell] - rows * mean[cell] ** 2
    deviation[cell] = Math.max(LEAST_DEVIATION, Math.sqrt(square / Math.max(1, rows - 1)))
  }
  return { rows, mean, deviation }
}

/** By how many standard errors the means of so many rows, of which there are sums, differ from what is usual. */
// oxlint-disable-next-line eslint/max-params -- three values
export function cellDifferences(
  sums: Float64Array,
  rows: number,
  { rows: usualRows, mean, deviation }: CellMoments,
): Float32Array {
  const perDeviation = 1 / Math.sqrt(1 / rows + 1 / usualRows)
  return Float32Array.from(
    sums,
    (sum, cell) => ((sum / rows - mean[cell]) / deviation[cell]) * perDeviation,
  )
}

/** Which places count in the score of each map, equally many of each, and how much. */
export type Direction = { readonly places: Int32Array; readonly weights: Float64Array }

/** Rows × maps: the weighted sums over the places of each. */
// oxlint-disable-next-line eslint/max-params -- three values
export function scoreRows(
  values: Int8Array,
  { cells, maps }: { readonly cells: number; readonly maps: number },
  { places, weights }: Direction,
): Float32Array {
  const kept = places.length / maps
  const scores = new Float32Array((values.length / cells) * maps)
  for (let row = 0, at = 0; row < values.length; row += cells) {
    for (let i = 0; i < places.length; at++) {
      let sum = 0
      for (const end = i + kept; i < end; i++) sum += weights[i] * values[row + places[i]]
      scores[at] = sum
    }
  }
  return scores
}
