import { createRandom } from '../../src/tensor/index.ts'

/** The project's own split of the pooled 70,000 digits (METHODS 8). */
export const STUDY_SPLIT = {
  training: 40_000,
  tuning: 10_000,
  reference: 10_000,
  audit: 10_000,
} as const

/** The split of "Failing Loudly" (METHODS 1.1). */
export const FAILING_LOUDLY_SPLIT = {
  training: 50_000,
  validation: 10_000,
  test: 10_000,
} as const

/** Disjoint random rows of 0..count-1, one set per part; the same for the same seed. */
export function splitRows<Part extends string>(
  count: number,
  sizes: Readonly<Record<Part, number>>,
  seed: number,
): Record<Part, Uint32Array> {
  const order = createRandom(seed).permutation(count)
  let start = 0
  const parts = Object.entries<number>(sizes).map(([part, size]) => {
    const rows = order.slice(start, start + size)
    if (rows.length < size)
      throw new RangeError(`expected ${size} rows for ${part}, got ${rows.length}`)
    start += size
    return [part, rows]
  })
  return Object.fromEntries(parts) as Record<Part, Uint32Array>
}
