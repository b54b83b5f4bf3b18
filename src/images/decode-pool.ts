import { availableParallelism } from 'node:os'
import { type Thread, threadKind } from '../thread.ts'
import type { DecodeOptions } from './codec/decode.ts'
import { type Answer, type Request, type SentItem, unpack } from './decode-messages.ts'
import type { ImageItem } from './image-item.ts'
import { loadItem, prepareItem, type PreparedItem } from './prepare-item.ts'

/** Some items prepared, in order, and how many bytes the files had. */
export type PreparedGroup = { readonly prepared: readonly PreparedItem[]; readonly read: number }

/** Threads that read and decode files. */
export type DecodePool = {
  /** Threads that are ready; none before `start` is through. */
  size(): number
  /** Starts the threads, once, as many as are asked for first; resolves when they are ready or can't be had. */
  start(threads?: number): Promise<void>
  prepare(items: readonly ImageItem[], form: DecodeOptions): Promise<PreparedGroup>
  /** Ends the threads, which must have nothing to do. */
  close(): Promise<void>
}

type DecodeThread = Thread<Request, Answer>

const kind = threadKind<null, Request, Answer>('./decode-thread', import.meta.url)

const MOST_THREADS = 8

/** Idle threads wait so long for the next reading; they do not keep the process alive. */
const LINGER_MS = 10_000

let shared: { readonly pool: DecodePool; users: number } | undefined

/** Lends the pool of this process to `use`, together with others: starting threads costs as much as thousands of small files. */
export async function* withDecodePool<T>(
  use: (pool: DecodePool) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  shared ??= { pool: createDecodePool(), users: 0 }
  const own = shared
  own.users++
  try {
    yield* use(own.pool)
  } finally {
    own.users--
    setTimeout(() => {
      if (own.users > 0 || shared !== own) return
      shared = undefined
      void own.pool.close()
    }, LINGER_MS).unref()
  }
}

function createDecodePool(): DecodePool {
  let threads: readonly DecodeThread[] = []
  let starting: Promise<void> | undefined
  const idle: DecodeThread[] = []
  const waiting: ((thread: DecodeThread) => void)[] = []
  const take = async (): Promise<DecodeThread> =>
    idle.pop() ?? new Promise((resolve) => void waiting.push(resolve))
  const give = (thread: DecodeThread): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(thread)
    else next(thread)
  }
  const ask = async (items: readonly ImageItem[], form: DecodeOptions): Promise<PreparedGroup> => {
    const thread = await take()
    try {
      const sent = items.map(sentItem)
      const answer = await thread.ask({ items: sent, form }, sent.flatMap(memoryOf))
      return { prepared: unpack(answer, items), read: answer.read }
    } finally {
      give(thread)
    }
  }
  const open = async (asked = availableParallelism()): Promise<void> => {
    const count = Math.min(MOST_THREADS, asked)
    if (count < 2) return
    threads = await Promise.all(Array.from({ length: count }, async () => kind.open(null)))
    idle.push(...threads)
  }
  return {
    size: () => threads.length,
    // Without threads it goes on as it began.
    start: async (asked) => (starting ??= open(asked).catch(() => {})),
    prepare: async (items, form) =>
      items.every(isSendable)
        ? // What a thread can't do, by a fault or because it ended, is done or said here.
          ask(items, form).catch(async () => prepareHere(items, form))
        : prepareHere(items, form),
    close: async () => {
      await starting
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

async function prepareHere(
  items: readonly ImageItem[],
  form: DecodeOptions,
): Promise<PreparedGroup> {
  const prepared: PreparedItem[] = []
  for (const item of items) prepared.push(await prepareItem(loadItem(item), form))
  return { prepared, read: 0 }
}

/** What can't be read is no work for a thread, and sending a file once for each of its pages would be too much. */
const isSendable = (item: ImageItem): boolean =>
  'file' in item || ('encoded' in item && item.page === undefined)

/** Only what a thread needs, in memory of its own. */
function sentItem(item: ImageItem): SentItem {
  const { id } = item.record
  if ('file' in item) return { id, file: item.file }
  if ('encoded' in item) return { id, encoded: new Uint8Array(item.encoded) }
  throw new TypeError(`expected a file or its bytes, got an item that is read already: ${id}`)
}

function memoryOf(item: SentItem): ArrayBuffer[] {
  return 'encoded' in item ? [item.encoded.buffer as ArrayBuffer] : []
}
