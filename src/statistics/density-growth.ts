import type { OmnibusReference } from './omnibus/reference.ts'
import { sortedColumn, takeColumn } from './omnibus/reference.ts'
import { countBelow, countNotAbove } from './sorted.ts'

/** Shares of the reference that the bins of a quantity end at: the tails apart, since a change of few rows often ends there. */
const ENDS = [0.02, 0.1, 0.5, 0.9, 0.98]
/** A value that so many of the reference's rows share is a bin of its own. */
const COMMON = 0.01

/**
 * How much denser a window is than the reference where each of its rows lies, in one column: the logarithm of the share of
 * the window's other rows in the row's bin, with one row more as the reference has them, over the reference's share. Left
 * out of its own count, a row alone in an empty part of the reference stands for nothing but itself. Codes of categories are a
 * bin each.
 */
export function densityGrowth(
  reference: OmnibusReference,
  window: Float32Array,
  { column, isCategory }: { readonly column: number; readonly isCategory: boolean },
): Float64Array {
  const known = sortedColumn(reference, column).sorted
  const binOf = isCategory ? (value: number) => value : createBins(known)
  const own = takeColumn(window, column, reference.columnCount).map(binOf)
  const [knownCounts, ownCounts] = [countAscending(known, binOf), countEach(own)]
  const bins = new Set([...knownCounts.keys(), ...ownCounts.keys()]).size
  const growth = new Map(
    [...ownCounts].map(([bin, rows]) => {
      const expected = ((knownCounts.get(bin) ?? 0) + 0.5) / (known.length + 0.5 * bins)
      return [bin, Math.log((rows - 1 + expected) / own.length / expected)]
    }),
  )
  return Float64Array.from(own, (bin) => growth.get(bin) ?? 0)
}

/** The bin of a value: how many ends it passes. */
function createBins(ascending: Float32Array): (value: number) => number {
  const rows = ascending.length
  const at = ENDS.map((share) => ascending[Math.min(rows - 1, Math.floor(share * rows))])
  const ends = [...new Set(at)]
  const isCommon = (value: number): boolean =>
    countNotAbove(ascending, value) - countBelow(ascending, value) > Math.max(1, COMMON * rows)
  const common = ends.filter(isCommon)
  return (value) => countBelow(ends, value) + countNotAbove(common, value)
}

function countEach(bins: Float32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const bin of bins) counts.set(bin, (counts.get(bin) ?? 0) + 1)
  return counts
}

/** How many values lie in each bin, of ascending values whose bins ascend: only where each ends is looked for. */
function countAscending(
  values: Float32Array,
  binOf: (value: number) => number,
): Map<number, number> {
  const counts = new Map<number, number>()
  for (let start = 0, end = 0; start < values.length; start = end) {
    const bin = binOf(values[start])
    let beyond = values.length
    while (end < beyond) {
      const middle = (end + beyond) >>> 1
      if (binOf(values[middle]) === bin) end = middle + 1
      else beyond = middle
    }
    counts.set(bin, end - start)
  }
  return counts
}
