import type { Clock } from '../../detector/index.ts'
import type { Fitter } from '../fitting/index.ts'
import type { Inbox } from '../inbox/index.ts'
import type { Log } from '../log/index.ts'
import type { Quality } from '../quality/index.ts'
import type { DetectorFacts, Store } from '../store/index.ts'
import type { Unpacker } from '../unpacking/index.ts'
import type { Judges, ScoreWaits } from '../watching/index.ts'

/** What routes work with. */
export type HttpPorts = {
  readonly store: Store
  readonly inbox: Inbox
  readonly judges: Judges
  readonly scoreWaits: ScoreWaits
  readonly fitter: Pick<Fitter, 'requireRoom' | 'begin' | 'cancel'>
  readonly unpacker: Pick<Unpacker, 'unpack'>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: {
    received(monitor: string, images: number): void
    answered(route: string, status: number, seconds: number): void
    text(): Promise<string>
    readonly contentType: string
  }
  readonly limits: {
    readonly imageBytes: number
    /** Of an array, a table or an archive. */
    readonly bodyBytes: number
    readonly pixels: number
    readonly inFlightBytes: number
    /** Of one token; null: any. */
    readonly requestsPerMinute: number | null
  }
  /** Looks into a detector's file; throws DriftError where it is none. */
  readonly inspectDetector: (
    artifact: Uint8Array,
  ) => Promise<{ readonly id: string; readonly facts: DetectorFacts }>
  readonly quality: Quality
  /** Monitors were added. */
  readonly onMonitors: () => Promise<void>
  /** Whether only programs of this machine reach the service. */
  readonly isLocal: boolean
  /** Of this program. */
  readonly version: string
}
