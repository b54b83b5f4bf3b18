export { DriftError, type DriftErrorCode, type DriftErrorOptions } from './errors.ts'
export type { Tensor } from './tensor/index.ts'
export {
  arrayImages,
  type BatchOptions,
  type ImageBatch,
  type ImageRecord,
  type ImageShape,
  type ImageSource,
  limitImages,
  openImages,
  type OpenOptions,
  type ResizePolicy,
  type SkippedImage,
} from './images/index.ts'
export type {
  FeatureColumn,
  FeatureGroup,
  FeatureTable,
  Representation,
} from './representations/index.ts'
export {
  type CheckOptions,
  type ClassifierInput,
  type Detector,
  type DetectorManifest,
  type Estimate,
  type Exemplars,
  type FeatureEvidence,
  fit,
  type FitOptions,
  type FitProgress,
  type GroupEvidence,
  type ImageScore,
  loadDetector,
  type LossComparison,
  type Policy,
  type Severity,
  type ShiftKind,
  type Threshold,
  type Tolerance,
  type Verdict,
} from './detector/index.ts'
export {
  collectReport,
  type PictureColumn,
  renderHtmlReport,
  renderTerminalReport,
  type ReportData,
  reportJson,
  type TerminalReportOptions,
  type TrainingHistory,
} from './report/index.ts'
