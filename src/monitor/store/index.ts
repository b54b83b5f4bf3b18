export type { AccessTable, AuditEntry, StoredToken } from './access-table.ts'
export type { Mute, StoredAlert, Told } from './alerts-table.ts'
export type { StoredEvent, StoredWindow } from './events-table.ts'
export type { FeedItem, StoredFeedItem } from './feed-table.ts'
export type {
  AnswerCount,
  AnswersOptions,
  CountedAnswer,
  GroundTruth,
  NamedImage,
} from './ground-truth-table.ts'
export type { ImageOutcome } from './images-table.ts'
export type { Backlog, PendingImage, Receipt, ReceivedImage } from './inbox-table.ts'
export type { StoredJob } from './jobs-table.ts'
export type { Lease } from './leases-table.ts'
export type { DetectorFacts, StoredMonitor } from './monitors-table.ts'
export type { Delivery, OutboxMessage } from './outbox-table.ts'
export type { ClosedPeriod, PeriodImages, StoredPeriod } from './periods-table.ts'
export type { PeriodKind } from './tables.ts'
export { restoreBackup } from './backup/restore-backup.ts'
export { writeBackup } from './backup/write-backup.ts'
export { isUnavailable } from './unavailable.ts'
export { openStore, type Store, type StoreLocation, type Tables } from './store.ts'
export {
  type CountedImage,
  type ImageToCount,
  type LeftOutImage,
  type NamedLeftOut,
  OvertakenError,
  type StoredGuards,
  type StoredStream,
  type StoredThumbnail,
  type StreamFacts,
  type Watch,
  type WatchStep,
} from './watching-table.ts'
