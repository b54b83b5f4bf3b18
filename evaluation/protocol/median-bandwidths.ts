import { pairwiseDistances, type Pooled } from '../statistics/pairwise-distances.ts'

/**
 * Bandwidths of the kernel exp(−d² / bandwidth) by two median heuristics: `ours` is the median distance between the
 * samples (Failing Loudly, the default of `mmdTest`), `alibi` the lower median of the squared distances within the first.
 */
export function medianBandwidths(pooled: Pooled): {
  readonly ours: number
  readonly alibi: number
} {
  const distances = pairwiseDistances(pooled, 'l2')
  const rows = Math.sqrt(distances.length)
  const n = pooled.first.length / pooled.columnCount
  const between: number[] = []
  const within: number[] = []
  for (let i = 0; i < n; i++) {
    for (let j = n; j < rows; j++) between.push(distances[i * rows + j])
    for (let j = 0; j < i; j++) within.push(distances[i * rows + j] ** 2)
  }
  const [low, high] = middles(between)
  return { ours: (low + high) / 2, alibi: middles(within)[0] }
}

/** The lower and the upper median. */
function middles(values: readonly number[]): readonly [number, number] {
  const sorted = Float64Array.from(values).toSorted()
  return [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
}
