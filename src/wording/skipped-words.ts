import type { Judgement } from '../verdict/index.ts'
import { formatCount } from './number-format.ts'

/** What could not be read, by the code of its error. */
type Skipped = Pick<Judgement, 'skippedCounts'>

/** `none skipped`, or how many and why: `3 skipped (2 undecodable, 1 of another shape)`. */
export function describeSkipped(judged: Skipped): string {
  if (countSkipped(judged) === 0) return 'none skipped'
  return `${formatCount(countSkipped(judged))} skipped (${describeReasons(judged)})`
}

/** Why images were skipped, most frequent reason first: `2 undecodable, 1 of another shape`. */
export function describeReasons({ skippedCounts }: Skipped): string {
  return Object.entries(skippedCounts)
    .toSorted((a, b) => b[1] - a[1])
    .map(([code, count]) => `${formatCount(count)} ${REASONS[code] ?? code}`)
    .join(', ')
}

/** Images of the batch that could not be read, whether they are named or not. */
export function countSkipped({ skippedCounts }: Skipped): number {
  return Object.values(skippedCounts).reduce((sum, count) => sum + count, 0)
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
