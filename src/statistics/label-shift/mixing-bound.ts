import type { Matrix } from '../../tensor/index.ts'
import { labelTotals } from '../confusion.ts'
import { type OmnibusReference, sortedColumn, takeColumn } from '../omnibus/reference.ts'

/**
 * How far apart, in total variation, reference and window can be within predicted classes if nothing but the mix of
 * labels changed: the classes' errors are mixed anew. `confusion` counts predicted class by label on the reference,
 * `shares` are the labels' in the window and `predicted` the predicted classes' there.
 */
export function mixingBound(
  confusion: Matrix,
  shares: Float64Array,
  predicted: Float64Array,
): number {
  const { columns: labels, data } = confusion
  const totals = labelTotals(confusion)
  // A label that the reference lacks has no errors to mix, whatever it weighs.
  const weights = shares.map((share, y) => share / (totals[y] || 1))
  return predicted.reduce((bound, share, c) => {
    const own = data.subarray(c * labels, (c + 1) * labels)
    return bound + share * distanceAfter(own, weights)
  }, 0)
}

/** Total variation between shares and the same after weighting; 1 where nothing is known of either. */
function distanceAfter(counts: Float64Array, weights: Float64Array): number {
  const weighted = counts.map((count, y) => count * weights[y])
  const before = counts.reduce((sum, one) => sum + one, 0)
  const after = weighted.reduce((sum, one) => sum + one, 0)
  if (before === 0 || after === 0) return 1
  return (
    counts.reduce((sum, count, y) => sum + Math.abs(count / before - weighted[y] / after), 0) / 2
  )
}

/** The largest gap between the distribution functions of the weighted reference and the window over these columns. */
export function largestWeightedGap(
  reference: OmnibusReference,
  window: Float32Array,
  { weights, columns }: { readonly weights: Float64Array; readonly columns: readonly number[] },
): number {
  const total = weights.reduce((sum, one) => sum + one, 0)
  const { columnCount } = reference
  return columns.reduce((largest, column) => {
    const own = takeColumn(window, column, columnCount).toSorted()
    const { sorted, order } = sortedColumn(reference, column)
    const ordered = Float64Array.from(order, (row) => weights[row] / total)
    return Math.max(largest, gapBetween(sorted, ordered, own))
  }, 0)
}

function gapBetween(sorted: Float32Array, weights: Float64Array, own: Float32Array): number {
  let gap = 0
  let below = 0
  let at = 0
  for (let i = 0; i < sorted.length || at < own.length;) {
    const value = Math.min(sorted[i] ?? Infinity, own[at] ?? Infinity)
    while (sorted[i] === value) below += weights[i++]
    while (own[at] === value) at++
    gap = Math.max(gap, Math.abs(below - at / own.length))
  }
  return gap
}
