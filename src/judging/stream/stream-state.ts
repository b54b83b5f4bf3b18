import type {
  ChangeState,
  DependenceState,
  RecoveryState,
  SlowChangeState,
} from '../../statistics/index.ts'
import { type EvidenceTrack, noTrack } from './evidence-track.ts'
import { MOST_RECENT, noRecentImages, type RecentImages } from './recent-images.ts'
import type { StreamStatus } from './stream-status.ts'
import type { StreamTests } from './stream-tests.ts'

/** A change that goes on. */
export type OpenChange = {
  /** Number of its first image, from 0. */
  readonly since: number
  /** The watched column that recovery is read from. */
  readonly carrier: number
}

/** Images of a block that is not finished yet. */
export type OpenBlock = { readonly name: string; readonly images: number }

/** So many alarms in a short time, and the images change again and again: stretches of them are alike. */
const RESTLESS_ALARMS = 8

/** All that a stream remembers. */
export type StreamState = {
  status: StreamStatus
  /** Images taken, and bets made of them: one for each image or finished block. */
  images: number
  bets: number
  open: OpenChange | undefined
  block: OpenBlock | undefined
  readonly change: ChangeState
  readonly dependence: DependenceState
  readonly slow: readonly SlowChangeState[]
  recovery: RecoveryState
  /** Sums of the watched columns over the open block. */
  readonly sums: Float64Array
  /** Number of the first image of each of the last bets: a ring. */
  readonly firstImages: Float64Array
  /** The watched columns of those bets: of its image, or the mean of its block. */
  readonly rows: Float32Array
  /** 1 for each of them that counts as normal. */
  readonly isNormal: Uint32Array
  readonly recent: RecentImages
  readonly track: EvidenceTrack
  /** Numbers of the images of the last alarms, oldest first; −∞ where there were fewer. */
  readonly alarms: Float64Array
}

/** A stream of which nothing is known. */
export function startState(
  tests: StreamTests,
  { columns, width }: { readonly columns: number; readonly width: number },
): StreamState {
  return {
    status: 'watching',
    images: 0,
    bets: 0,
    open: undefined,
    block: undefined,
    change: tests.change.init(),
    dependence: tests.dependence.init(),
    slow: tests.slow.map((test) => test.init()),
    recovery: tests.recovery.init(),
    sums: new Float64Array(columns),
    firstImages: new Float64Array(MOST_RECENT),
    rows: new Float32Array(MOST_RECENT * columns),
    isNormal: new Uint32Array(MOST_RECENT),
    recent: noRecentImages(width),
    track: noTrack(),
    alarms: new Float64Array(RESTLESS_ALARMS).fill(-Infinity),
  }
}
