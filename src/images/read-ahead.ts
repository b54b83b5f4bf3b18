export type ReadAheadOptions<R> = {
  /** Most results kept waiting. */
  readonly window: number
  /** True while starting another item would hold too much memory. */
  readonly isFull: () => boolean
  /** Called as a result leaves the window. */
  readonly onTaken: (result: R) => void
}

/**
 * Runs `start` on items up to `window` ahead of the consumer and yields the results in order.
 * Work that is started goes on while the consumer is busy, even when it blocks this thread.
 * `start` must not reject.
 */
export async function* readAhead<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  start: (item: T) => R | Promise<R>,
  options: ReadAheadOptions<R>,
): AsyncGenerator<R> {
  const { window, isFull, onTaken } = options
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const queue: (R | Promise<R>)[] = []
  let finished = false
  try {
    for (;;) {
      while (!finished && queue.length < window && (queue.length === 0 || !isFull())) {
        const step = iterator.next()
        const next = step instanceof Promise ? await step : step
        if (next.done === true) finished = true
        else queue.push(start(next.value))
      }
      const first = queue.shift()
      if (first === undefined) return
      const result = first instanceof Promise ? await first : first
      onTaken(result)
      yield result
    }
  } finally {
    if (!finished) await iterator.return?.()
  }
}
