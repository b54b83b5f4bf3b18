import type { OmnibusReference } from '../statistics/index.ts'
import type { Typical } from '../verdict/index.ts'

/** What most images of reference and batch have in a column of files, those without it left aside. */
export function typicalValues(
  { values, columnCount }: OmnibusReference,
  window: Float32Array,
  column: number,
): { readonly reference: Typical; readonly batch: Typical } {
  const of = (rows: Float32Array) => typicalOf(rows, column, columnCount)
  return { reference: of(values), batch: of(window) }
}

/** The commonest value where half of the images have it, else the median. */
function typicalOf(rows: Float32Array, column: number, columnCount: number): Typical {
  const there: number[] = []
  for (let i = column; i < rows.length; i += columnCount) if (rows[i] !== 0) there.push(rows[i])
  if (there.length === 0) return { value: 0, share: 0 }
  there.sort((a, b) => a - b)
  const commonest = runsOf(there).reduce((most, run) => (run.count > most.count ? run : most))
  const isCommon = 2 * commonest.count >= there.length
  const value = isCommon ? commonest.value : there[there.length >> 1]
  return { value, share: there.filter((one) => one === value).length / there.length }
}

/** Each value of an ascending list, and how often it is there. */
function runsOf(sorted: readonly number[]) {
  const starts = sorted.flatMap((value, i) => (value === sorted[i - 1] ? [] : [i]))
  return starts.map((start, i) => ({
    value: sorted[start],
    count: (starts[i + 1] ?? sorted.length) - start,
  }))
}
