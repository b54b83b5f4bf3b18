import { type Node, openSession, type Session, writeModel } from '../engine/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** A small graph of fixed numbers; its session opens with the first run and again with a run after `close`. */
export type LazySession = {
  /** Hands the results of the rows `start`, `start + 1`, … to `visit`, at most `rowsPerRun` at a time. */
  run(
    rows: RowMaker,
    visit: (results: Record<string, Tensor>, start: number) => void,
  ): Promise<void>
  close(): Promise<void>
}

/** Rows that are made as they are needed. */
export type RowMaker = {
  readonly count: number
  readonly part: (start: number, end: number) => Tensor
}

export type LazySessionOptions = {
  readonly name: string
  /** Its only input, of a free first axis. */
  readonly input: Node
  /** Named in the model as here. */
  readonly outputs: Readonly<Record<string, Node>>
  /** The name of `input` in the graph. */
  readonly inputName: string
  readonly rowsPerRun: number
}

/** Nothing is written or opened before the first run. */
export function lazySession(options: LazySessionOptions): LazySession {
  const { inputName, rowsPerRun } = options
  let opened: Promise<Session> | undefined
  return {
    run: async ({ count, part }, visit) => {
      if (count === 0) return
      opened ??= open(options)
      const session = await opened
      for (let start = 0; start < count; start += rowsPerRun) {
        const rows = part(start, Math.min(start + rowsPerRun, count))
        visit(await session.run({ [inputName]: rows }), start)
      }
    },
    close: async () => {
      const closing = opened
      opened = undefined
      await (await closing)?.close()
    },
  }
}

function open({ name, input, outputs }: LazySessionOptions): Promise<Session> {
  // One thread: a pool of its own would still spin while the next session wants the cores.
  return openSession(writeModel({ name, inputs: [input], outputs }), { threads: 1 })
}
