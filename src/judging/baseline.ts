import type { FeatureColumn, FeatureTable } from '../measuring/values/index.ts'
import { type OmnibusReference, prepareOmnibusReference } from '../statistics/index.ts'
import type { Comparison, NearestComparisons } from './comparison.ts'
import { type Moments, momentsOf } from './loss-comparison.ts'

/** The numbers fitted on the held-out reference images. */
export type Baseline = {
  readonly table: FeatureTable
  /** The reference as it is. */
  readonly comparison: Comparison
  /** Where changes are tolerated: the mixture of reference images under them that a batch resembles most. */
  readonly nearest?: NearestComparisons
  /** Reconstruction loss of the reference images. */
  readonly losses: Float32Array
  readonly loss: Moments
  /** Unusualness of the reference images, ascending. */
  readonly sortedScores: Float32Array
}

/** Prepares the held-out feature table for checks; `tolerate` says what else is taken for normal. */
export function createBaseline(
  table: FeatureTable,
  tolerate?: (reference: OmnibusReference) => NearestComparisons,
): Baseline {
  const losses = columnOf(table, columnIndex(table.columns, 'loss'))
  const scores = columnOf(table, scoreColumn(table.columns))
  const prepared = prepareOmnibusReference(table.values, table.columns.length)
  return {
    table,
    comparison: { title: 'the reference', prepared },
    ...(tolerate && { nearest: tolerate(prepared) }),
    losses,
    loss: momentsOf(losses),
    sortedScores: scores.toSorted(),
  }
}

/** Position of a column that must be there. */
export function columnIndex(columns: readonly FeatureColumn[], name: string): number {
  const index = columns.findIndex((column) => column.name === name)
  if (index < 0)
    throw new RangeError(`expected a column ${name}, got ${columns.map((c) => c.name).join(', ')}`)
  return index
}

/** The column that says how unusual an image is: the outlier score, or the excess loss without one. */
export function scoreColumn(columns: readonly FeatureColumn[]): number {
  const outlier = columns.findIndex(({ group }) => group === 'outlier')
  return outlier < 0 ? columnIndex(columns, 'excess-loss') : outlier
}

function columnOf({ columns, rows, values }: FeatureTable, index: number): Float32Array {
  const width = columns.length
  return Float32Array.from({ length: rows }, (_, row) => values[row * width + index])
}
