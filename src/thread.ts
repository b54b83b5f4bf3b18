import { parentPort, type Transferable, Worker, workerData } from 'node:worker_threads'
import { DriftError } from './errors.ts'

/** A function on a thread of its own: the thread that asks is free until the answer comes. */
export type Thread<Request, Answer> = {
  /** One question at a time; the memory of `transfer` goes with the request. */
  ask(request: Request, transfer?: readonly ArrayBuffer[]): Promise<Answer>
  /** Only between questions: ending a thread in the middle of a run ends the process. A question after it is refused. */
  close(): Promise<void>
}

/** What a thread answers, and the memory that goes with the answer. */
export type Answered<Answer> = { readonly answer: Answer; readonly transfer?: ArrayBuffer[] }

/** Threads of one kind: they run a module that calls `serveThread` at its top and is loaded by nothing else. */
export type ThreadKind<Data, Request, Answer> = {
  /** Starts a thread and hands it `data`; ready when it resolves. */
  open(data: Data): Promise<Thread<Request, Answer>>
}

/**
 * Threads that run the module at `path`, which is without its ending and as seen from `from`, the `import.meta.url` of
 * who asks: the ending is the same in the sources and compiled.
 */
export function threadKind<Data, Request, Answer>(
  path: string,
  from: string,
): ThreadKind<Data, Request, Answer> {
  const ending = /\.[cm]?[jt]s$/.exec(from)?.[0] ?? ''
  return { open: (data) => openThread(new URL(path + ending, from), data) }
}

async function openThread<Request, Answer>(
  url: URL,
  data: unknown,
): Promise<Thread<Request, Answer>> {
  const worker = new Worker(url, { workerData: data })
  let isOver = false
  worker.once('exit', () => (isOver = true))
  await nextMessage(worker)
  return {
    ask: async (request, transfer = []) => {
      // Nothing would ever answer.
      if (isOver) {
        throw new DriftError('resource.closed', 'expected a running thread, got one that ended')
      }
      const answer = nextMessage(worker) as Promise<Answer>
      worker.postMessage(request, transfer as Transferable[])
      return answer
    },
    close: async () => void (await worker.terminate()),
  }
}

/** In the module of a thread: opens what answers, then answers. A failure of either ends the thread. */
export async function serveThread<Data, Request, Answer>(
  open: Opening<Data, Request, Answer>,
): Promise<void> {
  const port = parentPort
  if (port === null) throw new TypeError('expected to run in a thread, got the main one')
  const respond = await open(workerData as Data)
  const reply = async (request: Request): Promise<void> => {
    const { answer, transfer = [] } = await respond(request)
    port.postMessage(answer, transfer)
  }
  port.on('message', (request: Request) => void reply(request))
  port.postMessage('ready')
}

type Opening<Data, Request, Answer> = (
  data: Data,
) => Promise<(request: Request) => Promise<Answered<Answer>>>

/** The worker's next message; rejects when it fails or ends instead. */
function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = () => worker.off('message', succeed).off('error', fail).off('exit', end).unref()
    const succeed = (message: unknown) => {
      settle()
      resolve(message)
    }
    const fail = (error: Error) => {
      settle()
      reject(error)
    }
    const end = (code: number) =>
      fail(new Error(`expected an answer, got the thread's end (${code})`))
    // An idle worker does not keep the process alive, a busy one does.
    worker.on('message', succeed).on('error', fail).on('exit', end).ref()
  })
}
