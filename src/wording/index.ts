export { classTitle, describeShares } from './class-shares.ts'
export { describe } from './describe.ts'
export { tellFitNote, WAYS_TO_TRUST } from './fit-notes.ts'
export { groupTitle } from './group-title.ts'
export { isSignificant, type Judged, type JudgedBatch } from './judged.ts'
export { tellNote } from './notes.ts'
export { tellRepeats } from './repeats-words.ts'
export {
  formatChange,
  formatCount,
  formatCountOf,
  formatEffect,
  formatFrequency,
  formatInterval,
  formatNumber,
  formatPercent,
  formatPValue,
  formatPValueEquation,
  formatRate,
  formatShare,
  type Interval,
} from './number-format.ts'
export { describeVersions, formatMoment } from './provenance-words.ts'
export { countSkipped, describeReasons, describeSkipped } from './skipped-words.ts'
export {
  capitalise,
  keepEquations,
  renderTable,
  sentence,
  visibleText,
  withoutExplanation,
  wrapText,
} from './text-layout.ts'
export { describeStatus, describeStreamEvent, type StreamWords } from './stream-words.ts'
export { explainThreshold } from './threshold-words.ts'
export {
  describeRehearsal,
  describeWatch,
  imagesOf,
  openTitle,
  type RehearsalWords,
  shownStrength,
  titleWith,
} from './rehearsal-words.ts'
