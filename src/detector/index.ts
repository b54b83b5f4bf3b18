export type {
  Estimate,
  FeatureEvidence,
  GroupEvidence,
  ImageScore,
  LossComparison,
  Severity,
  Threshold,
  Verdict,
} from './verdict.ts'
