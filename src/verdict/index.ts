export {
  type DriftSize,
  type Estimate,
  type LossComparison,
  type ScoreBasis,
  type Severity,
  type ShareOfImages,
  type Threshold,
} from './decision.ts'
export {
  type CategoryEvidence,
  type ClassShare,
  type FeatureEvidence,
  featureGroupSchema,
  type GroupEvidence,
  type PlaceEvidence,
  type QuantityEvidence,
  type Typical,
} from './evidence.ts'
export { type FitNote, fitNoteSchema } from './fit-notes.ts'
export type { Exemplars, Foreign, Recognised, Repeats, TestedImages } from './images.ts'
export { type Judgement, judgementSchema } from './judgement.ts'
export type { Confidence, Note } from './notes.ts'
export { fileTraitsSchema, increaseSchema, rateSchema, thresholdFields } from './policy.ts'
export { type FitCounts, fitCountsSchema, type Versions, versionsSchema } from './provenance.ts'
export type { ReadOnly } from './read-only.ts'
export {
  type Rehearsal,
  REHEARSAL_VERSION,
  rehearsalSchema,
  type RehearsalTrial,
  type RehearsalWatch,
  type RehearsedChange,
  rehearsedChangeSchema,
  type RehearsedHistory,
  type SmallestFound,
} from './rehearsal.ts'
export type { Shift, UnclearBecause } from './shift.ts'
export {
  type ChangePoint,
  type StreamCarrier,
  type StreamEvent,
  streamEventSchema,
  type StreamPlace,
} from './stream-event.ts'
export { type Verdict, VERDICT_VERSION, verdictJsonSchema, verdictSchema } from './verdict.ts'
export type { Answer, Words } from './words.ts'
