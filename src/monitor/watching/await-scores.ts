import { DriftError } from '../../errors.ts'
import { type Log, messageOf } from '../log/index.ts'
import type { Store } from '../store/index.ts'
import type { Judges } from './judges.ts'
import { type ScoredImage, scoreOutcomes } from './score-outcomes.ts'
import type { WatchedMonitor } from './watched.ts'

/** Requests that wait until their images are measured, here or by another replica. */
export type ScoreWaits = {
  /** A place for a request of so many images; throws DriftError('resource.busy') where too many wait. */
  take(images: number): ScoreWait
  /** Images of this monitor were counted. */
  wake(monitor: string): void
  /** Nobody waits any longer: each is told what is known. */
  close(): void
}

/** A place among those who wait. */
export type ScoreWait = {
  /** Those of the images that are measured or left out, once all are, or when it is time; others are missing. */
  outcomes(
    monitor: WatchedMonitor,
    predictionIds: readonly string[],
    until: { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<string, ScoredImage>>
  leave(): void
}

export type ScoreWaitPorts = {
  readonly store: { readonly images: Pick<Store['images'], 'outcomes'> }
  readonly judges: Pick<Judges, 'score'>
  readonly log: Log
  /** From one look for what other replicas have counted to the next; no look while nobody waits. */
  readonly everyMs?: number | undefined
}

const MOST_REQUESTS = 100
const MOST_IMAGES = 1000
const LOOK_EVERY_MS = 250

type Waiter = {
  readonly monitor: WatchedMonitor
  readonly missing: Set<string>
  readonly found: Map<string, ScoredImage>
  readonly finish: () => void
}

/** One look at the database serves all who wait for images of a monitor. */
export function openScoreWaits({
  store,
  judges,
  log,
  everyMs = LOOK_EVERY_MS,
}: ScoreWaitPorts): ScoreWaits {
  const waiters = new Set<Waiter>()
  let [requests, images, isClosed] = [0, 0, false]
  const look = startLooks(waiters, { store, judges, log, everyMs })
  return {
    take: (count) => {
      if (requests >= MOST_REQUESTS || (images > 0 && images + count > MOST_IMAGES)) {
        throw tooMany()
      }
      requests++
      images += count
      let isTaken = true
      return {
        outcomes: async (monitor, predictionIds, { waitMs, signal }) => {
          const { promise, resolve: finish } = Promise.withResolvers<void>()
          const found = new Map<string, ScoredImage>()
          const waiter = { monitor, missing: new Set(predictionIds), found, finish }
          if (isClosed || signal.aborted) return found
          signal.addEventListener('abort', () => finish(), { once: true })
          const timer = setTimeout(finish, waitMs)
          waiters.add(waiter)
          look.now()
          await promise
          clearTimeout(timer)
          waiters.delete(waiter)
          if (waiters.size === 0) look.end()
          return found
        },
        leave: () => {
          if (!isTaken) return
          isTaken = false
          requests--
          images -= count
        },
      }
    },
    wake: (monitor) => {
      for (const waiter of waiters) if (waiter.monitor.id === monitor) return look.now()
    },
    close: () => {
      isClosed = true
      for (const { finish } of waiters) finish()
    },
  }
}

function tooMany(): DriftError {
  return new DriftError(
    'resource.busy',
    `expected fewer than ${MOST_REQUESTS} requests and ${MOST_IMAGES} images waiting for scores`,
    {
      hint: 'Send it again a little later, or without wait=score and ask for the score then.',
      retryable: true,
    },
  )
}

/** Looks as long as anybody waits: every so often, and as soon as `now` is called. */
function startLooks(
  waiters: ReadonlySet<Waiter>,
  { everyMs, log, ...ports }: Required<ScoreWaitPorts>,
): { readonly now: () => void; readonly end: () => void } {
  let isLooking = false
  let woken = Promise.withResolvers<void>()
  const run = async (): Promise<void> => {
    isLooking = true
    while (waiters.size > 0) {
      woken = Promise.withResolvers()
      try {
        for (const [, some] of Map.groupBy(waiters, ({ monitor }) => monitor.id)) {
          await tellOutcomes(some, ports)
        }
      } catch (error) {
        // What they sent is stored; the next look may see it, or their time ends.
        log('warn', `scores: ${messageOf(error)}`)
      }
      const timer = setTimeout(woken.resolve, everyMs)
      await woken.promise
      clearTimeout(timer)
    }
    isLooking = false
  }
  return {
    now: () => {
      woken.resolve()
      if (!isLooking) void run()
    },
    end: () => woken.resolve(),
  }
}

/** Tells those who wait for images of one monitor what has become of them. */
async function tellOutcomes(
  waiters: readonly Waiter[],
  { store, judges }: Pick<ScoreWaitPorts, 'store' | 'judges'>,
): Promise<void> {
  const [{ monitor }] = waiters
  const names = [...new Set(waiters.flatMap(({ missing }) => [...missing]))]
  for (let at = 0; at < names.length; at += MOST_IMAGES) {
    const some = names.slice(at, at + MOST_IMAGES)
    const outcomes = await store.images.outcomes(monitor.id, some)
    const settled = outcomes.filter(({ state }) => state !== 'pending')
    for (const image of await scoreOutcomes(monitor, settled, judges)) {
      for (const { missing, found } of waiters) {
        if (missing.delete(image.predictionId)) found.set(image.predictionId, image)
      }
    }
  }
  for (const { missing, finish } of waiters) if (missing.size === 0) finish()
}
