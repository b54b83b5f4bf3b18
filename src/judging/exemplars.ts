import { columnIndex, scoreColumn } from './baseline.ts'
import type { FeatureColumn } from '../measuring/values/index.ts'
import type { WindowImages } from './window-images.ts'
import type { Exemplars, FeatureEvidence, QuantityEvidence } from './verdict.ts'

const SHOWN = 8
/** Features that may speak for the drift as a whole. */
const SPEAKING = 8

/** Positions of the images to show: the most unusual ones, and those nearest to what the batch as a whole became. */
export function chooseExemplars(
  columns: readonly FeatureColumn[],
  window: WindowImages,
  features: readonly FeatureEvidence[],
): Exemplars {
  const width = columns.length
  const unusual = scoreColumn(columns)
  const rows = window.rows.map((_, row) => row)
  const at = (row: number, column: number) => window.values[row * width + column]
  const byScore = rows.toSorted((a, b) => at(b, unusual) - at(a, unusual))
  const speaking = features
    .filter((feature): feature is QuantityEvidence => feature.kind === 'quantity')
    .slice(0, SPEAKING)
    .filter(({ adjustedPValue }) => adjustedPValue < 0.05)
  const distance = (row: number) =>
    speaking.reduce((sum, { name, referenceMean, batchMean, hedgesG }) => {
      // One standard deviation of the reference, from the standardised difference itself.
      const scale = Math.abs((batchMean - referenceMean) / (hedgesG || 1)) || 1
      return sum + ((at(row, columnIndex(columns, name)) - batchMean) / scale) ** 2
    }, 0)
  const typical = speaking.length === 0 ? [] : nearest(rows, distance)
  const positions = (chosen: readonly number[]) => chosen.map((row) => window.rows[row].position)
  return { mostUnusual: positions(byScore.slice(0, SHOWN)), representative: positions(typical) }
}

function nearest(rows: readonly number[], distance: (row: number) => number): number[] {
  const known = rows.map((row) => ({ row, far: distance(row) }))
  return known
    .toSorted((a, b) => a.far - b.far)
    .slice(0, SHOWN)
    .map(({ row }) => row)
}
