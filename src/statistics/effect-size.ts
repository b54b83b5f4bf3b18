import { type CategoryEffect, categoryEffect } from './category-effect.ts'
import { kolmogorovSmirnovDistance } from './kolmogorov-smirnov.ts'
import { exceedanceChance } from './exceedance-chance.ts'
import { type OmnibusReference, sortedColumn, takeColumn } from './omnibus/reference.ts'

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
}

/** Largest |g| reported: what two different constants get, whose g is infinite. */
const LARGEST_G = 1000

/** A column's effect: of quantities, or of the codes of categories. */
export type AnyColumnEffect = ColumnEffect | CategoryEffect

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
  return Array.from({ length: reference.columnCount }, (_, column) =>
    categories.has(column)
      ? categoryEffect(
          takeColumn(reference.values, column, reference.columnCount),
          takeColumn(window, column, reference.columnCount),
        )
      : columnEffect(reference, window, column),
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
): ColumnEffect {
  const known = sortedColumn(prepared, column).sorted
  const own = takeColumn(window, column, prepared.columnCount).toSorted()
  const reference = momentsOf(known)
  const windowMoments = momentsOf(own)
  return {
    referenceMean: reference.mean,
    windowMean: windowMoments.mean,
    hedgesG: standardisedDifference(reference, windowMoments),
    auc: exceedanceChance(known, own),
    kolmogorovSmirnov: kolmogorovSmirnovDistance(known, own),
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
  const freedom = first.count + second.count - 2
  const deviation = Math.sqrt((first.squares + second.squares) / freedom)
  const correction = 1 - 3 / (4 * freedom - 1)
  const g = (difference / deviation) * correction
  return Math.max(-LARGEST_G, Math.min(LARGEST_G, Number.isNaN(g) ? 0 : g))
}
