import { type FeatureColumn, type Measurements, scoreColumn } from '../measuring/values/index.ts'
import { benjaminiHochberg, conformalPValue } from '../statistics/index.ts'
import type { Foreign } from '../verdict/index.ts'
import type { BaselineNumbers } from './baseline.ts'

/** Of images named as foreign, the share that may be so by chance, on average. */
export const FALSE_DISCOVERY_RATE = 0.1

const MOST_NAMED = 100

/**
 * Images that look like nothing in the reference, however the batch as a whole looks: by the rank of their unusualness among
 * the reference's, held against all other images' (Benjamini–Hochberg). Undefined where none is.
 */
export function findForeign(
  columns: readonly FeatureColumn[],
  { images, values }: Pick<Measurements, 'images' | 'values'>,
  { sortedScores }: Pick<BaselineNumbers, 'sortedScores'>,
): Foreign | undefined {
  const column = scoreColumn(columns)
  const scores = images.map((_, row) => values[row * columns.length + column])
  const adjusted = benjaminiHochberg(scores.map((score) => conformalPValue(sortedScores, score)))
  const found = [...images.keys()].filter((row) => adjusted[row] <= FALSE_DISCOVERY_RATE)
  if (found.length === 0) return undefined
  const byScore = found.toSorted((a, b) => scores[b] - scores[a])
  return {
    images: found.length,
    of: images.length,
    named: byScore.slice(0, MOST_NAMED).map((row) => {
      const { record, place } = images[row]
      return { id: record.id, place }
    }),
    falseDiscoveryRate: FALSE_DISCOVERY_RATE,
  }
}
