import {
  createBaseline,
  prepareSizes,
  type ReferencePlaces,
  testFeatures,
} from '../../src/detector/index.ts'
import { type FeatureColumn, type FeatureGroup, tableOf } from '../../src/representations/index.ts'
import type { MapView, View } from '../window/view.ts'

export type ProductTestOptions = {
  readonly columns: readonly FeatureColumn[]
  /** Groups of columns that are tested. */
  readonly groups: readonly FeatureGroup[]
  /** What is at each place of the reference; windows then need it too. */
  readonly places?: ReferencePlaces | undefined
  /** The alarm level that p-values are held against. */
  readonly level: number
  /** Batch sizes that are prepared for, as `fit --batch-sizes` does. Default none. */
  readonly sizes?: readonly number[]
  /** Of the prepared nulls. */
  readonly seed?: number
}

/** The p-value of a window by way of the function that `check` calls, so that a study can't part from the product. */
export function productTest(
  reference: View,
  { columns, groups, places, level, sizes = [], seed = 0 }: ProductTestOptions,
): (window: View, seed: number, places?: MapView) => number {
  const manifest = { columns: columns.map((column) => ({ ...column })), features: [...groups] }
  const unprepared = createBaseline(tableOf(columns, reference.values), { places })
  const baseline =
    sizes.length === 0 ? unprepared : prepareSizes({ manifest, baseline: unprepared }, sizes, seed)
  return ({ values }, own, at) =>
    testFeatures({ manifest, baseline }, values, { level, seed: own, places: at?.values }).pValue
}
