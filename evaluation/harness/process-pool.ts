import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CellOrigin } from './provenance.ts'
import type { CellContext } from './study.ts'

/** Parent to child. */
export type CellRequest = {
  readonly index: number
  readonly cell: object
} & Omit<CellContext, 'log'>

/** Child to parent. */
export type CellReply =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly line: string }
  | CellDone
  | CellFailed

/** A cell's result, by its index in the list given to `runCells`. */
export type CellDone = {
  readonly type: 'done'
  readonly index: number
  readonly result: unknown
  readonly origin: CellOrigin
}

/** Why a cell has no result. */
export type CellFailed = {
  readonly type: 'failed'
  readonly index: number
  readonly message: string
}

export type PoolOptions = {
  /** Module that exports the `study`. */
  readonly url: string
  readonly workers: number
  /** Handed to every cell. */
  readonly context: Omit<CellContext, 'log'>
  readonly onFinished: (reply: CellDone | CellFailed) => void
  readonly onLog: (line: string) => void
  readonly signal: AbortSignal
}

const ENTRY = fileURLToPath(new URL('cell-worker.ts', import.meta.url))

/** Runs every cell once, `workers` at a time, each in a child process that is kept between cells. */
export async function runCells(cells: readonly object[], options: PoolOptions): Promise<void> {
  const queue = cells.map((cell, index): CellRequest => ({ index, cell, ...options.context }))
  const workers = Math.min(options.workers, queue.length)
  await Promise.all(Array.from({ length: workers }, () => workThrough(queue, options)))
}

/** Takes cells from the queue until it is empty; a child that dies fails its cell and is replaced. */
async function workThrough(queue: CellRequest[], options: PoolOptions): Promise<void> {
  let child: ChildProcess | undefined
  try {
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      if (options.signal.aborted) return
      child ??= fork(ENTRY, [options.url], { stdio: ['ignore', 2, 2, 'ipc'] })
      const reply = await ask(child, request, options)
      if (!child.connected) child = undefined
      if (!options.signal.aborted) options.onFinished(reply)
    }
  } finally {
    child?.kill('SIGKILL')
  }
}

function ask(
  child: ChildProcess,
  request: CellRequest,
  { onLog, signal }: PoolOptions,
): Promise<CellDone | CellFailed> {
  const { promise, resolve } = Promise.withResolvers<CellDone | CellFailed>()
  const fail = (message: string): void => resolve({ type: 'failed', index: request.index, message })
  const onMessage = (reply: CellReply): void => {
    if (reply.type === 'log') onLog(reply.line)
    else if (reply.type !== 'ready') resolve(reply)
  }
  const onExit = (code: number | null, killedBy: string | null): void =>
    fail(`the process ended (${killedBy ?? `code ${code}`}) before it had a result`)
  const onAbort = (): void => {
    child.kill('SIGKILL')
  }
  child.on('message', onMessage)
  child.once('exit', onExit)
  child.once('error', (error) => fail(error.message))
  signal.addEventListener('abort', onAbort, { once: true })
  child.send(request)
  return promise.finally(() => {
    child.off('message', onMessage)
    child.off('exit', onExit)
    child.removeAllListeners('error')
    signal.removeEventListener('abort', onAbort)
  })
}
