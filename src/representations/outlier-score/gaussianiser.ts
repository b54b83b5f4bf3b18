import { alignBytes, loadKernels } from '../kernels/kernels.ts'
import type { ColumnSource } from '../representation.ts'
import { approximateNormalQuantile } from './approximate-normal-quantile.ts'

/** Fixed, so that the search is unrolled: steps of about a quarter standard deviation over the normal scores of 10,000 rows. */
export const knotCount = 32
/** Relative differences below this are rounding of float32 sums. */
const rounding = 1e-5
/** Values mapped in one go: they stay within the processor's cache. */
const valuesPerCall = 1 << 14

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

/** Normal scores of rows `start` to `end` − 1, row-major, clipped to ±10. */
export function gaussianise(
  { size, knots, scores, scales }: Gaussianiser,
  source: ColumnSource,
  { start, end } = { start: 0, end: source.rows },
): Float32Array {
  const kernels = loadKernels()
  // In fours, as the kernel takes them.
  const perCall = 4 * Math.ceil(Math.min(end - start, valuesPerCall / size) / 4)
  const tableBytes = alignBytes(4 * knots.length) + 16
  const knotsAt = kernels.reserve(2 * tableBytes + 4 * size + 4 * perCall * size)
  const scoresAt = knotsAt + tableBytes
  const scalesAt = scoresAt + tableBytes
  const rowsAt = scalesAt + 4 * size
  const memory = new Float32Array(kernels.memory.buffer)
  memory.set(knots, knotsAt / 4)
  memory.set(scores, scoresAt / 4)
  memory.set(scales, scalesAt / 4)
  const out = new Float32Array((end - start) * size)
  for (let row = start; row < end; row += perCall) {
    const count = Math.min(perCall, end - row)
    const rows = memory.subarray(rowsAt / 4, rowsAt / 4 + count * size)
    gatherRows(source, row, rows)
    kernels.gaussianise(rowsAt, 4 * Math.ceil(count / 4), size, knotsAt, scoresAt, scalesAt)
    out.set(rows, (row - start) * size)
  }
  return out
}

/** Fills `to` with whole rows, from row `first` on. */
function gatherRows(
  { values, stride, columns }: ColumnSource,
  first: number,
  to: Float32Array,
): void {
  for (let at = 0, start = first * stride; at < to.length; start += stride) {
    for (let k = 0; k < columns.length; k++, at++) to[at] = values[start + columns[k]]
  }
}

/** Knots at distinct values, nearly equal steps of normal score apart, the extremes included. */
function writeKnots(sorted: Float32Array, knots: Float32Array, scores: Float32Array): void {
  const rows = sorted.length
  const highest = approximateNormalQuantile(1 - 0.5 / rows)
  const step = (2 * highest) / (knotCount - 1)
  let written = 0
  let wanted = -Infinity
  for (let start = 0, end = 0; start < rows; start = end) {
    while (end < rows && sorted[end] === sorted[start]) end++
    const score = approximateNormalQuantile((start + end) / 2 / rows)
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
