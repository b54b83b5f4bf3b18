import { setImmediate } from 'node:timers/promises'
import type { DecodeOptions } from './codec/decode.ts'
import { type DecodePool, withDecodePool } from './decode-pool.ts'
import type { ImageItem } from './image-item.ts'
import {
  chooseItems,
  type ChoosingOptions,
  type LoadedItem,
  loadItems,
  type Placed,
  prepareItem,
  type PreparedItem,
} from './prepare-item.ts'
import { readAhead } from './read-ahead.ts'

type Items = AsyncIterable<ImageItem> | Iterable<ImageItem>

export type PrepareOptions = ChoosingOptions & {
  readonly form: DecodeOptions
  /** Most items prepared ahead of the consumer on the thread that asks. */
  readonly window: number
  /** Called with the bytes of each file that was read. */
  readonly onRead?: (bytes: number) => void
}

/** Encoded and decoded bytes waiting in front of the consumer stay near this. */
const HELD_BYTES = 64 * 1024 * 1024

/** Decodes, resizes and checks items, some ahead of the consumer, in order, each with its number in the source. */
export function prepareItems(
  items: Items,
  { form, window, onRead, ...choosing }: PrepareOptions,
): AsyncGenerator<Placed<PreparedItem>> {
  let held = 0
  const start = (item: Placed<LoadedItem>): Prepared => {
    const before = 'encoded' in item ? item.encoded.byteLength : 0
    onRead?.(before)
    const preparing = prepareItem(item, form)
    if (!(preparing instanceof Promise)) return withSource(preparing, item)
    held += before
    return preparing.then((prepared) => {
      held += prepared.bytes - before
      return withSource(prepared, item)
    })
  }
  return readAhead(loadItems(items, choosing), start, {
    window,
    isFull: () => held >= HELD_BYTES,
    onTaken: (prepared) => {
      held -= prepared.bytes
    },
  })
}

type Prepared = Placed<PreparedItem> | Promise<Placed<PreparedItem>>

function withSource(
  prepared: PreparedItem,
  { given, place }: Placed<ImageItem>,
): Placed<PreparedItem> {
  return given === undefined ? { ...prepared, place } : { ...prepared, place, given }
}

/** Starting threads takes as long as reading so many bytes of pictures. */
const WORTH_THREADS = 16 * 1024 * 1024
/** Of smaller files handing them over costs too much of what is won: each is decoded in some twenty microseconds. */
const WORTH_HANDING = 4096

export type ThreadedOptions = PrepareOptions & {
  /** At most so many; default as many as there are cores. */
  readonly threads?: number | undefined
}

/** The same for files: once they were many and not tiny, on threads of their own, so that all cores read and decode. */
export function prepareOnThreads(
  items: Items,
  { threads, ...options }: ThreadedOptions,
): AsyncGenerator<Placed<PreparedItem>> {
  if (threads === 1) return prepareItems(items, options)
  return withDecodePool((pool) => prepareByPool(items, { threads, ...options }, pool))
}

async function* prepareByPool(
  items: Items,
  options: ThreadedOptions,
  pool: DecodePool,
): AsyncGenerator<Placed<PreparedItem>> {
  const { isChosen = () => true, onItem, form, threads } = options
  const iterator = iteratorOf(items)
  let [place, files, read] = [0, 0, 0]
  const count = (): void => {
    place++
    onItem?.()
  }
  const onRead = (bytes: number): void => {
    files++
    read += bytes
    if (read > WORTH_THREADS && read > files * WORTH_HANDING) void pool.start(threads)
  }
  try {
    const here = untilReady(iterator, pool, () => read > WORTH_THREADS)
    yield* prepareItems(here, { ...options, onItem: count, onRead })
    const first = place
    const rest = chooseItems(remaining(iterator), {
      isChosen: (own) => isChosen(first + own),
      onItem: count,
    })
    for await (const group of prepareGroups(rest, pool, form)) {
      for (const one of group) yield { ...one, place: first + one.place }
    }
  } finally {
    await iterator.return?.()
  }
}

type ItemIterator = AsyncIterator<ImageItem> | Iterator<ImageItem>

const iteratorOf = (items: Items): ItemIterator =>
  Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()

async function* untilReady(
  items: ItemIterator,
  pool: DecodePool,
  mayStart: () => boolean,
): AsyncGenerator<ImageItem> {
  for (let handed = 1; pool.size() === 0; handed++) {
    const next = await items.next()
    if (next.done === true) return
    yield next.value
    // Decoding at once leaves no room for the news that threads are ready.
    if (handed % 32 === 0 && mayStart()) await setImmediate()
  }
}

async function* remaining(items: ItemIterator): AsyncGenerator<ImageItem> {
  for (;;) {
    const next = await items.next()
    if (next.done === true) return
    yield next.value
  }
}

/** Groups grow and shrink so that their files have about so many bytes: some ten milliseconds of work. */
const GROUP_BYTES = 256 * 1024
const LARGEST_GROUP = 256

type Placement = Placed<PreparedItem>

async function* prepareGroups(
  items: AsyncIterable<Placed<ImageItem>>,
  pool: DecodePool,
  form: DecodeOptions,
): AsyncGenerator<readonly Placement[]> {
  let held = 0
  let size = 1
  const sizeOf = (group: readonly Placement[]): number =>
    group.reduce((sum, { bytes }) => sum + bytes, 0)
  const start = async (group: readonly Placed<ImageItem>[]): Promise<readonly Placement[]> => {
    const { prepared, read } = await pool.prepare(group, form)
    const placed = prepared.map((one, i) => withSource(one, group[i]))
    held += sizeOf(placed)
    const fitting = Math.floor((group.length * GROUP_BYTES) / Math.max(1, read))
    size = Math.max(1, Math.min(2 * size, fitting, LARGEST_GROUP))
    return placed
  }
  yield* readAhead(
    groupItems(items, () => size),
    start,
    {
      window: 2 * pool.size(),
      isFull: () => held >= HELD_BYTES,
      onTaken: (group) => {
        held -= sizeOf(group)
      },
    },
  )
}

/** What is no file to read comes alone. */
async function* groupItems(
  items: AsyncIterable<Placed<ImageItem>>,
  size: () => number,
): AsyncGenerator<readonly Placed<ImageItem>[]> {
  let group: Placed<ImageItem>[] = []
  let bytes = 0
  for await (const item of items) {
    const isFile = 'file' in item || 'encoded' in item
    if (!isFile && group.length > 0) {
      yield group
      ;[group, bytes] = [[], 0]
    }
    group.push(item)
    bytes += 'encoded' in item ? item.encoded.byteLength : 0
    if (!isFile || group.length >= size() || bytes >= GROUP_BYTES) {
      yield group
      ;[group, bytes] = [[], 0]
    }
  }
  if (group.length > 0) yield group
}
