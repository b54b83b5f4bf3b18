import { availableParallelism } from 'node:os'
import { type Thread, threadKind } from '../thread.ts'
import {
  type DecodeAnswer,
  isSendable,
  packItems,
  type DecodeRequest,
  type ShapedForm,
  unpackPictures,
} from './decode-messages.ts'
import type { ImageItem } from './image-item.ts'
import { prepareGroup, type PreparedGroup } from './prepare-group.ts'

/** Threads that read and decode files. */
export type DecodePool = {
  /** Threads that are ready; none before `start` is through. */
  size(): number
  /** Starts the threads, once, as many as are asked for first; resolves when they are ready or can't be had. */
  start(threads?: number): Promise<void>
  /** Counts work, in bytes, that was done without threads; those who read one after the other share the count. */
  noteWork(bytes: number): void
  /** Work done without threads so far. */
  notedWork(): number
  prepare(items: readonly ImageItem[], form: ShapedForm): Promise<PreparedGroup>
  /** Ends the threads, which must have nothing to do. */
  close(): Promise<void>
}

type DecodeThread = Thread<DecodeRequest, DecodeAnswer>

const kind = threadKind<null, DecodeRequest, DecodeAnswer>('./decode-thread', import.meta.url)

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
  let noted = 0
  const idle: DecodeThread[] = []
  const waiting: ((thread: DecodeThread) => void)[] = []
  const take = async (): Promise<DecodeThread> =>
    idle.pop() ?? new Promise((resolve) => void waiting.push(resolve))
  const give = (thread: DecodeThread): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(thread)
    else next(thread)
  }
  const ask = async (items: readonly ImageItem[], form: ShapedForm): Promise<PreparedGroup> => {
    const thread = await take()
    try {
      const request = packItems(items, form)
      return unpackPictures(await thread.ask(request, [request.bytes]), items, form.shape)
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
    noteWork: (bytes) => void (noted += bytes),
    notedWork: () => noted,
    prepare: async (items, form) =>
      items.every(isSendable)
        ? // What a thread can't do, by a fault or because it ended, is done or said here.
          ask(items, form).catch(async () => prepareGroup(items, form))
        : prepareGroup(items, form),
    close: async () => {
      await starting
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}
