export { type Baseline, columnIndex, createBaseline, scoreColumn } from './baseline.ts'
export {
  type FitCounts,
  largestBatch,
  MOST_REFERENCE,
  notesOnLargeBatch,
  undrawn,
} from './batch-limit.ts'
export { blockOrder, blocksOf, noteOnBlocks } from './blocks.ts'
export { classOutputs } from './class-outputs.ts'
export { describeShares, distanceOf } from './class-shares.ts'
export { behindRows } from './comparison.ts'
export { decide, SMALLEST_DRIFT, untestedThreshold } from './decide.ts'
export { type DriftSize, measureSize } from './drift-size.ts'
export { gatherEvidence, type MeasuredShare, measureShare, type TestedWindow } from './evidence.ts'
export { chooseExemplars } from './exemplars.ts'
export { timesIn } from './hash-counts.ts'
export { createRecogniser, type KnownImages, type Recogniser } from './known-images.ts'
export { addValue, compareLoss, NO_MOMENTS } from './loss-comparison.ts'
export { notesOnOutputs, type OutputsTrust } from './outputs-notes.ts'
export { FEWEST_IN_BATCH, type Policy } from './policy.ts'
export { labelsOf, namesFromLabels, NO_LABEL, type ReferenceLabels } from './reference-labels.ts'
export { type CheckedWindow, setAside } from './set-aside.ts'
export {
  createShiftJudge,
  type ShiftJudge,
  type ShiftKindOptions,
  type ShiftReference,
} from './shift-kind.ts'
export { drawMixture } from './tolerance/draw-mixture.ts'
export { createMixtureModel, fitMixture, type MixtureModel } from './tolerance/mixtures.ts'
export { nearestComparisons } from './tolerance/nearest-comparisons.ts'
export {
  neighboursAmong,
  poolOfTables,
  type ToleratedTable,
  type TolerancePool,
} from './tolerance/pool.ts'
export { notesOnUnused } from './unused-vectors.ts'
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
  Versions,
} from './verdict.ts'
export type { WindowImages, WindowRow } from './window-images.ts'
export {
  type FeatureTest,
  type FeatureTestOptions,
  prepareSizes,
  rankedColumns,
  rowBlocks,
  testedGroups,
  testFeatures,
  testGroups,
  type TestSettings,
  withoutColumns,
} from './window-test.ts'
