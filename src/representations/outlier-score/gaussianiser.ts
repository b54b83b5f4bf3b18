import { normalQuantile } from './normal-quantile.ts'

/** Fixed, so that the search is unrolled: steps of about a quarter standard deviation over the normal scores of 10,000 rows. */
export const knotCount = 32
/** Relative differences below this are rounding of float32 sums. */
const rounding = 1e-5
/** No column may speak louder than this many standard deviations. */
const clip = 10

/** Per column, a monotone piecewise linear map that makes the fitted rows standard normal. */
export type Gaussianiser = {
  /** Number of columns. */
  readonly size: number
  /** size × knotCount values, rising in each column; unused knots repeat the last. */
  readonly knots: Float32Array
  /** The normal score at each knot. */
  readonly scores: Float32Array
  /** Per column, the width of one standard deviation beyond the outermost knots; 0 where the column is constant. */
  readonly scales: Float32Array
}

/** Fits normal scores of mid-ranks; ties share the score of their middle. */
export function fitGaussianiser(values: Float32Array, size: number): Gaussianiser {
  const rows = values.length / size
  const knots = new Float32Array(size * knotCount)
  const scores = new Float32Array(size * knotCount)
  const scales = new Float32Array(size)
  const sorted = new Float32Array(rows)
  for (let k = 0; k < size; k++) {
    for (let row = 0; row < rows; row++) sorted[row] = values[row * size + k]
    sorted.sort()
    writeKnots(sorted, knots.subarray(k * knotCount), scores.subarray(k * knotCount))
    scales[k] = tailScale(sorted)
  }
  return { size, knots, scores, scales }
}

/** Writes the normal scores of one row, clipped to ±10. */
export function gaussianise(map: Gaussianiser, row: Float32Array, out: Float32Array): void {
  for (let k = 0; k < map.size; k++) {
    const score = scoreOf(map, k, row[k])
    out[k] = score > clip ? clip : score < -clip ? -clip : score
  }
}

function scoreOf({ knots, scores, scales }: Gaussianiser, k: number, value: number): number {
  const first = k * knotCount
  const last = first + knotCount - 1
  if (value <= knots[first]) return scores[first] + beyond(value, knots[first], scales[k])
  if (value >= knots[last]) return scores[last] + beyond(value, knots[last], scales[k])
  // Bisection without branches, which would be mispredicted half the time.
  let low = first
  low += Number(knots[low + 16] <= value) << 4
  low += Number(knots[low + 8] <= value) << 3
  low += Number(knots[low + 4] <= value) << 2
  low += Number(knots[low + 2] <= value) << 1
  low += Number(knots[low + 1] <= value)
  const width = knots[low + 1] - knots[low]
  return scores[low] + ((value - knots[low]) / width) * (scores[low + 1] - scores[low])
}

/** Distance outside the fitted range, in standard deviations; infinite where the column never varied. */
function beyond(value: number, edge: number, scale: number): number {
  const distance = value - edge
  if (scale > 0) return distance / scale
  return Math.abs(distance) > rounding * Math.abs(edge) ? distance * Infinity : 0
}

/** Knots at distinct values, nearly equal steps of normal score apart, the extremes included. */
function writeKnots(sorted: Float32Array, knots: Float32Array, scores: Float32Array): void {
  const rows = sorted.length
  const highest = normalQuantile(1 - 0.5 / rows)
  const step = (2 * highest) / (knotCount - 1)
  let written = 0
  let wanted = -Infinity
  for (let start = 0, end = 0; start < rows; start = end) {
    while (end < rows && sorted[end] === sorted[start]) end++
    const score = normalQuantile((start + end) / 2 / rows)
    if (score < wanted && end < rows) continue
    // The last knot belongs to the largest value.
    const at = Math.min(written, knotCount - 1)
    knots[at] = sorted[start]
    scores[at] = score
    written = at + 1
    wanted = step * Math.ceil((score + highest) / step + 1e-9) - highest
  }
  knots.fill(knots[written - 1], written, knotCount)
  scores.fill(scores[written - 1], written, knotCount)
}

/** Standard deviation; 0 where it is lost in float32 rounding. */
function tailScale(sorted: Float32Array): number {
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  const square = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length
  const scale = Math.sqrt(square)
  return scale > rounding * Math.abs(mean) ? scale : 0
}
