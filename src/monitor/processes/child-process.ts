import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Question, READY, readError, type Reply } from './process-messages.ts'

/** Why a process ended with a question open. */
export type Ending = 'not-started' | 'crashed' | 'too-slow' | 'too-large'

/** A process ended instead of answering; the question may have been the reason. */
export class ProcessEndedError extends Error {
  readonly ending: Ending

  constructor(ending: Ending, message: string) {
    super(message)
    this.ending = ending
  }
}

/** A function in a process of its own: what it does cannot end or block the one that asks. */
export type Child<Request, Answer> = {
  /** One question at a time. Rejects with ProcessEndedError where the process ends instead of answering. */
  ask(request: Request): Promise<Answer>
  /** Ends it at once, in the middle of a question too. */
  kill(ending: Ending): void
  /** Ends it once it is idle. */
  close(): Promise<void>
  readonly pid: number | undefined
  readonly isOver: boolean
}

/** As `nice` has it. */
const PATIENT = 10

/** Of the JavaScript of a process, in MiB; memory of native code is watched from outside. */
const HEAP_MIB = 1024

/**
 * Starts the module at `path`, which is without its ending and as seen from `from`, the `import.meta.url` of who asks;
 * it calls `serveProcess` at its top. One that is patient gives way to all others where cores are few.
 */
export function startProcess<Request, Answer>(
  path: string,
  from: string,
  { isPatient = false }: { readonly isPatient?: boolean } = {},
): Child<Request, Answer> {
  const ending = /\.[cm]?[jt]s$/.exec(from)?.[0] ?? ''
  const child = fork(fileURLToPath(new URL(path + ending, from)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
  })
  if (isPatient && child.pid !== undefined) setPriority(child.pid, PATIENT)
  return conversation(child)
}

type Open<Answer> = {
  readonly id: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

function conversation<Request, Answer>(child: ChildProcess): Child<Request, Answer> {
  const life = lifeOf<Answer>(child)
  let asked = 0
  return {
    ask: async (request) => {
      if (life.isOver) {
        throw new ProcessEndedError('crashed', 'expected a running process, got one that ended')
      }
      const answer = life.await(++asked)
      const question: Question<Request> = { id: asked, request }
      child.send(question, (error) => error && child.kill('SIGKILL'))
      return answer
    },
    kill: (ending) => {
      life.endsBy(ending)
      child.kill('SIGKILL')
    },
    close: async () => {
      if (life.isOver) return
      child.kill('SIGKILL')
      await life.ended
    },
    get pid() {
      return child.pid
    },
    get isOver() {
      return life.isOver
    },
  }
}

/** What comes from a process, to its end. */
function lifeOf<Answer>(child: ChildProcess) {
  let open: Open<Answer> | undefined
  let isOver = false
  let ending: Ending = 'not-started'
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const finish = (how: string): void => {
    isOver = true
    open?.reject(new ProcessEndedError(ending, `expected an answer, got its end (${how})`))
    open = undefined
    end()
  }
  child.on('error', (error) => finish(error.message))
  child.on('exit', (code, signal) => finish(String(signal ?? code)))
  child.on('message', (reply: Reply<Answer> | typeof READY) => {
    if (reply === READY) {
      ending = 'crashed'
      return
    }
    if (open?.id !== reply.id) return
    const { resolve, reject } = open
    open = undefined
    if ('error' in reply) reject(readError(reply.error))
    else resolve(reply.answer)
  })
  return {
    ended,
    get isOver() {
      return isOver
    },
    /** It is being ended for that reason. */
    endsBy: (reason: Ending): void => {
      if (ending !== 'not-started') ending = reason
    },
    await: (id: number): Promise<Answer> => {
      if (open !== undefined) throw new RangeError('expected one question at a time')
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      open = { id, resolve, reject }
      return promise
    },
  }
}
