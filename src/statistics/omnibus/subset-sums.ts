import type { ScoreTable } from './scores.ts'
import type { SumMoments } from './standardise.ts'
import type { Subsets } from './subsets.ts'

/** A prefix of every subset to be evaluated, and the moments that standardise its sums. */
export type Checkpoint = SumMoments & { readonly size: number }

/** Receives, draw by draw and checkpoint by checkpoint, the standardised absolute sums. */
export type SumVisitor = (draw: number, checkpoint: number, statistics: Float32Array) => void

/**
 * |Σ over the first `size` units of a subset − mean| · scale, for every draw, checkpoint (ascending sizes)
 * and score column; O(draws · largest size · width).
 */
export function visitSubsetSums(
  scores: ScoreTable,
  subsets: Subsets,
  run: { readonly checkpoints: readonly Checkpoint[]; readonly visit: SumVisitor },
): void {
  const { checkpoints, visit } = run
  const sums = new Float64Array(scores.width)
  // Rounded to float32, sums that differ only in the order of addition tie, as they must.
  const statistics = new Float32Array(scores.width)
  for (let b = 0; b < subsets.draws; b++) {
    sums.fill(0)
    let from = b * subsets.size
    for (let c = 0; c < checkpoints.length; c++) {
      const { size, mean, scale } = checkpoints[c]
      const to = b * subsets.size + size
      addRows(sums, scores, subsets.units.subarray(from, to))
      from = to
      for (let w = 0; w < sums.length; w++) statistics[w] = Math.abs(sums[w] - mean[w]) * scale[w]
      visit(b, c, statistics)
    }
  }
}

/** Adds chosen rows of a table to the sums of its columns; four rows at a time, for a quarter of the loads and stores. */
export function addRows(
  sums: Float64Array,
  { width, values }: ScoreTable,
  units: Uint32Array,
): void {
  const quads = units.length & ~3
  for (let i = 0; i < quads; i += 4) {
    const a = units[i] * width
    const b = units[i + 1] * width
    const c = units[i + 2] * width
    const d = units[i + 3] * width
    for (let w = 0; w < width; w++) {
      sums[w] += values[a + w] + values[b + w] + (values[c + w] + values[d + w])
    }
  }
  for (let i = quads; i < units.length; i++) {
    const a = units[i] * width
    for (let w = 0; w < width; w++) sums[w] += values[a + w]
  }
}
