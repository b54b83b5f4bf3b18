import { type OmnibusReference, sortedColumn, takeColumn } from './omnibus/reference.ts'

/**
 * How far a window stands from the reference in one column, in standard deviations of the reference: the Wasserstein-1
 * distance ∫ |F − G| dx, the mean way a row has to go (del Barrio et al. 1999), less in quadrature what two samples of
 * one distribution show by chance, √(2/π) · √(1/n + 1/m) · ∫ √(F (1 − F)) dx, the mean of the Brownian bridge that
 * √n (F − G) tends to. It grows in proportion to the share of rows that moved. 0 in a constant column that stayed so,
 * Infinity in one that did not.
 */
export function shiftDistance(
  reference: OmnibusReference,
  window: Float32Array,
  column: number,
): number {
  const { rows, columnCount } = reference
  const known = sortedColumn(reference, column).sorted
  const own = takeColumn(window, column, columnCount).toSorted()
  const { between, within } = areas(known, own)
  const chance = Math.sqrt((2 / Math.PI) * (1 / own.length + 1 / rows)) * within
  const distance = Math.sqrt(Math.max(0, between ** 2 - chance ** 2))
  return distance === 0 ? 0 : distance / deviationOf(known)
}

/** ∫ |F − G| and ∫ √(F (1 − F)) over all values, F of the first sample. */
function areas(
  known: Float32Array,
  own: Float32Array,
): { readonly between: number; readonly within: number } {
  let between = 0
  let within = 0
  let i = 0
  let j = 0
  // Below the first value of both there is nothing between them, wherever it begins.
  let last = known[0]
  while (i < known.length || j < own.length) {
    const next = Math.min(known[i] ?? Infinity, own[j] ?? Infinity)
    const [before, now] = [i / known.length, j / own.length]
    between += Math.abs(before - now) * (next - last)
    within += Math.sqrt(before * (1 - before)) * (next - last)
    while (known[i] === next) i++
    while (own[j] === next) j++
    last = next
  }
  return { between, within }
}

function deviationOf(values: Float32Array): number {
  // Equal values must not get a spread by rounding.
  if (values[0] === values[values.length - 1]) return 0
  let mean = 0
  for (const value of values) mean += value / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / values.length)
}
