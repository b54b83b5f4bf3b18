import { setImmediate } from 'node:timers/promises'
import type { DecodeOptions } from './codec/decode-at-once.ts'
import type { ShapedForm } from './decode-messages.ts'
import { type DecodePool, withDecodePool } from './decode-pool.ts'
import type { ImageItem } from './image-item.ts'
import { type PreparedGroup, SEVERAL } from './prepare-group.ts'
import {
  chooseItems,
  type ChoosingOptions,
  type LoadedItem,
  loadItems,
  loadPages,
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

/** Items prepared, in order, each with its number in the source. */
type Group = readonly Placed<PreparedItem>[]

/** Decodes, resizes and checks items, some ahead of the consumer, in order, one or several at a time. */
export function prepareItems(
  items: Items,
  { form, window, onRead, ...choosing }: PrepareOptions,
): AsyncGenerator<Group> {
  let held = 0
  const start = (item: Placed<LoadedItem>): Group | Promise<Group> => {
    const before = 'encoded' in item ? item.encoded.byteLength : 0
    onRead?.(before)
    const preparing = prepareItem(item, form)
    const { place } = item
    if (!(preparing instanceof Promise)) return [{ ...preparing, place }]
    held += before
    return preparing.then((prepared) => {
      held += prepared.bytes - before
      return [{ ...prepared, place }]
    })
  }
  return readAhead(loadItems(items, choosing), start, {
    window,
    isFull: () => held >= HELD_BYTES,
    onTaken: (group) => {
      held -= heldBytes(group)
    },
  })
}

function heldBytes(group: Group): number {
  return group.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Starting threads takes as long as reading files whose work, in bytes, is so much. */
const WORTH_THREADS = 8 * 1024 * 1024
/** To open and decode a file takes as long as so many of its bytes, whatever is in it. */
const WORK_OF_FILE = 1024
/** From so many files on, or from so much of their work, how long the others take is guessed from them. */
const FILES_TELLING = 64
const WORK_TELLING = 1024 * 1024

export type ThreadedOptions = PrepareOptions & {
  readonly form: ShapedForm
  /** At most so many; default as many as there are cores. */
  readonly threads?: number | undefined
  /** How many items there are, where it is known. */
  readonly count?: number | undefined
  /** Images of a batch: those that a thread prepares together are of one. */
  readonly batchSize: number
}

/** The same for files: where they are many, on threads of their own, so that all cores read and decode. */
export function prepareOnThreads(items: Items, options: ThreadedOptions): AsyncGenerator<Group> {
  if (options.threads === 1) return prepareItems(items, options)
  return withDecodePool((pool) => prepareByPool(items, options, pool))
}

async function* prepareByPool(
  items: Items,
  options: ThreadedOptions,
  pool: DecodePool,
): AsyncGenerator<Group> {
  const { isChosen, onItem, form, threads, count: expected = 0 } = options
  const iterator = iteratorOf(items)
  const before = pool.notedWork()
  let [place, files, work] = [0, 0, 0]
  const count = (): number => {
    onItem?.()
    return place++
  }
  const isWorthThreads = (): boolean => {
    const areTelling = files >= FILES_TELLING || work >= WORK_TELLING
    const all = areTelling ? (work / files) * Math.max(files, expected) : work
    return before + all > WORTH_THREADS
  }
  const onRead = (bytes: number): void => {
    files++
    work += bytes + WORK_OF_FILE
    pool.noteWork(bytes + WORK_OF_FILE)
    if (isWorthThreads()) void pool.start(threads)
  }
  try {
    const here = untilReady(iterator, pool, isWorthThreads)
    yield* prepareItems(here, { ...options, onItem: count, onRead })
    const first = place
    const rest =
      isChosen &&
      chooseItems(remaining(iterator), {
        isChosen: (own) => isChosen(first + own),
        onItem: count,
      })
    // Without a choice only who read a file knows how many pictures it holds, and so the places of those behind it.
    const placeOf = (item: MaybePlaced): number =>
      item.place === undefined ? count() : first + item.place
    for await (const group of prepareGroups(rest ?? iterator, options, { pool, first })) {
      yield* placeGroup(group, placeOf, form)
    }
  } finally {
    await iterator.return?.()
  }
}

type MaybePlaced = ImageItem & { readonly place?: number }

type ItemIterator<Item = ImageItem> = AsyncIterator<Item> | Iterator<Item>

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

/** Groups grow and shrink so that their files have about so many bytes: some milliseconds of work. */
const GROUP_BYTES = 256 * 1024
/** Bytes of the pixels of a group, as batches hold them; several groups are held at once. */
const GROUP_ROW_BYTES = 4 * 1024 * 1024

/** What became of some items. */
type DoneGroup = PreparedGroup & { readonly items: readonly MaybePlaced[] }

async function* prepareGroups(
  items: ItemIterator<MaybePlaced>,
  { form, batchSize }: Pick<ThreadedOptions, 'form' | 'batchSize'>,
  { pool, first }: { readonly pool: DecodePool; readonly first: number },
): AsyncGenerator<DoneGroup> {
  const { channels, height, width } = form.shape
  const most = Math.max(1, Math.floor(GROUP_ROW_BYTES / (4 * channels * height * width)))
  let held = 0
  let size = 1
  const sizeOf = ({ prepared }: DoneGroup): number =>
    prepared.reduce((sum, one) => sum + (one === SEVERAL ? 0 : one.bytes), 0)
  const start = async (group: readonly MaybePlaced[]): Promise<DoneGroup> => {
    const done = { ...(await pool.prepare(group, form)), items: group }
    held += sizeOf(done)
    const fitting = Math.floor((group.length * GROUP_BYTES) / Math.max(1, done.read))
    size = Math.max(1, Math.min(2 * size, fitting, most, batchSize))
    return done
  }
  yield* readAhead(
    groupItems(items, (place) => Math.min(size, batchSize - (place % batchSize)), first),
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

/** Groups of at most as many as `size` says for the place of the first; what is no file to read comes alone. */
async function* groupItems(
  items: ItemIterator<MaybePlaced>,
  size: (place: number) => number,
  first: number,
): AsyncGenerator<readonly MaybePlaced[]> {
  let group: MaybePlaced[] = []
  let [bytes, place, most] = [0, first, 1]
  for (;;) {
    const step = items.next()
    const next = step instanceof Promise ? await step : step
    if (next.done === true) break
    const item = next.value
    const isFile = 'file' in item || 'encoded' in item
    if (!isFile && group.length > 0) {
      yield group
      ;[group, bytes] = [[], 0]
    }
    // Whoever does not know the place takes each file for one picture.
    if (item.place !== undefined) place = first + item.place
    if (group.length === 0) most = size(place)
    group.push(item)
    place++
    bytes += 'encoded' in item ? item.encoded.byteLength : 0
    if (!isFile || group.length >= most || bytes >= GROUP_BYTES) {
      yield group
      ;[group, bytes] = [[], 0]
    }
  }
  if (group.length > 0) yield group
}

/** The pictures of a group with their places; those of files that hold several are read here, one after the other. */
async function* placeGroup(
  { items, prepared }: DoneGroup,
  placeOf: (item: MaybePlaced) => number,
  form: DecodeOptions,
): AsyncGenerator<Group> {
  let ready: Placed<PreparedItem>[] = []
  for (const [i, one] of prepared.entries()) {
    const item = items[i]
    if (one !== SEVERAL) {
      ready.push({ ...one, place: placeOf(item) })
      continue
    }
    yield ready
    ready = []
    for (const page of loadPages(item))
      yield [{ ...(await prepareItem(page, form)), place: placeOf(item) }]
  }
  yield ready
}
