import type { ColumnType, Generated } from 'kysely'

/** A fitted detector as its file. */
type DetectorsTable = {
  readonly id: string
  readonly artifact: Uint8Array
  readonly added_at: number
  /** JSON; null where it was added by an older version. */
  readonly facts: string | null
}

/** A detector and how to watch with it; settings are JSON. */
type MonitorsTable = {
  readonly id: string
  readonly detector: string
  readonly settings: string
  readonly created_at: number
}

/** What an image has come to; of a forgotten one only the name is known. */
export type ImageState = 'pending' | 'counted' | 'skipped' | 'forgotten'

/** Every image that was ever accepted, by the order in which it came. */
type ImagesTable = {
  readonly number: Generated<number>
  readonly monitor: string
  readonly prediction_id: string
  /** SHA-256 of the bytes, so that the same image sent twice is told from another of its name. */
  readonly digest: string
  readonly size: number
  readonly source: string | null
  readonly taken_at: string | null
  /** JSON: what came with it. */
  readonly facts: string
  readonly received_at: number
  readonly state: ImageState
}

/** The bytes apart, since they come and go. */
type ImageBytesTable = {
  readonly image: number
  readonly monitor: string
  readonly bytes: Uint8Array
}

/** A small picture of an image that was counted, where those are kept. */
type ThumbnailsTable = ImageBytesTable

/** The numbers of a counted image. */
type MeasuredTable = {
  readonly image: number
  readonly monitor: string
  /** Its number among the counted images of its monitor, from 1. */
  readonly position: number
  readonly hash: number
  /** JSON. */
  readonly record: string
  /** Float32, little-endian. */
  readonly numbers: Uint8Array
  /** When it was made, else received; null of images of before that was written down, and so the next. */
  readonly taken_at: number | null
  /** Its place in a draw of a sample. */
  readonly draw: number | null
}

/**
 * What is at each place of a counted image, where windows are judged by it. Apart: beside its numbers a row would fill a
 * page, and whoever draws a sample would read all of it.
 */
type PlacesTable = {
  readonly image: number
  /** Int8, all cells of the detector's maps. */
  readonly cells: Uint8Array
}

/** An image that was left out, and why. */
type SkippedTable = {
  readonly image: number
  readonly monitor: string
  /** Images that were counted before it. */
  readonly position: number
  readonly code: string
  readonly message: string
  readonly skipped_at: number
}

/** How far a monitor has come; `stamp` is another after each commit. */
type WatchesTable = {
  readonly monitor: string
  readonly position: number
  readonly skipped: number
  readonly stamp: string
}

/** What is remembered of each source of a monitor; the empty name stands for all together. */
type StreamsTable = {
  readonly monitor: string
  readonly source: string
  readonly state: Uint8Array
  readonly status: string
  readonly images: number
  readonly evidence: number
  /** When its last image was received. */
  readonly last_at: number
  /** Number of its image at which the last change was over; null where there was none. */
  readonly recovered_at: number | null
}

/** What happened, in the order in which it was found. */
type EventsTable = {
  readonly id: Generated<number>
  readonly monitor: string
  readonly source: string
  readonly kind: string
  /** JSON. */
  readonly event: string
  readonly told_at: number
}

/** A stretch of counted images that is judged as one batch; without a verdict it waits for it. */
type WindowsTable = {
  readonly monitor: string
  readonly number: number
  readonly first: number
  readonly last: number
  readonly closed_at: number
  /** JSON. */
  readonly verdict: string | null
  readonly severity: string | null
}

/** Where an alert stands. */
export type AlertState = 'open' | 'acknowledged' | 'resolved'

type AlertsTable = {
  readonly id: string
  readonly monitor: string
  readonly source: string
  readonly rule: string
  readonly state: AlertState
  readonly opened_at: number
  readonly changed_at: number
  /** Times it was opened, the first and those after it was resolved. */
  readonly times: number
  readonly summary: string
  /** JSON. */
  readonly findings: string
  /** When the channels were told of it last, and as what; null: never. */
  readonly told_at: number | null
  readonly told_as: AlertStanding | null
  /** Until then nobody is told of it; all three or none. */
  readonly muted_until: number | null
  readonly muted_by: string | null
  readonly muted_reason: string | null
}

/** As what an alert was told. */
export type AlertStanding = 'open' | 'resolved'

/** Messages that wait to be delivered, and those that were. */
type OutboxTable = {
  readonly id: string
  readonly alert: string
  readonly channel: string
  /** JSON. */
  readonly message: string
  readonly attempts: number
  /** Null once it was delivered or given up. */
  readonly due_at: number | null
  readonly claimed_until: number
  readonly delivered_at: number | null
  readonly error: string | null
  readonly created_at: number
}

/** Who may do what only one may at a time. */
type LeasesTable = {
  readonly name: string
  readonly owner: string
  readonly epoch: number
  readonly until: number
}

/** Who may speak to the service; of the secret only its SHA-256. */
type TokensTable = {
  readonly id: string
  readonly name: string
  readonly digest: string
  /** Separated by commas. */
  readonly scopes: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
}

/** Who changed what. */
type AuditTable = {
  readonly id: Generated<number>
  readonly at: number
  readonly who: string
  readonly what: string
  /** JSON. */
  readonly facts: string
}

/** What an image really shows; without an image it waits for it. */
type GroundTruthTable = {
  readonly monitor: string
  readonly prediction_id: string
  readonly label: string
  readonly said_at: number
  readonly image: number | null
  readonly predicted: string | null
  readonly source: string | null
  /** Begin of the day on which the image was taken. */
  readonly day: number | null
  /** Among all answers, from 1. */
  readonly number: number | null
  readonly number_of_source: number | null
}

/** How often the model was right, of each source; the empty name stands for all together. */
type AccuracyTable = {
  readonly monitor: string
  readonly source: string
  /** JSON; empty where there is none yet. */
  readonly state: string
}

/** Images by day, source, predicted and true class: they stay when single images go. */
type AnswersTable = {
  readonly monitor: string
  readonly day: number
  readonly source: string
  readonly predicted: string
  readonly actual: string
  readonly images: number
}

/** What guards remember of each source; the empty name stands for images that name none. */
type GuardsTable = {
  readonly monitor: string
  readonly source: string
  /** JSON. */
  readonly state: string
}

/** What those who listen live are told, and the number of the last of it. */
type FeedTable = {
  readonly id: number
  readonly monitor: string
  readonly type: string
  /** JSON. */
  readonly data: string
  readonly at: number
}

type FeedEndsTable = { readonly last: number }
/** `sliding`: the last windows by time together. */
export type PeriodKind = 'time' | 'sliding'

/** A window by time; `late` images came after it was closed, the last ones before are told by their position. */
type PeriodsTable = {
  readonly id: Generated<number>
  readonly monitor: string
  readonly kind: PeriodKind
  readonly starts_at: number
  readonly ends_at: number
  readonly images: number
  readonly late: number
  readonly arrived_at: number
  readonly last: Nullable<number>
  readonly closed_at: Nullable<number>
  /** JSON. */
  readonly verdict: Nullable<string>
  readonly severity: Nullable<string>
}

/** Where work that takes its time stands. */
export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** Fits; `alive_until` is the sign of life of the service that works on it. */
type JobsTable = {
  readonly id: string
  readonly state: JobState
  readonly reference: string
  readonly created_at: number
  readonly changed_at: number
  readonly alive_until: number
  /** JSON. */
  readonly progress: string | null
  readonly detector: string | null
  readonly error: string | null
}

/** A column that need not be given. */
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>

/** All tables, the same in both databases. */
export type Tables = {
  readonly detectors: DetectorsTable
  readonly monitors: MonitorsTable
  readonly images: ImagesTable
  readonly image_bytes: ImageBytesTable
  readonly thumbnails: ThumbnailsTable
  readonly measured: MeasuredTable
  readonly places: PlacesTable
  readonly skipped: SkippedTable
  readonly watches: WatchesTable
  readonly streams: StreamsTable
  readonly events: EventsTable
  readonly windows: WindowsTable
  readonly alerts: AlertsTable
  readonly outbox: OutboxTable
  readonly leases: LeasesTable
  readonly tokens: TokensTable
  readonly audit: AuditTable
  readonly feed: FeedTable
  readonly feed_ends: FeedEndsTable
  readonly ground_truth: GroundTruthTable
  readonly accuracy: AccuracyTable
  readonly answers: AnswersTable
  readonly guards: GuardsTable
  readonly periods: PeriodsTable
  readonly jobs: JobsTable
}
