export { largestBatch } from './batch-limit.ts'
export { type Baseline, createBaseline } from './baseline.ts'
export type { CheckOptions } from './check.ts'
export { type Detector, loadDetector } from './detector.ts'
export { SMALLEST_DRIFT } from './decide.ts'
export { type DriftSize, measureSize } from './drift-size.ts'
export { type MeasuredShare, measureShare, type TestedWindow } from './evidence.ts'
export {
  type ClassifierInput,
  fitFeatureStack,
  type FitStackOptions,
  type StackSettings,
} from './fit-feature-stack.ts'
export { fit, type FitOptions } from './fit.ts'
export type { FitProgress } from './fit-progress.ts'
export { describePlan, type MemoryPlan } from './memory-plan.ts'
export type { DetectorManifest } from './manifest.ts'
export { parseCheckOptions, parseFitOptions } from './options.ts'
export type { CheckInput, FitInput, Policy, Tolerance } from './settings.ts'
export type { Clock, Versions } from './provenance.ts'
export type { DetectorParts } from './storage.ts'
export {
  createShiftJudge,
  type ShiftJudge,
  type ShiftKindOptions,
  type ShiftReference,
} from './shift-kind.ts'
export { describeShares, distanceOf } from './class-shares.ts'
export type {
  CategoryEvidence,
  ClassShare,
  Estimate,
  Exemplars,
  FeatureEvidence,
  GroupEvidence,
  ImageScore,
  LossComparison,
  QuantityEvidence,
  Recognised,
  Severity,
  ShareOfImages,
  ShiftKind,
  Threshold,
  Verdict,
} from './verdict.ts'
export {
  type FeatureTest,
  type FeatureTestOptions,
  prepareSizes,
  testFeatures,
  testGroups,
} from './window-test.ts'
