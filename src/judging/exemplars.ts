import {
  columnIndex,
  type FeatureColumn,
  type Measurements,
  scoreColumn,
} from '../measuring/values/index.ts'
import type { Exemplars, FeatureEvidence, QuantityEvidence } from '../verdict/index.ts'

const SHOWN = 8
/** Features that may tell what the batch as a whole became. */
const TELLING = 8

/** The images to show: the most unusual ones, and those nearest to what the batch as a whole became. */
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
  const telling = features
    .filter((feature): feature is QuantityEvidence => feature.kind === 'quantity')
    .slice(0, TELLING)
    .filter(({ adjustedPValue }) => adjustedPValue < 0.05)
  const distance = (row: number) =>
    telling.reduce((sum, { name, referenceMean, batchMean, hedgesG }) => {
      // One standard deviation of the reference, from the standardised difference itself.
      const scale = (batchMean - referenceMean) / hedgesG || 1
      return sum + ((at(row, columnIndex(columns, name)) - batchMean) / scale) ** 2
    }, 0)
  const typical = telling.length === 0 ? [] : nearest(rows, distance)
  const named = (chosen: readonly number[]) =>
    chosen.map((row) => {
      const { record, place } = window.images[row]
      return { id: record.id, place }
    })
  return { mostUnusual: named(byScore.slice(0, SHOWN)), representative: named(typical) }
}

function nearest(rows: readonly number[], distance: (row: number) => number): number[] {
  const known = rows.map((row) => ({ row, far: distance(row) }))
  return known
    .toSorted((a, b) => a.far - b.far)
    .slice(0, SHOWN)
    .map(({ row }) => row)
}
