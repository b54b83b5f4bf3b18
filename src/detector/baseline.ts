import type { FeatureColumn, FeatureTable } from '../representations/index.ts'
import {
  type FastOmnibus,
  type OmnibusReference,
  prepareOmnibusReference,
} from '../statistics/index.ts'
import { type Moments, momentsOf } from './loss-comparison.ts'

/** Features of the reference under one change the user takes for normal. */
export type ToleratedTable = { readonly title: string; readonly table: FeatureTable }

/** What a batch is held against, sorted for the window test. */
export type Comparison = {
  readonly title: string
  readonly prepared: OmnibusReference
  /** Nulls of some batch sizes, drawn ahead. */
  readonly fast?: FastOmnibus
}

/** The numbers fitted on the held-out reference images. */
export type Baseline = {
  readonly table: FeatureTable
  /** The reference itself first, then as it looks under each tolerated change. */
  readonly comparisons: readonly [Comparison, ...Comparison[]]
  /** Reconstruction loss of the reference images. */
  readonly losses: Float32Array
  readonly loss: Moments
  /** Unusualness of the reference images, ascending. */
  readonly sortedScores: Float32Array
}

/** Prepares the held-out feature table for checks. */
export function createBaseline(
  table: FeatureTable,
  tolerated: readonly ToleratedTable[],
): Baseline {
  const compare = (title: string, { values, columns }: FeatureTable): Comparison => ({
    title,
    prepared: prepareOmnibusReference(values, columns.length),
  })
  const losses = columnOf(table, columnIndex(table.columns, 'loss'))
  const scores = columnOf(table, scoreColumn(table.columns))
  return {
    table,
    comparisons: [
      compare('the reference', table),
      ...tolerated.map((part) => compare(part.title, part.table)),
    ],
    losses,
    loss: momentsOf(losses),
    sortedScores: scores.toSorted(),
  }
}

/** The baseline with each of its comparisons changed. */
export function mapComparisons(
  baseline: Baseline,
  change: (comparison: Comparison, index: number) => Comparison,
): Baseline {
  const [reference, ...tolerated] = baseline.comparisons
  return {
    ...baseline,
    comparisons: [change(reference, 0), ...tolerated.map((one, i) => change(one, i + 1))],
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
