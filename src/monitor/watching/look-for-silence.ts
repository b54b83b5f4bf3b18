import { formatMoment } from '../../wording/index.ts'
import type { Store, Tables } from '../store/index.ts'
import type { Happening } from './happening.ts'
import { isSilent } from './states.ts'
import type { WatchedMonitor } from './watched.ts'

type Ports = {
  readonly store: Store
  readonly now: number
  readonly onFound: (tables: Tables, happenings: readonly Happening[]) => Promise<void>
}

/** Finds sources of a monitor that send nothing any more; returns those of which that is new. */
export async function lookForSilence(
  { id, settings: { noDataAfterMs } }: WatchedMonitor,
  { store, now, onFound }: Ports,
): Promise<Happening[]> {
  const streams = await store.watching.streams(id)
  const happenings: Happening[] = []
  for (const { source, lastAt } of streams) {
    if (!isSilent(lastAt, { now, noDataAfterMs })) continue
    // Of one silence it is said once, whatever became of the alert.
    const told = await store.alerts.latest({ monitor: id, source, rule: 'no-data' })
    if (told !== undefined && told.changedAt >= lastAt) continue
    happenings.push({
      kind: 'no-data',
      monitor: id,
      source,
      summary: `No image has come since ${formatMoment(new Date(lastAt).toISOString())}.`,
      findings: [],
      images: [],
      at: now,
    })
  }
  if (happenings.length > 0) await store.within((tables) => onFound(tables, happenings))
  return happenings
}
