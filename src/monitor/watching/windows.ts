import type { StoredWindow } from '../store/index.ts'

/** Windows of so many counted images that end behind one position, up to another. */
export function closedWindows(
  monitor: string,
  {
    before,
    after,
    size,
    at,
  }: {
    readonly before: number
    readonly after: number
    readonly size: number
    readonly at: number
  },
): StoredWindow[] {
  const first = Math.floor(before / size) + 1
  const last = Math.floor(after / size)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const number = first + i
    return {
      monitor,
      number,
      first: (number - 1) * size + 1,
      last: number * size,
      closedAt: at,
      verdict: null,
      severity: null,
    }
  })
}
