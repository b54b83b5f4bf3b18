export type { ChartOptions } from './chart-frame.ts'
export { type DecisionScale, drawDecisionScale } from './decision-scale.ts'
export {
  type DetectionCurves,
  type DetectionSeries,
  drawDetectionCurves,
} from './detection-curves.ts'
export {
  drawEvidenceTimeline,
  type EvidenceTimeline,
  type TimelineMark,
} from './evidence-timeline.ts'
export { drawFeatureEffects, type EffectRow } from './feature-effects.ts'
export { drawGroupEvidence, type GroupRow } from './group-evidence.ts'
export {
  drawLossDistribution,
  type LossDistribution,
  type MeanLosses,
} from './loss-distribution.ts'
export { drawPlaceMap, type PlaceMapData } from './place-map.ts'
export { escapeMarkup, markup, type Markup, trusted } from './markup.ts'
export {
  type ColourName,
  darkPalette,
  ink,
  lightPalette,
  type Palette,
  type Tone,
} from './palette.ts'
export { drawTrainingCurve, type TrainingCurve, type TrainingHistory } from './training-curve.ts'
