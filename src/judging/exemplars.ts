import {
  columnIndex,
  type FeatureColumn,
  type Measurements,
  scoreColumn,
} from '../measuring/values/index.ts'
import type { Exemplars, FeatureEvidence, QuantityEvidence } from './verdict.ts'

const SHOWN = 8
/** Features that may speak for the drift as a whole. */
const SPEAKING = 8

/** Places of the images to show: the most unusual ones, and those nearest to what the batch as a whole became. */
export function chooseExemplars(
  columns: readonly FeatureColumn[],
  window: Pick<Measurements, 'images' | 'values'>,
  features: readonly FeatureEvidence[],
): Exemplars {
  const width = columns.length
  const unusual = scoreColumn(columns)
  const rows = window.images.map((_, row) => row)
  const at = (row: number, column: number) => window.values[row * width + column]
  const byScore = rows.toSorted((a, b) => at(b, unusual) - at(a, unusual))
  const speaking = features
    .filter((feature): feature is QuantityEvidence => feature.kind === 'quantity')
    .slice(0, SPEAKING)
    .filter(({ adjustedPValue }) => adjustedPValue < 0.05)
  const distance = (row: number) =>
    speaking.reduce((sum, { name, referenceMean, batchMean, hedgesG }) => {
      // One standard deviation of the reference, from the standardised difference itself.
      const scale = (batchMean - referenceMean) / (hedgesG || 1) || 1
      return sum + ((at(row, columnIndex(columns, name)) - batchMean) / scale) ** 2
    }, 0)
  const typical = speaking.length === 0 ? [] : nearest(rows, distance)
  const places = (chosen: readonly number[]) => chosen.map((row) => window.images[row].place)
  return { mostUnusual: places(byScore.slice(0, SHOWN)), representative: places(typical) }
}

function nearest(rows: readonly number[], distance: (row: number) => number): number[] {
  const known = rows.map((row) => ({ row, far: distance(row) }))
  return known
    .toSorted((a, b) => a.far - b.far)
    .slice(0, SHOWN)
    .map(({ row }) => row)
}
