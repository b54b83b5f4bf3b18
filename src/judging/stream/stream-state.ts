import type {
  ChangeState,
  DependenceState,
  DirectionState,
  RecoveryState,
  SlowChangeState,
} from '../../statistics/index.ts'
import { type EvidenceTrack, noTrack } from './evidence-track.ts'
import { noRecentBets, type RecentBets } from './recent-bets.ts'
import { noRecentImages, type RecentImages } from './recent-images.ts'
import type { StreamStatus } from './stream-status.ts'
import type { StreamTests } from './stream-tests.ts'

/** A change that goes on. */
export type OpenChange = {
  /** Number of its first image, from 0. */
  readonly since: number
  /** The watched column that recovery is read from, or the map of the frame. */
  readonly carrier: number
  /** Which test of places found it, if one did. */
  readonly places?: number | undefined
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
  readonly slow: SlowChangeState
  recovery: RecoveryState
  /** Of each test of places. */
  readonly places: readonly DirectionState[]
  /** Sums of all columns over the open block. */
  readonly sums: Float64Array
  readonly recentBets: RecentBets
  readonly recent: RecentImages
  readonly track: EvidenceTrack
  /** Numbers of the images of the last alarms, oldest first; −∞ where there were fewer. */
  readonly alarms: Float64Array
}

/** How large a state is. */
export type StateSize = {
  /** Columns of an image, and those of them that are watched. */
  readonly width: number
  readonly columns: number
  /** Whether images of a block make one bet. */
  readonly hasBlocks: boolean
}

/** A stream of which nothing is known. */
export function startState(
  tests: StreamTests,
  { width, columns, hasBlocks }: StateSize,
): StreamState {
  return {
    status: 'watching',
    images: 0,
    bets: 0,
    open: undefined,
    block: undefined,
    change: tests.change.init(),
    dependence: tests.dependence.init(),
    slow: tests.slow.init(),
    recovery: tests.recovery.init(),
    places: tests.places.map(({ change }) => change.init()),
    sums: new Float64Array(hasBlocks ? width : 0),
    recentBets: noRecentBets(columns, { hasBlocks }),
    recent: noRecentImages(width),
    track: noTrack(),
    alarms: new Float64Array(RESTLESS_ALARMS).fill(-Infinity),
  }
}
