// Windows against a reference: the test behind every verdict, and the size of what it finds.
export {
  chanceFound,
  type DetectionCurve,
  type DetectionTrials,
  fitDetectionCurve,
  type StrengthEstimate,
  strengthFound,
} from './detection-curve.ts'
export { ALLOWED_SCORES, type Allowances } from './omnibus/allowances.ts'
export { scoreDifferences } from './omnibus/score-differences.ts'
export { omnibusExact, type OmnibusExactOptions } from './omnibus/exact.ts'
export {
  extendFastOmnibus,
  type FastNull,
  type FastOmnibus,
  type FastOmnibusOptions,
  type FastTestOptions,
  omnibusFast,
  prepareFastOmnibus,
  screeningLevel,
  screenWindow,
} from './omnibus/fast.ts'
export { extrapolateLogP, type LogPValue } from './omnibus/extrapolate.ts'
export type {
  MapRange,
  OmnibusColumnResult,
  OmnibusGroup,
  OmnibusGroupKind,
  OmnibusGroupResult,
  OmnibusMapResult,
  OmnibusResult,
} from './omnibus/groups.ts'
export { mapMoments, mapStatistic, placeDifferences } from './omnibus/map-window.ts'
export { type OmnibusReference, prepareOmnibusReference } from './omnibus/reference.ts'
export {
  createScoreScale,
  meanOf,
  meanScores,
  type ScoreScale,
  scoresOfColumn,
} from './omnibus/score-scale.ts'
export { mixtureResidual, type MixtureProblem, nearestMixture } from './nearest-mixture.ts'
export { type CategoryEffect, categoryEffect, type CategoryShare } from './category-effect.ts'
export {
  type ChangedShare,
  type ChangedShareOptions,
  estimateChangedShare,
} from './changed-share.ts'
export { type AnyColumnEffect, columnEffects, type ColumnEffect, hedgesG } from './effect-size.ts'

export { shiftDistance } from './shift-distance.ts'
export { densityGrowth } from './density-growth.ts'
export { nearGroups } from './near-groups.ts'

export { kolmogorovSmirnovDistance } from './kolmogorov-smirnov.ts'
export { exceedanceChance } from './exceedance-chance.ts'

// What tests are made of: distributions, order, random subsets.
export {
  betaCdf,
  betaQuantile,
  chiSquaredTail,
  kolmogorovTail,
  logBinomial,
  normalQuantile,
  normalTwoSided,
} from './distributions.ts'
export { ascending, countBelow, countNotAbove } from './sorted.ts'
export { drawSubsets, planPermutations, type RowLabels, type Subsets } from './omnibus/subsets.ts'

// Rates.
export { fewerThanChance, fewerThanOthers, type Successes } from './fewer-successes.ts'
export { type Interval, wilsonInterval } from './wilson-interval.ts'

// Of single images, and of several p-values.
export { conformalPValue, randomisedConformalPValue } from './conformal.ts'
export { benjaminiHochberg, holm } from './multiple-testing.ts'

// Which kind of shift.
export { confusionMatrix } from './confusion.ts'
export {
  classifyShift,
  estimateLabelShares,
  labelShiftTest,
  type LabelShiftOptions,
  type ShiftKind,
} from './prior-shift.ts'

// Another mix of labels, under a classifier that errs.
export {
  appearanceShiftTest,
  type AppearanceTestOptions,
  type AppearanceTestResult,
  type AppearanceWindow,
} from './label-shift/appearance-test.ts'
export type { RowTable } from './label-shift/discriminants.ts'
export { effectiveRows, labelWeights, mostLikelyLabelShares } from './label-shift/label-shares.ts'
export {
  type LabelledReference,
  type LabelledRows,
  prepareLabelledReference,
} from './label-shift/labelled-reference.ts'
export { largestWeightedGap, mixingBound } from './label-shift/mixing-bound.ts'

// Streams.
export {
  type ArrayState,
  binRows,
  calibrateThreshold,
  type CalibrationOptions,
  type ChangeState,
  type ChangeTest,
  type ChangeTestOptions,
  createChangeTest,
  createDependenceTest,
  createDirectionTest,
  createRecoveryTest,
  createSlowChangeTest,
  type DependenceState,
  type DependenceTestOptions,
  type DirectionState,
  type DirectionTest,
  findStart,
  fitRankBins,
  type FoundStart,
  guaranteedThreshold,
  type RankBins,
  type RecoveryState,
  type SequentialTest,
  type SlowChangeOptions,
  type SlowChangeState,
  type SlowChangeTest,
  stateFromBytes,
  stateToBytes,
} from './sequential/index.ts'
