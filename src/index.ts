export { DriftError, type DriftErrorCode, type DriftErrorOptions } from './errors.ts'
export type { Tensor } from './tensor/index.ts'
export type {
  BatchOptions,
  ImageBatch,
  ImageRecord,
  ImageShape,
  ImageSource,
  ResizePolicy,
  SkippedImage,
} from './images/index.ts'
export type {
  FeatureColumn,
  FeatureGroup,
  FeatureTable,
  Representation,
} from './representations/index.ts'
export type {
  Estimate,
  FeatureEvidence,
  GroupEvidence,
  ImageScore,
  LossComparison,
  Severity,
  Threshold,
  Verdict,
} from './detector/index.ts'
export type { PictureColumn, ReportData, TrainingHistory } from './report/index.ts'
