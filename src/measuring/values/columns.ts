import type { FeatureColumn } from '../../representations/index.ts'

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
