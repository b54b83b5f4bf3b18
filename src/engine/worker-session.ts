import { tensor, type Tensor } from '../tensor/index.ts'
import { type Feed, openSession } from './session.ts'
import { threadKind } from './thread.ts'

/** A model on a thread of its own: the thread that asks is free until the answer comes. */
export type WorkerSession = {
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

type Feeds = Readonly<Record<string, Feed>>
type Task = { readonly model: Uint8Array; readonly fixed: Feeds }

// This file is its own worker: it stands under the right name both as source and compiled.
const threads = threadKind<Task, Feeds, Record<string, Tensor>>('session', import.meta.url)

/** Loads `model` on another thread, single-threaded there; `fixed` are feeds that stay the same. One run at a time. */
export async function openWorkerSession(model: Uint8Array, fixed: Feeds): Promise<WorkerSession> {
  const thread = await threads.open({ model, fixed })
  return {
    run: (feeds) => {
      const own = Object.entries(feeds).map(([name, feed]) => [name, copyOf(feed)] as const)
      return thread.ask(
        Object.fromEntries(own),
        own.map(([, feed]) => bufferOf(feed)),
      )
    },
    close: () => thread.close(),
  }
}

// A view would travel with all the memory it looks into.
const copyOf = (feed: Feed): Feed =>
  feed instanceof BigInt64Array ? feed.slice() : tensor(feed.shape, feed.data.slice())

const bufferOf = (feed: Feed): ArrayBuffer =>
  (feed instanceof BigInt64Array ? feed.buffer : feed.data.buffer) as ArrayBuffer

threads.serve(async ({ model, fixed }) => {
  const session = await openSession(model, { threads: 1 })
  return async (feeds) => {
    const answer = await session.run({ ...fixed, ...feeds })
    return { answer, transfer: Object.values(answer).map(bufferOf) }
  }
})
