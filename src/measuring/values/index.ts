// Plain data alone: nothing here loads images or the engine, so that judging runs anywhere.
export type { ImageRecord, SkippedImage, SkippedImages, VectorName } from '../../images/index.ts'
export type { FeatureColumn, FeatureGroup, FeatureTable } from '../../representations/index.ts'
export { FEATURE_GROUPS, isModelGroup } from './feature-groups.ts'
