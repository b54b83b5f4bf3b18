import { remind, type Telling } from './alerts/index.ts'
import type { Config } from './config.ts'
import type { Inbox } from './inbox/index.ts'
import { type Job, prune } from './jobs/index.ts'
import type { Quality } from './quality/index.ts'
import {
  lookForSilence,
  lookForStaleness,
  readMonitor,
  type WatcherPorts,
} from './watching/index.ts'

const MINUTE_MS = 60_000
/** Of what those who listen live are told, for those who were away. */
const FEED_KEPT = 10_000

type JobPorts = {
  readonly inbox: Inbox
  readonly quality: Quality
  readonly watching: WatcherPorts
  readonly startWatchers: () => Promise<void>
  readonly everyMs: number
  readonly telling: Telling
}

/** Looks at what passes without a request: other replicas, silence, open alerts, what is to be dropped. */
export function repeatedJobs(
  { monitors: configured, remindEveryMs }: Pick<Config, 'monitors' | 'remindEveryMs'>,
  { inbox, quality, watching, startWatchers, everyMs, telling }: JobPorts,
): Job[] {
  // Their images lie in a folder.
  const watched = new Set(configured.flatMap((one) => (one.watch ? [one.id] : [])))
  const { store, clock, onFound, onCommitted } = watching
  const now = (): number => clock().getTime()
  const monitors = async () => (await store.monitors.all()).map(readMonitor)
  return [
    { name: 'monitors of others', everyMs: 5 * everyMs, run: startWatchers },
    { name: 'backlog', everyMs: 5 * everyMs, run: () => inbox.refresh() },
    {
      name: 'ground truth',
      everyMs: 5 * everyMs,
      run: async () => {
        for (const monitor of await monitors()) await quality.settle(monitor)
      },
    },
    {
      name: 'silence and age',
      everyMs: 10 * everyMs,
      run: async () => {
        for (const monitor of await monitors()) {
          for (const look of [lookForSilence, lookForStaleness]) {
            const happenings = await look(monitor, { store, now: now(), onFound })
            if (happenings.length === 0) continue
            onCommitted({ monitor: monitor.id, counted: 0, leftOut: 0, happenings })
          }
        }
      },
    },
    {
      name: 'reminders',
      everyMs: 10 * everyMs,
      run: async () => void (await remind({ store, now: now(), everyMs: remindEveryMs, telling })),
    },
    {
      name: 'retention',
      everyMs: 5 * MINUTE_MS,
      run: async () => {
        for (const monitor of await monitors()) {
          const keepNames = watched.has(monitor.id)
          await prune(monitor, { store, now: now(), keepNames })
        }
        await store.feed.keep(FEED_KEPT)
        await store.compact()
      },
    },
  ]
}
