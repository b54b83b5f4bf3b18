import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import type { Receipt, ReceivedImage, Store } from '../store/index.ts'

/** An image that somebody sent. */
export type SentImage = {
  readonly monitor: string
  readonly predictionId: string
  readonly source: string | null
  /** ISO 8601. */
  readonly takenAt: string | null
  /** JSON. */
  readonly facts: string
  readonly bytes: Uint8Array
}

/** Where images wait until they are counted. */
export type Inbox = {
  /**
   * Resolves once the images are stored for good; those that came before are told, not stored again. Throws
   * DriftError('resource.busy') where too much waits already.
   */
  accept(images: readonly SentImage[]): Promise<Receipt[]>
  /** Throws DriftError('resource.busy') where no image could be accepted now. */
  requireRoom(): void
  /** Of these sources those for which there is no room any more: a monitor watches so many at most. */
  sourcesBeyond(monitor: string, most: number, sources: ReadonlySet<string>): Promise<string[]>
  /** Images that wait to be counted. */
  readonly waiting: number
  /** Asks the database how much waits: others put images into it, and count some. */
  refresh(): Promise<void>
  /** So many were counted. */
  took(images: number): void
  /** Resolves when all that was accepted is stored. */
  drain(): Promise<void>
}

export type InboxOptions = {
  readonly store: Store
  readonly clock: Clock
  /** Images that may wait to be counted. */
  readonly mostWaiting: number
  /** Called with the monitors that have something new. */
  readonly onStored: (monitors: ReadonlySet<string>) => void
}

type Waiting = {
  readonly images: readonly ReceivedImage[]
  readonly resolve: (receipts: Receipt[]) => void
  readonly reject: (error: unknown) => void
}

/** Of one transaction: requests that come while one is written share the next. */
const MOST_IMAGES = 256
const MOST_BYTES = 16 * 1024 * 1024

/** Stores images of many requests together, so that one write to the disk serves them all. */
export function openInbox({ store, clock, mostWaiting, onStored }: InboxOptions): Inbox {
  const queue: Waiting[] = []
  let writing: Promise<void> | undefined
  let waiting = 0
  const sourcesBeyond = limitSources(store)
  const requireRoom = (): void => {
    if (waiting >= mostWaiting) throw tooMuch(waiting, mostWaiting)
  }
  const write = async (): Promise<void> => {
    while (queue.length > 0) {
      await untilQuiet(queue)
      const together = takeTogether(queue)
      const images = together.flatMap((request) => request.images)
      try {
        const receipts = await store.within((tables) => tables.inbox.add(images))
        waiting += receipts.filter((receipt) => receipt === 'stored').length
        onStored(new Set(images.map(({ monitor }) => monitor)))
        let at = 0
        for (const request of together) {
          request.resolve(receipts.slice(at, at + request.images.length))
          at += request.images.length
        }
      } catch (error) {
        for (const request of together) request.reject(error)
      }
    }
    writing = undefined
  }
  return {
    requireRoom,
    sourcesBeyond,
    get waiting() {
      return waiting
    },
    refresh: async () => {
      waiting = (await store.inbox.backlog()).images
    },
    took: (images) => {
      waiting = Math.max(0, waiting - images)
    },
    accept: async (images) => {
      requireRoom()
      const receivedAt = clock().getTime()
      const received = images.map((image) => ({
        ...image,
        receivedAt,
        digest: createHash('sha256').update(image.bytes).digest('hex'),
      }))
      const { promise, resolve, reject } = Promise.withResolvers<Receipt[]>()
      queue.push({ images: received, resolve, reject })
      writing ??= write()
      return promise
    },
    drain: async () => {
      await writing
    },
  }
}

function tooMuch(waiting: number, most: number): DriftError {
  return new DriftError(
    'resource.busy',
    `expected fewer than ${most} images waiting to be counted, got ${waiting}`,
    { hint: 'Send them again a little later.', retryable: true },
  )
}

/** Remembers the sources of each monitor, those that were never counted yet too. */
function limitSources(store: Store): Inbox['sourcesBeyond'] {
  const monitors = new Map<string, Set<string>>()
  // oxlint-disable-next-line eslint/max-params -- whose, how many, which
  return async (monitor, most, sources) => {
    const known = monitors.get(monitor) ?? new Set()
    monitors.set(monitor, known)
    if ([...sources].every((source) => known.has(source))) return []
    for (const source of await store.inbox.sources(monitor)) known.add(source)
    return [...sources].filter((source) => {
      if (known.has(source)) return false
      if (known.size >= most) return true
      known.add(source)
      return false
    })
  }
}

/** Turns of the event loop in which nothing came, and all together at most. */
const QUIET_TURNS = 8
const MOST_TURNS = 64

/** While the disk was waited for, others have arrived that are not read yet: they are to be written with the first. */
async function untilQuiet(queue: readonly Waiting[]): Promise<void> {
  for (let turn = 0, quiet = 0; turn < MOST_TURNS && quiet < QUIET_TURNS; turn++) {
    const before = queue.length
    await setImmediate()
    quiet = queue.length === before ? quiet + 1 : 0
  }
}

/** Requests of one transaction, at least one. */
function takeTogether(queue: Waiting[]): Waiting[] {
  let [images, bytes, count] = [0, 0, 0]
  for (const request of queue) {
    images += request.images.length
    bytes += request.images.reduce((sum, image) => sum + image.bytes.length, 0)
    if (count > 0 && (images > MOST_IMAGES || bytes > MOST_BYTES)) break
    count++
  }
  return queue.splice(0, count)
}
