export {
  type Baseline,
  type BaselineNumbers,
  comparesPlaces,
  createBaseline,
  type ReferencePlaces,
  createShiftJudge,
  distanceOf,
  type FeatureTest,
  type FeatureTestOptions,
  type ImageScore,
  largestBatch,
  type MeasuredShare,
  measureShare,
  measureSize,
  type Policy,
  type PolicyInput,
  prepareSizes,
  type ShiftJudge,
  type ShiftKindOptions,
  type ShiftReference,
  type TestedWindow,
  testFeatures,
  testGroups,
} from '../judging/index.ts'
export type { CheckOptions, JudgingOptions } from './check.ts'
export type { ClassifierInput } from '../representations/index.ts'
export type {
  CategoryEvidence,
  ClassShare,
  DriftSize,
  Estimate,
  Exemplars,
  FeatureEvidence,
  GroupEvidence,
  Judgement,
  LossComparison,
  QuantityEvidence,
  Recognised,
  Severity,
  ShareOfImages,
  Shift,
  Threshold,
  Verdict,
  Versions,
  Words,
} from '../verdict/index.ts'
export { type Detector, loadDetector } from './detector.ts'
export {
  type ExtractorSettings,
  fitExtractor,
  type FitExtractorOptions,
} from './fitting/fit-extractor.ts'
export { fit, type FitOptions } from './fitting/fit.ts'
export type { FitProgress } from './fitting/fit-progress.ts'
export { describePlan, type MemoryPlan } from './fitting/memory-plan.ts'
export type { DetectorManifest } from './artifact/manifest.ts'
export type {
  ChangePictures,
  KeptChanges,
  RehearsalProgress,
  Rehearsed,
  RehearseOptions,
} from './rehearse.ts'
export { parseCheckOptions, parseFitOptions, parseRehearseOptions } from './settings/options.ts'
export { type NameSetting, parseSettings } from './settings/parse-settings.ts'
export type { CheckInput, FitInput, RehearseInput, Tolerance } from './settings/settings.ts'
export { type Clock, libraryVersion } from './provenance.ts'
export type { DetectorParts, LoadOptions } from './artifact/storage.ts'
