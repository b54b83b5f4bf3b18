import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from '../../store/index.ts'
import { Problem } from '../problem.ts'
import { commentOf, gapOf, messageOf } from './server-sent.ts'

/** Streams of server-sent events, each for whoever asked. */
export type LiveFeed = {
  /** All that comes from now on, or after a number; throws Problem(503) where too many listen. */
  open(options: LiveOptions): Promise<Readable>
  /** Ends all. */
  close(): void
}

type LiveOptions = {
  readonly monitor?: string | undefined
  /** Of what was read last. */
  readonly after?: number | undefined
  /** Throws where whoever listens may not any longer. */
  readonly requireAllowed: () => Promise<void>
}

const MOST_LISTENERS = 100
/** Items that are read at once. */
const TOGETHER = 100
/** Bytes that wait for a slow reader: then its stream ends, and it goes on where it was. */
const MOST_WAITING = 1024 * 1024
/** Looks from one sign of life to the next, and from one look at who listens. */
const HEARTBEAT = 50

/** Streams out of the feed that a database keeps, so that each can go on where it broke off. */
export function openLiveFeed({
  store: { feed },
  everyMs,
}: {
  readonly store: Pick<Store, 'feed'>
  readonly everyMs: number
}): LiveFeed {
  const closing = new AbortController()
  const looks = shareLooks(feed, { everyMs, signal: closing.signal })
  const listeners = new Set<Readable>()
  return {
    open: async (options) => {
      if (listeners.size >= MOST_LISTENERS) {
        const message = `expected fewer than ${MOST_LISTENERS} listeners`
        throw new Problem(503, 'request.too-many', message)
      }
      const stream = new Readable({ read: () => {} })
      listeners.add(stream)
      stream.once('close', () => listeners.delete(stream))
      const bounds = await feed.bounds()
      const after = Math.min(options.after ?? bounds.last, bounds.last)
      stream.push(commentOf('listening'))
      if (after < bounds.first - 1) stream.push(gapOf(after + 1, bounds.first - 1))
      void tell(stream, { ...options, after, feed, looks, signal: closing.signal })
        .catch(() => {})
        // What ended is begun anew by the reader, from where it was.
        .finally(() => stream.push(null))
      return stream
    },
    close: () => {
      closing.abort()
      for (const stream of listeners) stream.push(null)
    },
  }
}

type Telling = LiveOptions & {
  readonly after: number
  readonly feed: Store['feed']
  readonly looks: Looks
  readonly signal: AbortSignal
}

/** Until it is over: the reader is gone or too slow, may not listen any more, or the service ends. */
async function tell(
  stream: Readable,
  { after, feed, looks, signal, monitor, requireAllowed }: Telling,
): Promise<void> {
  let at = after
  let beatAt = looks.count
  while (!stream.destroyed && !signal.aborted) {
    // Those of other monitors are passed over too, so the end is read before.
    const { last } = looks
    const items = await feed.after(at, { monitor, most: TOGETHER })
    if (items.length > 0) stream.push(items.map(messageOf).join(''))
    const isAll = items.length < TOGETHER
    at = Math.max(at, items.at(-1)?.id ?? 0, isAll ? last : 0)
    if (stream.readableLength > MOST_WAITING) return
    if (looks.count - beatAt > HEARTBEAT) {
      await requireAllowed()
      stream.push(commentOf('still here'))
      beatAt = looks.count
    }
    if (!isAll) continue
    do await looks.next()
    while (
      looks.last <= at &&
      !stream.destroyed &&
      !signal.aborted &&
      looks.count - beatAt <= HEARTBEAT
    )
  }
}

type Looks = {
  readonly count: number
  /** Number of the last item at the last look. */
  readonly last: number
  /** Resolves after the next look. */
  next(): Promise<void>
}

/** One look at the database every so often for all who wait for it, and none while nobody does. */
function shareLooks(
  feed: Store['feed'],
  { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
): Looks {
  let [last, count] = [0, 0]
  let coming: Promise<void> | undefined
  const look = async (): Promise<void> => {
    await delay(everyMs, undefined, { signal }).catch(() => {})
    // Without an answer of the database the next look sees it.
    if (!signal.aborted) ({ last } = await feed.bounds().catch(() => ({ last })))
    count++
    coming = undefined
  }
  return {
    get count() {
      return count
    },
    get last() {
      return last
    },
    next: () => (coming ??= look()),
  }
}
