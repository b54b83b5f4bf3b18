import type { Config } from './config.ts'
import { storeLocation } from './service.ts'
import { restoreBackup, type Tables, writeBackup } from './store/index.ts'
import { findingOf, newsOf, restoredHappening } from './watching/index.ts'

/** Writes a backup of the data of a configuration, beside a service that may be at work. */
export async function backUp(config: Config, path: string, now: number): Promise<void> {
  await writeBackup(storeLocation(config), path, { at: now })
}

/** Puts a backup back where a configuration has its data, of which there must be none; says in each monitor what is missing. Returns when it was made. */
export async function putBack(config: Config, path: string, now: number): Promise<number> {
  let madeAt = 0
  await restoreBackup(path, storeLocation(config), async (tables, backedUpAt) => {
    madeAt = backedUpAt
    await nameGap(tables, backedUpAt, now)
  })
  return madeAt
}

async function nameGap(tables: Tables, from: number, to: number): Promise<void> {
  const monitors = await tables.monitors.all()
  const happenings = monitors.map(({ id }) => restoredHappening(id, from, to))
  await tables.events.add(happenings.flatMap((happening) => findingOf(happening) ?? []))
  const facts = { backup: new Date(from).toISOString() }
  await tables.access.record({ at: to, who: 'command', what: 'restore', facts })
  await tables.feed.append(happenings.flatMap((happening) => newsOf(happening) ?? []))
}
