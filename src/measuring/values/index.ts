// Plain data alone: nothing here loads images or the engine, so that judging runs anywhere.
export {
  FEATURE_GROUPS,
  type FeatureGroup,
  GROUP_NAMES,
  isCategoryGroup,
  isFileGroup,
  isMapGroup,
  isModelGroup,
} from '../../feature-groups.ts'
export type { ImageRecord, ModelOutputName } from '../../images/index.ts'
export type { FeatureColumn, FeatureTable, PlaceMap } from '../../representations/index.ts'
export { canonicalJson } from './canonical-json.ts'
export { columnIndex, scoreColumn } from './columns.ts'
export { type ExactSums, type Moments, momentsOfSums, sumExactly } from './exact-sums.ts'
export { hashText, shortDigest } from './hash-text.ts'
export {
  LARGEST_SAMPLE,
  type MeasuredBy,
  type MeasuredImage,
  type MeasuredSource,
  type Measurements,
  noMeasurements,
} from './measurements.ts'
export { pickImages, pickRows } from './pick-rows.ts'
export { periodOf } from './period.ts'
export { joinPlaces } from './join-places.ts'
export {
  foldMeasurements,
  mergeMeasurements,
  mergeSkipped,
  type MeasurementsFold,
  sampleMeasurements,
} from './merge-measurements.ts'
