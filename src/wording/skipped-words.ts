import type { Told } from './judged.ts'
import { formatCount } from './number-format.ts'

/** What could not be read, by the code of its error. */
type Skipped = Pick<Told, 'skipped' | 'skippedCounts'>

/** `none skipped`, or how many and why: `3 skipped (2 undecodable, 1 of another shape)`. */
export function describeSkipped(verdict: Skipped): string {
  if (countSkipped(verdict) === 0) return 'none skipped'
  return `${formatCount(countSkipped(verdict))} skipped (${describeReasons(verdict)})`
}

/** Why images were skipped, most frequent reason first: `2 undecodable, 1 of another shape`. */
export function describeReasons(verdict: Skipped): string {
  return Object.entries(skippedCountsOf(verdict))
    .toSorted((a, b) => b[1] - a[1])
    .map(([code, count]) => `${formatCount(count)} ${REASONS[code] ?? code}`)
    .join(', ')
}

/** Images of the batch that could not be read, whether they are named or not. */
export function countSkipped(verdict: Skipped): number {
  return Object.values(skippedCountsOf(verdict)).reduce((sum, count) => sum + count, 0)
}

/** A verdict of an older version names all of them and counts none. */
function skippedCountsOf({ skipped, skippedCounts }: Skipped): Readonly<Record<string, number>> {
  if (skippedCounts !== undefined) return skippedCounts
  const codes = Map.groupBy(skipped, ({ code }) => code)
  return Object.fromEntries([...codes].map(([code, images]) => [code, images.length]))
}

const REASONS: Readonly<Record<string, string>> = {
  'image.undecodable': 'undecodable',
  'image.shape': 'of another shape',
  'image.values': 'with values out of range',
  'image.too-large': 'too large',
  'source.unreadable': 'unreadable',
  'source.duplicate-id': 'with an id used twice',
  'source.unsafe-path': 'outside their folder',
}
