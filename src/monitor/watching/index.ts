export {
  findingOf,
  type Happening,
  type HappeningKind,
  newsOf,
  SERVICE_FINDINGS,
  type StoredFinding,
} from './happening.ts'
export { restoredHappening } from './restored.ts'
export { openScoreWaits, type ScoreWaits } from './await-scores.ts'
export { openJudges, type Judges } from './judges.ts'
export { type ScoredImage, scoreOutcomes } from './score-outcomes.ts'
export { watchedOf } from './counted-images.ts'
export { type MonitorSettings, monitorSettingsSchema } from './monitor-settings.ts'
export type { ImageFacts } from './pending-images.ts'
export { readMonitor, type WatchedMonitor, type Committed } from './watched.ts'
export { startWatcher, type Watcher } from './watcher.ts'
export { lookForSilence } from './look-for-silence.ts'
export { readSources } from './read-sources.ts'
export { lookForStaleness } from './stale-baseline.ts'
export { SOURCE_STATES, stateOf } from './states.ts'
export type { WatcherPorts } from './watched.ts'
