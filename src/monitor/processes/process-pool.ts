import { setTimeout as delay } from 'node:timers/promises'
import { DriftError } from '../../errors.ts'
import type { Log } from '../log/index.ts'
import { type Child, ProcessEndedError } from './child-process.ts'
import { memoryOf } from './process-memory.ts'

/** Processes that answer questions, each one at a time. */
export type ProcessPool<Request, Answer> = {
  /** Waits for an idle process; rejects with ProcessEndedError where it ends over this question. */
  ask(request: Request, limits?: { readonly timeoutMs?: number }): Promise<Answer>
  /** How often a process had to be replaced. */
  readonly restarts: number
  close(): Promise<void>
}

export type ProcessPoolOptions<Request, Answer> = {
  readonly start: () => Child<Request, Answer>
  readonly size: number
  /** A process that takes longer for one question is ended. */
  readonly timeoutMs: number
  /** A process that is larger is ended, in the middle of a question too. */
  readonly memoryBytes: number
  readonly log: Log
}

/** Starts processes as they are needed, and replaces those that end. */
export function openProcessPool<Request, Answer>({
  timeoutMs,
  memoryBytes,
  log,
  ...options
}: ProcessPoolOptions<Request, Answer>): ProcessPool<Request, Answer> {
  const lending = openLending(options)
  return {
    get restarts() {
      return lending.ended
    },
    ask: async (request, { timeoutMs: ownMs = timeoutMs } = {}) => {
      const child = await lending.take()
      const done = new AbortController()
      const timer = setTimeout(() => child.kill('too-slow'), ownMs)
      void watchMemory(child, memoryBytes, done.signal)
      try {
        return await child.ask(request)
      } catch (error) {
        // No question's doing.
        if (lending.isClosed) throw closedPool()
        if (error instanceof ProcessEndedError) log('warn', `a process ended: ${error.ending}`)
        throw error
      } finally {
        clearTimeout(timer)
        done.abort()
        lending.give(child)
      }
    },
    close: () => lending.close(),
  }
}

type AnyChild = Pick<Child<never, never>, 'isOver' | 'close'>

/** Hands out processes to one at a time, in the order in which they ask. */
function openLending<Own extends AnyChild>({
  start,
  size,
}: {
  readonly start: () => Own
  readonly size: number
}) {
  const all = new Set<Own>()
  const idle: Own[] = []
  const waiting: {
    readonly resolve: (child: Own) => void
    readonly reject: (error: Error) => void
  }[] = []
  let ended = 0
  let isClosed = false
  const begin = (): Own => {
    const child = start()
    all.add(child)
    return child
  }
  /** It may have ended while nobody had it. */
  const livingOf = (child: Own): Own => {
    if (!child.isOver) return child
    all.delete(child)
    ended++
    return begin()
  }
  return {
    get ended() {
      return ended
    },
    get isClosed() {
      return isClosed
    },
    take: async (): Promise<Own> => {
      if (isClosed) throw closedPool()
      const free = idle.pop()
      if (free !== undefined) return livingOf(free)
      if (all.size < size) return begin()
      const { promise, resolve, reject } = Promise.withResolvers<Own>()
      waiting.push({ resolve, reject })
      return promise
    },
    give: (child: Own): void => {
      if (isClosed) return
      const next = waiting.shift()
      if (next !== undefined) next.resolve(livingOf(child))
      else idle.push(child)
    },
    close: async (): Promise<void> => {
      isClosed = true
      for (const { reject } of waiting) reject(closedPool())
      await Promise.all([...all].map((child) => child.close()))
    },
  }
}

function closedPool(): DriftError {
  return new DriftError('resource.closed', 'expected open processes, got closed ones')
}

/** How often memory is looked at. */
const LOOK_EVERY_MS = 100

async function watchMemory<Request, Answer>(
  child: Child<Request, Answer>,
  limit: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted || child.pid === undefined) return
    const bytes = memoryOf(child.pid)
    if (bytes !== undefined && bytes > limit) child.kill('too-large')
  }
}
