import { type CategoryEffect, categoryEffect } from './category-effect.ts'
import { exceedanceChance, mannWhitneyTail } from './mann-whitney.ts'
import { holm } from './multiple-testing.ts'
import type { OmnibusReference } from './omnibus/reference.ts'
import { kolmogorovSmirnovDistance, kolmogorovSmirnovTail } from './kolmogorov-smirnov.ts'
import { ascending, countBelow, countNotAbove } from './sorted.ts'

/** How far one column of a window stands from the reference. */
export type ColumnEffect = {
  readonly referenceMean: number
  readonly windowMean: number
  /** Standardised mean difference, small-sample corrected; positive when the window is higher. */
  readonly hedgesG: number
  /** Chance that a window row exceeds a reference row, ties counted half; 0.5 = no difference. */
  readonly auc: number
  /** Largest gap between the two distribution functions, in [0, 1]. */
  readonly kolmogorovSmirnov: number
  /** Twice the smaller of the Mann–Whitney and the Kolmogorov–Smirnov p-value, at most 1. */
  readonly pValue: number
  /** Holm-adjusted over all columns. */
  readonly adjustedPValue: number
}

/** Largest |g| reported: what two different constants get, whose g is infinite. */
const LARGEST_G = 1000

/** A column's effect: of quantities, or of the codes of categories. */
export type AnyColumnEffect = ColumnEffect | (CategoryEffect & Pick<ColumnEffect, 'adjustedPValue'>)

/** The effect of every column of a window, rows × reference.columnCount, all of them quantities. */
export function columnEffects(reference: OmnibusReference, window: Float32Array): ColumnEffect[]
/** The same where the columns of these indices hold codes of categories. */
export function columnEffects(
  reference: OmnibusReference,
  window: Float32Array,
  categories: ReadonlySet<number>,
): AnyColumnEffect[]
export function columnEffects(
  reference: OmnibusReference,
  window: Float32Array,
  categories: ReadonlySet<number> = new Set(),
): AnyColumnEffect[] {
  const effects = Array.from({ length: reference.columnCount }, (_, column) =>
    categories.has(column)
      ? categoryEffect(
          columnOf(reference.values, reference, column),
          columnOf(window, reference, column),
        )
      : columnEffect(reference, window, column),
  )
  const adjusted = holm(effects.map(({ pValue }) => pValue))
  return effects.map((effect, column) =>
    Object.assign(effect, { adjustedPValue: adjusted[column] }),
  )
}

function columnOf(
  values: Float32Array,
  { columnCount }: OmnibusReference,
  column: number,
): Float32Array {
  return Float32Array.from(
    { length: values.length / columnCount },
    (_, row) => values[row * columnCount + column],
  )
}

/** Hedges' g (1981): (second mean − first mean) / pooled standard deviation · (1 − 3 / (4(n + m) − 9)). */
export function hedgesG(first: ArrayLike<number>, second: ArrayLike<number>): number {
  return standardisedDifference(momentsOf(first), momentsOf(second))
}

function columnEffect(
  prepared: OmnibusReference,
  window: Float32Array,
  column: number,
): Omit<ColumnEffect, 'adjustedPValue'> {
  const { rows, sorted } = prepared
  const known = sorted.subarray(column * rows, (column + 1) * rows)
  const own = ascending(columnOf(window, prepared, column))
  const reference = momentsOf(known)
  const windowMoments = momentsOf(own)
  const auc = exceedanceChance(known, own)
  const distance = kolmogorovSmirnovDistance(known, own)
  const ties = tieTerm(known, own)
  const byRank = mannWhitneyTail(auc, { n: own.length, m: rows, ties })
  const byDistance = kolmogorovSmirnovTail(distance, own.length, rows)
  return {
    referenceMean: reference.mean,
    windowMean: windowMoments.mean,
    hedgesG: standardisedDifference(reference, windowMoments),
    auc,
    kolmogorovSmirnov: distance,
    pValue: Math.min(1, 2 * Math.min(byRank, byDistance)),
  }
}

type Moments = { readonly count: number; readonly mean: number; readonly squares: number }

function momentsOf(values: ArrayLike<number>): Moments {
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i]
  mean /= values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  return { count: values.length, mean, squares }
}

function standardisedDifference(first: Moments, second: Moments): number {
  const difference = second.mean - first.mean
  if (difference === 0) return 0
  const freedom = first.count + second.count - 2
  const deviation = Math.sqrt((first.squares + second.squares) / freedom)
  const correction = 1 - 3 / (4 * freedom - 1)
  const g = (difference / deviation) * correction
  return Math.max(-LARGEST_G, Math.min(LARGEST_G, Number.isNaN(g) ? 0 : g))
}

/** Σ (t³ − t) over the ties of two ascending samples pooled; O(larger). */
function tieTerm(large: Float32Array, small: Float32Array): number {
  let ties = 0
  for (let start = 0; start < large.length;) {
    let end = start + 1
    while (end < large.length && large[end] === large[start]) end++
    const count = end - start + countEqual(small, large[start])
    ties += count ** 3 - count
    start = end
  }
  for (let start = 0; start < small.length;) {
    const count = countEqual(small, small[start])
    if (countEqual(large, small[start]) === 0) ties += count ** 3 - count
    start += count
  }
  return ties
}

function countEqual(sorted: Float32Array, value: number): number {
  return countNotAbove(sorted, value) - countBelow(sorted, value)
}
