import type { Subsets } from './subsets.ts'
import type { UnitScores } from './standardise.ts'

/** Receives, draw by draw, the standardised absolute subset sum of every score column. */
export type SumVisitor = (draw: number, statistics: Float32Array) => void

/** |Σ over the subset| / standard deviation for every draw and score column; O(draws · size · width). */
export function visitSubsetSums(scores: UnitScores, subsets: Subsets, visit: SumVisitor): void {
  const { width, scale } = scores
  const sums = new Float64Array(width)
  // Rounded to float32, sums that differ only in the order of addition tie, as they must.
  const statistics = new Float32Array(width)
  for (let b = 0; b < subsets.draws; b++) {
    sumSubset(scores, subsets.units.subarray(b * subsets.size, (b + 1) * subsets.size), sums)
    for (let w = 0; w < width; w++) statistics[w] = Math.abs(sums[w]) * scale[w]
    visit(b, statistics)
  }
}

// Four rows at a time: a quarter of the loads and stores of the sums.
function sumSubset({ width, values }: UnitScores, units: Uint32Array, sums: Float64Array): void {
  sums.fill(0)
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
