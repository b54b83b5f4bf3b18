import type { FeatureColumn, FeatureGroup } from '../measuring/values/index.ts'

/** What the test compares. */
export type TestSettings = {
  readonly columns: readonly FeatureColumn[]
  /** Groups that are tested. */
  readonly features: readonly FeatureGroup[]
  /** Columns that tolerated changes move in ways of their own. */
  readonly tolerance?: { readonly untested: readonly string[] } | undefined
}
