import type { OmnibusReference } from './omnibus/reference.ts'

/** How one column of the window differs from the reference. */
export type ColumnEffect = {
  readonly referenceMean: number
  readonly windowMean: number
  /** Standardised mean difference with Hedges' small-sample correction; 0 for a constant column. */
  readonly hedgesG: number
  /** Chance that a window value exceeds a reference value, ties counting half. */
  readonly auc: number
  /** Largest distance between the two distribution functions, in [0, 1]. */
  readonly kolmogorovSmirnov: number
}

/** Effect sizes of every column; O(K n log m). */
export function columnEffects(reference: OmnibusReference, window: Float32Array): ColumnEffect[] {
  const { columnCount, rows } = reference
  const count = window.length / columnCount
  return Array.from({ length: columnCount }, (_, column) => {
    const sorted = reference.sorted.subarray(column * rows, (column + 1) * rows)
    const values = new Float32Array(count)
    for (let i = 0; i < count; i++) values[i] = window[i * columnCount + column]
    return columnEffect(sorted, values.sort())
  })
}

function columnEffect(reference: Float32Array, window: Float32Array): ColumnEffect {
  const a = meanAndSquares(reference)
  const b = meanAndSquares(window)
  return {
    referenceMean: a.mean,
    windowMean: b.mean,
    hedgesG: hedgesG(a, b),
    ...walk(reference, window),
  }
}

type MeanAndSquares = { readonly count: number; readonly mean: number; readonly squares: number }

function meanAndSquares(values: Float32Array): MeanAndSquares {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return { count: values.length, mean, squares }
}

/** Hedges 1981: difference over the pooled deviation, times 1 − 3 / (4 df − 1). */
function hedgesG(a: MeanAndSquares, b: MeanAndSquares): number {
  const freedom = a.count + b.count - 2
  const deviation = Math.sqrt((a.squares + b.squares) / freedom)
  return deviation === 0 ? 0 : ((b.mean - a.mean) / deviation) * (1 - 3 / (4 * freedom - 1))
}

/** One walk over both sorted arrays: Mann–Whitney's U / (n m) and the Kolmogorov–Smirnov distance. */
function walk(
  reference: Float32Array,
  window: Float32Array,
): Pick<ColumnEffect, 'auc' | 'kolmogorovSmirnov'> {
  const [m, n] = [reference.length, window.length]
  let below = 0
  let notAbove = 0
  let wins = 0
  let largest = 0
  for (let i = 0; i < n;) {
    const value = window[i]
    let next = i
    while (next < n && window[next] === value) next++
    while (below < m && reference[below] < value) below++
    notAbove = Math.max(notAbove, below)
    while (notAbove < m && reference[notAbove] <= value) notAbove++
    wins += (next - i) * (below + notAbove) * 0.5
    largest = Math.max(largest, Math.abs(below / m - i / n), Math.abs(notAbove / m - next / n))
    i = next
  }
  return { auc: wins / (n * m), kolmogorovSmirnov: largest }
}
