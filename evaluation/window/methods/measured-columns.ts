import {
  type FeatureColumn,
  type FeatureGroup,
  selectColumns,
  tableOf,
} from '../../../src/representations/index.ts'
import type { View } from '../view.ts'

/** Takes some numbers of each image out of a view of all features. */
export type Measured = (view: View) => View

/** The columns of one group. */
export function groupColumns(columns: readonly FeatureColumn[], group: FeatureGroup): Measured {
  return ({ values }) => {
    const kept = selectColumns(tableOf(columns, values), (column) => column.group === group)
    return { width: kept.columns.length, values: kept.values }
  }
}

/** The classifier's probabilities, one column per class. */
export function softmaxColumns(columns: readonly FeatureColumn[]): Measured {
  return ({ values }) => {
    const isLogit = ({ name }: FeatureColumn): boolean => name.startsWith('logit-')
    const logits = selectColumns(tableOf(columns, values), isLogit)
    const width = logits.columns.length
    for (let start = 0; start < logits.values.length; start += width) {
      softmax(logits.values.subarray(start, start + width))
    }
    return { width, values: logits.values }
  }
}

function softmax(row: Float32Array): void {
  const largest = row.reduce((most, value) => Math.max(most, value), -Infinity)
  let sum = 0
  for (let k = 0; k < row.length; k++) sum += row[k] = Math.exp(row[k] - largest)
  for (let k = 0; k < row.length; k++) row[k] /= sum
}
