import { MOST_BINS } from './rank-bins.ts'

/**
 * How many values lie in each bin: for each column a tree that halves the bins from level to level, MOST_BINS numbers. The
 * first is the number of all values; from the second on each node holds those of its lower half, and its own halves are
 * nodes 2i and 2i + 1. One way down both finds a rank and counts, with nothing to guess on the way.
 */
export type BinCounts = Int32Array<ArrayBuffer>

const LEVELS = Math.log2(MOST_BINS)

/** A bin of a column. */
export type ColumnBin = { readonly column: number; readonly bin: number }

/** Counts rows × columnCount bins. */
export function countRows(rows: ArrayLike<number>, columnCount: number): BinCounts {
  const counts = new Int32Array(columnCount * MOST_BINS)
  for (let i = 0; i < rows.length; i++) {
    rankAndCount(counts, { column: i % columnCount, bin: rows[i] }, { share: 0, by: 1 })
  }
  return counts
}

/**
 * The share of the counted values that lie above a bin, one more than that `share` of its own ones with them: uniform over
 * (0, 1) where `share` is, for a value of the same distribution. Then counts the bin `by` times more; O(log bins).
 */
export function rankAndCount(
  counts: BinCounts,
  { column, bin }: ColumnBin,
  { share, by }: { readonly share: number; readonly by: number },
): number {
  const root = column * MOST_BINS
  const path = bin + MOST_BINS
  const all = counts[root]
  counts[root] = all + by
  let above = 0
  let own = all
  for (let level = LEVELS; level > 0; level--) {
    const node = root + (path >>> level)
    // All bits set where the way goes down the lower half, else none.
    const isLower = ((path >>> (level - 1)) & 1) - 1
    const lower = counts[node]
    const upper = own - lower
    counts[node] = lower + (by & isLower)
    above += upper & isLower
    own = upper + ((lower - upper) & isLower)
  }
  return (above + share * (1 + own)) / (all + 1)
}
