/** Runs tasks, so many at once; the others wait in their order. */
export function createSlots(count: number): { run<T>(task: () => Promise<T>): Promise<T> } {
  const waiting: (() => void)[] = []
  let free = count
  return {
    run: async (task) => {
      if (free > 0) free--
      else await new Promise<void>((resolve) => void waiting.push(resolve))
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free++
        else next()
      }
    },
  }
}
