import {
  columnIndex,
  type FeatureColumn,
  type Measurements,
  scoreColumn,
} from '../measuring/values/index.ts'
import { densityGrowth, type OmnibusReference } from '../statistics/index.ts'
import type { Exemplars, FeatureEvidence } from '../verdict/index.ts'

const SHOWN = 8
/** Features that are asked where none changed surely, though all together did. */
const SUSPECTED = 8

/** What the window test said of a batch. */
export type TestedBatch = {
  readonly features: readonly FeatureEvidence[]
  /** What it was compared with. */
  readonly reference: OmnibusReference
  /** The decision passed its threshold. */
  readonly isFound: boolean
}

/**
 * The images to show: the most unusual ones, and those that stand for the change: where, summed over all features that
 * surely changed, the batch is denser than the reference most. Those nearest to the batch's mean are unchanged ones as soon
 * as most images are (`npm run evaluate exemplars`).
 */
export function chooseExemplars(
  columns: readonly FeatureColumn[],
  window: Pick<Measurements, 'images' | 'values'>,
  tested: TestedBatch | null,
): Exemplars {
  const width = columns.length
  const unusual = scoreColumn(columns)
  const named = (scores: (row: number) => number) =>
    highest(window.images.length, scores).map((row) => {
      const { record, place } = window.images[row]
      return { id: record.id, place }
    })
  const growth = tested && growthOf(columns, window.values, tested)
  return {
    mostUnusual: named((row) => window.values[row * width + unusual]),
    representative: growth === null ? [] : named((row) => growth[row]),
  }
}

/** Of each row the logarithm of how much denser the batch is there, summed over the telling features; null where none tells. */
function growthOf(
  columns: readonly FeatureColumn[],
  values: Float32Array,
  { features, reference, isFound }: TestedBatch,
): Float64Array | null {
  const telling = tellingOf(features, isFound)
  if (telling.length === 0) return null
  const sum = new Float64Array(values.length / columns.length)
  for (const { name, kind } of telling) {
    const growth = densityGrowth(reference, values, {
      column: columnIndex(columns, name),
      isCategory: kind === 'category',
    })
    growth.forEach((one, row) => (sum[row] += one))
  }
  return sum
}

function tellingOf(features: readonly FeatureEvidence[], isFound: boolean): FeatureEvidence[] {
  const sure = features.filter(({ adjustedPValue }) => adjustedPValue < 0.05)
  return sure.length > 0 || !isFound ? sure : features.slice(0, SUSPECTED)
}

function highest(count: number, score: (row: number) => number): number[] {
  const rows = Array.from({ length: count }, (_, row) => ({ row, score: score(row) }))
  return rows
    .toSorted((a, b) => b.score - a.score)
    .slice(0, SHOWN)
    .map(({ row }) => row)
}
