export {
  type Baseline,
  type BaselineNumbers,
  type CategoryEvidence,
  type ClassShare,
  createBaseline,
  createShiftJudge,
  distanceOf,
  type DriftSize,
  type Estimate,
  type Exemplars,
  type FeatureEvidence,
  type FeatureTest,
  type FeatureTestOptions,
  type GroupEvidence,
  type ImageScore,
  largestBatch,
  type LossComparison,
  type MeasuredShare,
  measureShare,
  measureSize,
  type Judgement,
  type Policy,
  type PolicyInput,
  prepareSizes,
  type QuantityEvidence,
  type Recognised,
  type Severity,
  type ShareOfImages,
  type ShiftJudge,
  type ShiftKind,
  type ShiftKindOptions,
  type ShiftReference,
  type TestedWindow,
  testFeatures,
  testGroups,
  type Threshold,
  type Verdict,
  type Versions,
} from '../judging/index.ts'
export type { CheckOptions, JudgingOptions } from './check.ts'
export type { ClassifierInput } from '../representations/index.ts'
export { type Detector, loadDetector } from './detector.ts'
export {
  fitFeatureStack,
  type FitStackOptions,
  type StackSettings,
} from './fitting/fit-feature-stack.ts'
export { fit, type FitOptions } from './fitting/fit.ts'
export type { FitProgress } from './fitting/fit-progress.ts'
export { describePlan, type MemoryPlan } from './fitting/memory-plan.ts'
export type { DetectorManifest } from './artifact/manifest.ts'
export { parseCheckOptions, parseFitOptions } from './settings/options.ts'
export type { CheckInput, FitInput, Tolerance } from './settings/settings.ts'
export type { Clock } from './provenance.ts'
export type { DetectorParts, LoadOptions } from './artifact/storage.ts'
