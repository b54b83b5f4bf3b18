import { fileURLToPath } from 'node:url'
import type { CellOrigin } from './provenance.ts'
import type { CellContext } from './study.ts'
import { openProcess, type WorkerProcess } from './worker-process.ts'

/** What a study's process is asked for. */
export type CellRequest = {
  readonly cell: object
  readonly context: Omit<CellContext, 'log'>
}

/** A cell's result, or why it has none. */
export type CellAnswer =
  | { readonly result: unknown; readonly origin: CellOrigin }
  | { readonly failure: string }

export type PoolOptions = {
  /** Module that exports the `study`. */
  readonly url: string
  readonly workers: number
  /** Handed to every cell. */
  readonly context: Omit<CellContext, 'log'>
  /** Called once for each cell, by its place in the list given to `runCells`. */
  readonly onFinished: (index: number, answer: CellAnswer) => void
  readonly onLog: (line: string) => void
  readonly signal: AbortSignal
}

const ENTRY = fileURLToPath(new URL('cell-worker.ts', import.meta.url))

/** Runs every cell once, `workers` at a time, each in a process that is kept between cells. */
export async function runCells(cells: readonly object[], options: PoolOptions): Promise<void> {
  const queue = [...cells.entries()]
  const workers = Math.min(options.workers, queue.length)
  await Promise.all(Array.from({ length: workers }, () => workThrough(queue, options)))
}

/** Takes cells from the queue until it is empty; a process that dies fails its cell and is replaced. */
async function workThrough(
  queue: [number, object][],
  { url, context, onFinished, onLog, signal }: PoolOptions,
): Promise<void> {
  let worker: WorkerProcess | undefined
  try {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (signal.aborted) return
      const [index, cell] = next
      try {
        worker ??= await openProcess([process.execPath, ENTRY, url], { log: onLog, signal })
        onFinished(index, await worker.ask<CellAnswer>({ cmd: 'run', cell, context }))
      } catch (error) {
        worker = undefined
        if (!signal.aborted) onFinished(index, { failure: (error as Error).message })
      }
    }
  } finally {
    await worker?.close()
  }
}
