import type { GuardName, GuardState } from '../guards/index.ts'
import type { Store } from '../store/index.ts'
import { isStale } from './stale-baseline.ts'
import { type SourceState, stateOf } from './states.ts'
import type { WatchedMonitor } from './watched.ts'

/** A source of a monitor; the empty name stands for all together. */
export type SourceReport = {
  readonly source: string
  readonly state: SourceState
  /** What guards found, the first one first. */
  readonly raised: readonly GuardName[]
  readonly images: number
  readonly evidence: number
  /** Null where no image of it could be read. */
  readonly lastAt: number | null
}

/** What each source of a monitor is at, those too of which no image could be read. */
export async function readSources(
  { id, detector, settings }: WatchedMonitor,
  { store, now }: { readonly store: Store; readonly now: number },
): Promise<SourceReport[]> {
  const streams = await store.watching.streams(id)
  const guards = new Map(await store.watching.guards(id))
  const facts = (await store.monitors.detectorFacts(detector)) ?? {}
  const options = { ...settings, now, isStale: isStale(facts, { ...settings, now }) }
  const raisedOf = (source: string): readonly GuardName[] => {
    const state = guards.get(source)
    return state === undefined ? [] : (JSON.parse(state) as GuardState).raised
  }
  const known = new Set(streams.map(({ source }) => source))
  const unread = [...guards.keys()].filter((source) => !known.has(source))
  return [
    ...streams.map((stream) => {
      const { source, images, evidence, lastAt } = stream
      const raised = raisedOf(source)
      return {
        source,
        state: stateOf(stream, { ...options, raised }),
        raised,
        images,
        evidence,
        lastAt,
      }
    }),
    ...unread.map((source) => {
      const raised = raisedOf(source)
      const state = raised[0] ?? 'insufficient-data'
      return { source, state, raised, images: 0, evidence: 0, lastAt: null }
    }),
  ]
}
