import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { tensor, type Tensor } from '../../tensor/index.ts'
import { type Feed, openSession } from '../session.ts'

/** A model on a thread of its own: the thread that asks is free until the answer comes. */
export type WorkerSession = {
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

type Task = {
  readonly kind: 'pixeldrift-worker-session'
  readonly model: Uint8Array
  readonly fixed: Readonly<Record<string, Feed>>
}

/** Loads `model` on another thread, single-threaded there; `fixed` are feeds that stay the same. One run at a time. */
export async function openWorkerSession(
  model: Uint8Array,
  fixed: Readonly<Record<string, Feed>>,
): Promise<WorkerSession> {
  const task: Task = { kind: 'pixeldrift-worker-session', model, fixed }
  // This file is its own worker: it stands under the right name both as source and compiled.
  const worker = new Worker(new URL(import.meta.url), { workerData: task })
  await answerOf(worker)
  return {
    run: (feeds) => {
      const own = Object.entries(feeds).map(([name, feed]) => [name, copyOf(feed)] as const)
      const answer = answerOf(worker)
      worker.postMessage(
        Object.fromEntries(own),
        own.map(([, feed]) => bufferOf(feed)),
      )
      return answer
    },
    close: async () => void (await worker.terminate()),
  }
}

/** The worker's next message; rejects when it fails instead. */
function answerOf(worker: Worker): Promise<Record<string, Tensor>> {
  return new Promise((resolve, reject) => {
    const settle = () => worker.off('message', succeed).off('error', fail).unref()
    const succeed = (results: Record<string, Tensor>) => {
      settle()
      resolve(results)
    }
    const fail = (error: Error) => {
      settle()
      reject(error)
    }
    // An idle worker does not keep the process alive, a busy one does.
    worker.on('message', succeed).on('error', fail).ref()
  })
}

// A view would travel with all the memory it looks into.
const copyOf = (feed: Feed): Feed =>
  feed instanceof BigInt64Array ? feed.slice() : tensor(feed.shape, feed.data.slice())

const bufferOf = (feed: Feed): ArrayBuffer =>
  (feed instanceof BigInt64Array ? feed.buffer : feed.data.buffer) as ArrayBuffer

async function serve({ model, fixed }: Task, port: NonNullable<typeof parentPort>): Promise<void> {
  const session = await openSession(model, { threads: 1 })
  const answer = async (feeds: Record<string, Feed>) =>
    port.postMessage(await session.run({ ...fixed, ...feeds }))
  port.on('message', (feeds: Record<string, Feed>) => void answer(feeds))
  port.postMessage({})
}

const given = workerData as Partial<Task> | null
if (!isMainThread && parentPort !== null && given?.kind === 'pixeldrift-worker-session') {
  await serve(given as Task, parentPort)
}
