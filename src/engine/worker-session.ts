import { tensor, type Tensor } from '../tensor/index.ts'
import type { Feed } from './session.ts'
import { modelThreadKind } from './thread.ts'

/** A model on a thread of its own: the thread that asks is free until the answer comes. */
export type WorkerSession = {
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

/** Tensors by the names of a model's inputs. */
export type Feeds = Readonly<Record<string, Feed>>

/** What such a thread is started with: a model, and feeds that stay the same. */
export type SessionTask = { readonly model: Uint8Array; readonly fixed: Feeds }

const threads = modelThreadKind<SessionTask, Feeds, Record<string, Tensor>>(
  './session-thread',
  import.meta.url,
)

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

/** The memory of a feed or an answer that is no view. */
export function bufferOf(feed: Feed): ArrayBuffer {
  return (feed instanceof BigInt64Array ? feed.buffer : feed.data.buffer) as ArrayBuffer
}
