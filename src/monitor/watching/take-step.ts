import type { Detector } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { type FamilyEvent, openStreamFamily, type StreamFamily } from '../../judging/index.ts'
import { createGuards, type Guards } from '../guards/index.ts'
import { openGuarding } from './guarding.ts'
import { rowsOf } from './judge-window.ts'
import { SOURCE } from './pending-images.ts'
import type {
  SavedStream,
  Stepped,
  SteppedStream,
  StepRequest,
  WatchedImage,
} from './watching-messages.ts'

/** Streams of a monitor as they are remembered between steps. */
export type Remembered = {
  readonly stamp: string
  readonly family: StreamFamily
  readonly guards: Guards
}

/** Streams by monitor, those of the last steps. */
export type Memory = Map<string, Remembered>

const MOST_REMEMBERED = 8

/** Takes images into streams; `needs-streams` where they are neither remembered nor given. The same bits either way. */
export function takeStep(
  detector: Detector,
  request: StepRequest,
  memory: Memory,
): Stepped | 'needs-streams' {
  const { monitor, stamps, arrivals } = request
  const known = memory.get(monitor)
  const isKnown = known !== undefined && stamps.before !== '' && known.stamp === stamps.before
  if (!isKnown && request.streams === undefined) return 'needs-streams'
  const family = isKnown ? known.family : openFamily(detector, request, request.streams ?? [])
  const guards = isKnown ? known.guards : createGuards(detector.baseline, detector.manifest.policy)
  // Whatever goes wrong now, half of a step is not to be remembered.
  memory.delete(monitor)
  const guarding = openGuarding(guards, { family, saved: request.guards })
  const events = arrivals.flatMap((arrival) => {
    const { image } = arrival
    const own = image === null ? [] : family.take(rowsOf(detector, [image]))
    guarding.take(arrival)
    return own
  })
  memory.set(monitor, { stamp: stamps.after, family, guards })
  for (const [oldest] of memory) {
    if (memory.size <= MOST_REMEMBERED) break
    memory.delete(oldest)
  }
  const images = arrivals.flatMap(({ image }) => image ?? [])
  return {
    events: events.map(withoutUndefined),
    streams: changedStreams(family, images),
    found: guarding.found,
    guards: [...guarding.states],
  }
}

function openFamily(
  { baseline, manifest }: Detector,
  { settings: { falseAlarmEvery, threshold, seed } }: StepRequest,
  streams: readonly SavedStream[],
): StreamFamily {
  const options = { falseAlarmEvery, threshold, seed, by: sourceOf }
  const open = (saved: readonly SavedStream[]): StreamFamily =>
    openStreamFamily(baseline, manifest.policy, options, new Map(saved))
  try {
    return open(streams)
  } catch (error) {
    // What an older version remembered of streams tells this one nothing: they begin anew, and images go on to be taken.
    if (error instanceof DriftError && error.code === 'artifact.version') return open([])
    throw error
  }
}

function sourceOf({ attributes }: WatchedImage['record']): string | undefined {
  return attributes?.[SOURCE]
}

/** Beyond it nothing is surer, and infinity is no number of JSON. */
const MOST_EVIDENCE = 1e9

function changedStreams(family: StreamFamily, images: readonly WatchedImage[]): SteppedStream[] {
  const sources = new Set(images.map(({ record }) => sourceOf(record)))
  return ['', ...sources].flatMap((source) => {
    const stream = source === undefined ? undefined : family.streams.get(source)
    if (source === undefined || stream === undefined || images.length === 0) return []
    const evidence = Math.min(MOST_EVIDENCE, stream.evidence.peaks.at(-1) ?? 0)
    const { status } = stream
    return [{ source, state: stream.save(), status, images: stream.images, evidence }]
  })
}

/** As plain data, which an event is. */
function withoutUndefined(event: FamilyEvent): FamilyEvent {
  return JSON.parse(JSON.stringify(event)) as FamilyEvent
}
