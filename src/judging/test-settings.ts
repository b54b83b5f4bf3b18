import type { FileTrait } from '../file-properties.ts'
import type { FeatureColumn, FeatureGroup, PlaceMap } from '../measuring/values/index.ts'

/** What the test compares. */
export type TestSettings = {
  readonly columns: readonly FeatureColumn[]
  /** Maps of the frame, where reference and batch have them. */
  readonly maps?: readonly PlaceMap[] | undefined
  /** Groups that are tested. */
  readonly features: readonly FeatureGroup[]
  /** What of the files themselves may change. */
  readonly toleratedFiles?: readonly FileTrait[] | undefined
  /** Names of columns that this batch can't be compared in, or need not be. */
  readonly leftOut?: readonly string[] | undefined
  /** Columns that tolerated changes move in ways of their own. */
  readonly tolerance?: { readonly untested: readonly string[] } | undefined
}
