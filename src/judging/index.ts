export {
  type Baseline,
  type BaselineNumbers,
  type BaselineSettings,
  createBaseline,
  type ReferencePlaces,
} from './baseline.ts'
export { largestBatch, MOST_REFERENCE, undrawn } from './batch-limit.ts'
export { blockOrder, blocksOf } from './blocks.ts'
export { classOutputs } from './class-outputs.ts'
export { distanceOf } from './class-shares.ts'
export { measureSize } from './drift-size.ts'
export { gatherEvidence, type MeasuredShare, measureShare, type TestedWindow } from './evidence.ts'
export { chooseExemplars } from './exemplars.ts'
export { timesIn } from './hash-counts.ts'
export { type ImageScore, scoreImages } from './image-scores.ts'
export { judge, type JudgeOptions, requireExtractor } from './judge.ts'
export type { KnownImages } from './known-images.ts'
export type { OutputsTrust } from './outputs-notes.ts'
export {
  type AlarmRule,
  completePolicy,
  type Policy,
  policyId,
  type PolicyInput,
  THRESHOLDS,
  type Thresholds,
} from './policy.ts'
export { labelsOf, namesFromLabels, NO_LABEL, type ReferenceLabels } from './reference-labels.ts'
export {
  createShiftJudge,
  type ShiftJudge,
  type ShiftKindOptions,
  type ShiftReference,
} from './shift-kind.ts'
export { findRepeats } from './repeats/find-repeats.ts'
export type { ImageRows } from './rehearsal/batch-alarm.ts'
export { createInjectedRuns, type InjectedRuns, type Injection } from './rehearsal/injected-runs.ts'
export { type ChangeToRehearse, FOUND, rehearseChange } from './rehearsal/rehearse-change.ts'
export type { RehearsalSettings } from './rehearsal/rehearsal-settings.ts'
export { type HistoryWatch, watchHistory } from './rehearsal/watch-history.ts'
export type { Evidence } from './stream/evidence-track.ts'
export { openStream, type Stream } from './stream/stream.ts'
export {
  type FamilyEvent,
  type FamilyOptions,
  openStreamFamily,
  type StreamFamily,
} from './stream/stream-family.ts'
export { type StreamReference, weightsOf } from './stream/stream-reference.ts'
export type { StreamStatus } from './stream/stream-status.ts'
export type { StreamOptions, StreamSettings, StreamThreshold } from './stream/stream-options.ts'
export { measurementsOfRows } from './rows-as-measurements.ts'
export type { TestSettings } from './test-settings.ts'
export { drawMixture } from './tolerance/draw-mixture.ts'
export {
  createMixtureModel,
  fitMixture,
  type MixtureModel,
  scaleOfBoth,
} from './tolerance/mixtures.ts'
export { nearestComparisons } from './tolerance/nearest-comparisons.ts'
export { poolOfTables, type ToleratedTable, type TolerancePool } from './tolerance/pool.ts'
export {
  comparesPlaces,
  type FeatureTest,
  type FeatureTestOptions,
  prepareSizes,
  testedGroups,
  testFeatures,
  contentGroups,
  testGroups,
  withoutColumns,
} from './window-test.ts'
