import type { FamilyEvent, ImageScore, StreamStatus } from '../../judging/index.ts'
import type { ImageRecord, SkippedImage } from '../../images/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import type { GuardState, GuardTurn } from '../guards/index.ts'
import type { WantedDetector } from '../measuring/index.ts'
import type { MonitorSettings } from './monitor-settings.ts'

/** A measured image. */
export type WatchedImage = {
  readonly number: number
  readonly record: ImageRecord
  readonly hash: number
  readonly numbers: Float32Array
  /** What is at each place of its frame, where that is known and asked for. */
  readonly places?: Int8Array | undefined
}

/** The stream of a source as bytes; the empty name stands for all together. */
export type SavedStream = readonly [source: string, state: Uint8Array]

/** Takes images into the streams of a monitor. */
export type StepRequest = {
  readonly kind: 'step'
  readonly detector: WantedDetector
  readonly monitor: string
  readonly settings: Pick<MonitorSettings, 'falseAlarmEvery' | 'threshold' | 'seed'>
  /** Of what the streams remember before this step, and of what they will after it. */
  readonly stamps: { readonly before: string; readonly after: string }
  /** The streams before it, where whoever is asked doesn't remember them. */
  readonly streams?: readonly SavedStream[] | undefined
  /** All that came, in order. */
  readonly arrivals: readonly Arrival[]
  /** What guards remember of each source before it. */
  readonly guards: readonly SavedGuards[]
}

/** An image that came, without what was measured where it could not be read; the empty source stands for none. */
export type Arrival = { readonly source: string; readonly image: WatchedImage | null }

/** What guards remember of a source. */
export type SavedGuards = readonly [source: string, state: GuardState]

/** What guards found of a source. */
export type FoundByGuards = GuardTurn & {
  readonly source: string
  /** Numbers of the last images that could be read. */
  readonly images: readonly number[]
}

/** A stream after a step. */
export type SteppedStream = {
  readonly source: string
  readonly state: Uint8Array
  readonly status: StreamStatus
  readonly images: number
  /** In units of what alarms. */
  readonly evidence: number
}

/** What happened, and the streams that took an image. */
export type Stepped = {
  readonly events: readonly FamilyEvent[]
  readonly streams: readonly SteppedStream[]
  readonly found: readonly FoundByGuards[]
  /** Of those sources that an image came from. */
  readonly guards: readonly SavedGuards[]
}

/** Judges images as one batch. */
export type JudgeRequest = {
  readonly kind: 'judge'
  readonly detector: WantedDetector
  readonly monitor: string
  readonly images: readonly WatchedImage[]
  readonly skipped: readonly SkippedImage[]
  /** Images that these are a sample of; default: they are all. */
  readonly of?: number | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Writes the report of a verdict. */
export type ReportRequest = {
  readonly kind: 'report'
  readonly detector: WantedDetector
  readonly verdict: Verdict
  /** Those that were judged, as far as they are known still. */
  readonly images: readonly WatchedImage[]
  /** Picture files of some of them. */
  readonly pictures: readonly {
    readonly number: number
    readonly record: ImageRecord
    readonly bytes: Uint8Array
  }[]
}

/** Says how unusual single images are. */
export type ScoreRequest = {
  readonly kind: 'score'
  readonly detector: WantedDetector
  readonly images: readonly WatchedImage[]
}

/** How unusual an image is by itself, as `scoreImages` has it. */
export type OwnScore = Omit<ImageScore, 'record'>

/** Makes a picture of an image whose file is kept: WebP, or as the detector sees it again, PNG. */
export type PictureRequest = {
  readonly kind: 'picture'
  readonly detector: WantedDetector
  readonly of: 'thumbnail' | 'reconstruction'
  readonly bytes: Uint8Array
}

/** What a watching process is asked. */
export type WatchingRequest =
  | StepRequest
  | JudgeRequest
  | ReportRequest
  | ScoreRequest
  | PictureRequest

/** What it answers; or what it needs to know first. */
export type WatchingAnswer =
  | { readonly stepped: Stepped }
  | { readonly verdict: Verdict }
  | { readonly html: string }
  | { readonly picture: Uint8Array }
  | { readonly scores: readonly OwnScore[] }
  | { readonly needs: 'detector' | 'streams' }
