import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../log/index.ts'
import type { Lease } from '../store/index.ts'
import { judgeNextWindow } from './judge-next-window.ts'
import { commitStep, type MeasuredImages, measurePending } from './step.ts'
import type { LeasedPorts, WatchedMonitor, WatcherPorts } from './watched.ts'

/** A monitor at work. */
export type Watcher = {
  /** There are images to count. */
  wake(): void
  /** Resolves when its work is done, a step that was begun too. */
  stop(): Promise<void>
}

const LEASE_MS = 60_000
/** Another process may have put images into the database. */
const LOOK_EVERY_MS = 1000
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 30_000

/** Counts images of a monitor as they come, while no other process does. */
export function startWatcher(monitor: WatchedMonitor, ports: WatcherPorts): Watcher {
  const stopping = new AbortController()
  let wakeUp = Promise.withResolvers<void>()
  const rest = async (ms: number): Promise<void> => {
    await Promise.race([
      wakeUp.promise,
      delay(ms, undefined, { signal: stopping.signal }).catch(() => {}),
    ])
    wakeUp = Promise.withResolvers()
  }
  const done = watch(monitor, ports, { signal: stopping.signal, rest })
  return {
    wake: () => wakeUp.resolve(),
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

type Pace = { readonly signal: AbortSignal; readonly rest: (ms: number) => Promise<void> }

async function watch(
  monitor: WatchedMonitor,
  ports: WatcherPorts,
  { signal, rest }: Pace,
): Promise<void> {
  const { store, owner, clock, log } = ports
  let lease: Lease | undefined
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    try {
      const now = clock().getTime()
      lease = await store.leases.take(`watch ${monitor.id}`, { owner, now, forMs: LEASE_MS })
      const isBusy = lease !== undefined && (await work(monitor, { ...ports, lease }, signal))
      pauseMs = FIRST_PAUSE_MS
      if (!isBusy) await rest(LOOK_EVERY_MS)
    } catch (error) {
      if (signal.aborted) break
      log('error', `monitor ${monitor.id}: ${messageOf(error)}; tried again in ${pauseMs} ms`)
      await delay(pauseMs, undefined, { signal }).catch(() => {})
      pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)
    }
  }
  if (lease !== undefined) await store.leases.give(lease).catch(() => {})
}

/** Counts what waits, the next images being measured meanwhile; false where nothing was to be done. */
async function work(
  monitor: WatchedMonitor,
  ports: LeasedPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, owner, clock } = ports
  let before = await store.watching.watch(monitor.id)
  const judging = judgeAll(monitor, ports, signal)
  let ahead: Promise<MeasuredImages> = measurePending(monitor, ports, {
    first: before.position + before.skipped,
    except: new Set(),
  })
  let isBusy = false
  try {
    for (;;) {
      const measured = await ahead
      if (measured.images.length === 0 || signal.aborted) break
      isBusy = true
      ahead = measurePending(monitor, ports, {
        first: before.position + before.skipped + measured.images.length,
        except: new Set(measured.images.map(({ number }) => number)),
      })
      ahead.catch(() => {})
      before = await commitStep(monitor, ports, { measured, before, stamp: randomUUID() })
      const now = clock().getTime()
      await store.leases.take(ports.lease.name, { owner, now, forMs: LEASE_MS })
    }
  } finally {
    await ahead.catch(() => {})
    isBusy = (await judging) || isBusy
  }
  return isBusy
}

/** Judges windows that wait; true where there were any. */
async function judgeAll(
  monitor: WatchedMonitor,
  ports: LeasedPorts,
  signal: AbortSignal,
): Promise<boolean> {
  let found = false
  try {
    while (!signal.aborted && (await judgeNextWindow(monitor, ports))) found = true
  } catch (error) {
    if (!signal.aborted)
      ports.log('error', `monitor ${monitor.id}: no verdict: ${messageOf(error)}`)
  }
  return found
}
