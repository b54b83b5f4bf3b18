import {
  isMainThread,
  parentPort,
  type Transferable,
  Worker,
  workerData,
} from 'node:worker_threads'
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

/** Threads that all run one module. */
export type ThreadKind<Data, Request, Answer> = {
  /** Starts a thread; ready when it resolves. */
  open(data: Data): Promise<Thread<Request, Answer>>
  /**
   * The module must call it at its top, without awaiting it, so that `require` can load it too: in a thread of this kind
   * it opens what answers, anywhere else it does nothing. A failure to open ends the thread.
   */
  serve(open: (data: Data) => Promise<Respond<Request, Answer>>): void
}

type Respond<Request, Answer> = (request: Request) => Promise<Answered<Answer>>

type Task = { readonly kind: string; readonly data: unknown }

/** Threads of the module at `url`, under a name of their own. */
export function threadKind<Data, Request, Answer>(
  kind: string,
  url: string,
): ThreadKind<Data, Request, Answer> {
  return {
    open: (data) => openThread(url, { kind, data }),
    serve: (open) => {
      const task = workerData as Partial<Task> | null
      if (isMainThread || parentPort === null || task?.kind !== kind) return
      void answerQuestions(parentPort, open(task.data as Data))
    },
  }
}

async function answerQuestions<Request, Answer>(
  port: NonNullable<typeof parentPort>,
  opening: Promise<Respond<Request, Answer>>,
): Promise<void> {
  const respond = await opening
  const reply = async (request: Request) => {
    const { answer, transfer = [] } = await respond(request)
    port.postMessage(answer, transfer)
  }
  port.on('message', (request: Request) => void reply(request))
  port.postMessage('ready')
}

async function openThread<Request, Answer>(
  url: string,
  task: Task,
): Promise<Thread<Request, Answer>> {
  const worker = new Worker(new URL(url), { workerData: task })
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
