import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../log/index.ts'
import { closePeriods } from './close-periods.ts'
import { judgeNextPeriod } from './judge-next-period.ts'
import { judgeNextWindow } from './judge-next-window.ts'
import { openPace, type Pace } from './pace.ts'
import { openSteadyClock, type SteadyClock } from './steady-clock.ts'
import { commitStep, type MeasuredImages, measurePending } from './step.ts'
import { openTenure, type Tenure } from './tenure.ts'
import type { LeasedPorts, WatchedMonitor, WatcherPorts } from './watched.ts'

/** A monitor at work. */
export type Watcher = {
  /** There are images to count. */
  wake(): void
  /** Resolves when its work is done, a step that was begun too. */
  stop(): Promise<void>
}

/** Counts images of a monitor as they come, and judges its windows beside, while no other process does. */
export function startWatcher(monitor: WatchedMonitor, ports: WatcherPorts): Watcher {
  const { store, owner, clock, log } = ports
  const stopping = new AbortController()
  const { signal } = stopping
  const now = (): number => clock().getTime()
  const tenure = openTenure(store, `watch ${monitor.id}`, { owner, now })
  const steady = openSteadyClock()
  const judging = startLoop(
    () => withLease(tenure, ports, (own) => judgeNext(monitor, own, steady)),
    { signal, onError: errorsTo(log, `monitor ${monitor.id}, verdicts`) },
  )
  const onCommitted: WatcherPorts['onCommitted'] = (step) => {
    ports.onCommitted(step)
    judging.wake()
  }
  const pace = openPace(signal, ports.stepMs)
  const counting = startLoop(
    () =>
      withLease(tenure, { ...ports, onCommitted }, (own) =>
        countPending(monitor, own, { signal, pace }),
      ),
    { signal, onError: errorsTo(log, `monitor ${monitor.id}`) },
  )
  return {
    wake: counting.wake,
    stop: async () => {
      stopping.abort()
      await Promise.all([counting.done, judging.done])
      await tenure.end().catch(() => {})
    },
  }
}

/** Closes windows by time that are over, and judges the next window of any kind; false where none waits for it. */
async function judgeNext(
  monitor: WatchedMonitor,
  ports: LeasedPorts,
  steady: SteadyClock,
): Promise<boolean> {
  await closePeriods(monitor, ports, steady)
  const isJudged = await judgeNextWindow(monitor, ports)
  return isJudged || judgeNextPeriod(monitor, ports)
}

async function withLease(
  tenure: Tenure,
  ports: WatcherPorts,
  act: (own: LeasedPorts) => Promise<boolean>,
): Promise<boolean> {
  const lease = await tenure.current()
  return lease !== undefined && act({ ...ports, lease })
}

/** Another process may have put images into the database. */
const LOOK_EVERY_MS = 1000
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 30_000

type LoopOptions = {
  readonly signal: AbortSignal
  readonly onError: (error: unknown, pauseMs: number) => void
}

/** Acts again as long as there is something to do, else when it is woken or a second later; after a failure later and later. */
function startLoop(
  act: () => Promise<boolean>,
  { signal, onError }: LoopOptions,
): { readonly wake: () => void; readonly done: Promise<void> } {
  let wakeUp = Promise.withResolvers<void>()
  const run = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS
    while (!signal.aborted) {
      // Whoever wakes it while it acts is not missed.
      wakeUp = Promise.withResolvers()
      try {
        const isBusy = await act()
        pauseMs = FIRST_PAUSE_MS
        if (!isBusy) await Promise.race([wakeUp.promise, sleep(LOOK_EVERY_MS, signal)])
      } catch (error) {
        if (signal.aborted) return
        onError(error, pauseMs)
        await sleep(pauseMs, signal)
        pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)
      }
    }
  }
  return { wake: () => wakeUp.resolve(), done: run() }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {})
}

function errorsTo(log: WatcherPorts['log'], what: string): LoopOptions['onError'] {
  return (error, pauseMs) => log('error', `${what}: ${messageOf(error)}; again in ${pauseMs} ms`)
}

/** Counts what waits, the next images being measured meanwhile; false where nothing did. */
async function countPending(
  monitor: WatchedMonitor,
  ports: LeasedPorts,
  { signal, pace }: { readonly signal: AbortSignal; readonly pace: Pace },
): Promise<boolean> {
  const measureNext = async (from: Parameters<typeof measurePending>[2]) => {
    await pace.due()
    const measured = await measurePending(monitor, ports, from)
    pace.took(measured)
    return measured
  }
  let before = await ports.store.watching.watch(monitor.id)
  let ahead = measureNext({
    first: before.position + before.skipped,
    except: new Set(),
  })
  let isBusy = false
  const stopped = aborted(signal)
  try {
    for (;;) {
      const measured: MeasuredImages = await Promise.race([ahead, stopped])
      if (measured.images.length === 0 || signal.aborted) return isBusy
      isBusy = true
      ahead = measureNext({
        first: before.position + before.skipped + measured.images.length,
        except: new Set(measured.images.map(({ number }) => number)),
      })
      ahead.catch(() => {})
      before = await commitStep(monitor, ports, { measured, before, stamp: randomUUID() })
    }
  } finally {
    // What is measured and not counted is measured anew; at the end nobody waits for it.
    await Promise.race([ahead.catch(() => {}), stopped])
  }
}

const NOTHING: MeasuredImages = { images: [], found: [], isFull: false }

/** Resolves when the signal is raised. */
function aborted(signal: AbortSignal): Promise<MeasuredImages> {
  const { promise, resolve } = Promise.withResolvers<MeasuredImages>()
  if (signal.aborted) resolve(NOTHING)
  else signal.addEventListener('abort', () => resolve(NOTHING), { once: true })
  return promise
}
