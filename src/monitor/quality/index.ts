export { openQuality, type Quality } from './quality.ts'
export { accuracyStates, type Share } from './report-quality.ts'
export { TRUTH_STATUSES } from './take-ground-truth.ts'
