import type { FeatureColumn } from '../measuring/values/index.ts'
import type { RowTable } from '../statistics/index.ts'

/** What a classifier said of rows of features. */
export type ClassOutputs = {
  /** Predicted class of each row, from 0. */
  readonly predicted: Uint32Array
  /** Rows × classes; null where the features hold no number for each class. */
  readonly probabilities: RowTable | null
}

/** Reads the classifier's outputs from features; null where there are none. */
export function classOutputs(
  columns: readonly FeatureColumn[],
  values: Float32Array,
): ClassOutputs | null {
  const predictedAt = columns.findIndex(({ group }) => group === 'prediction')
  if (predictedAt < 0) return null
  const evidence = columns.flatMap(({ name }, k) =>
    /^(logit|log-probability)-\d+$/.test(name) ? [k] : [],
  )
  const width = columns.length
  const rows = values.length / width
  return {
    predicted: Uint32Array.from({ length: rows }, (_, row) => values[row * width + predictedAt]),
    probabilities: evidence.length === 0 ? null : softmaxRows({ width, values }, evidence),
  }
}

/** Softmax of logits, and of log-probabilities, which it leaves as they are. */
function softmaxRows({ width, values }: RowTable, columns: readonly number[]): RowTable {
  const rows = values.length / width
  const shares = new Float32Array(rows * columns.length)
  for (let row = 0; row < rows; row++) {
    const scores = columns.map((k) => values[row * width + k])
    const largest = Math.max(...scores)
    const powers = scores.map((score) => Math.exp(score - largest))
    const sum = powers.reduce((total, one) => total + one, 0)
    powers.forEach((power, k) => (shares[row * columns.length + k] = power / sum))
  }
  return { width: columns.length, values: shares }
}

/** A column of zeros and ones for each class, and beside them the probabilities where there are any. */
export function outputTable({ predicted, probabilities }: ClassOutputs, classes: number): RowTable {
  const width = classes + (probabilities?.width ?? 0)
  const values = new Float32Array(predicted.length * width)
  predicted.forEach((one, row) => {
    // A class that the reference never showed has no column.
    if (one < classes) values[row * width + one] = 1
    if (probabilities === null) return
    const from = row * probabilities.width
    values.set(
      probabilities.values.subarray(from, from + probabilities.width),
      row * width + classes,
    )
  })
  return { width, values }
}

/** Some of the rows, in the order given. */
export function pickRows(
  { predicted, probabilities }: ClassOutputs,
  rows: Uint32Array,
): ClassOutputs {
  return {
    predicted: Uint32Array.from(rows, (row) => predicted[row]),
    probabilities:
      probabilities === null
        ? null
        : {
            width: probabilities.width,
            values: Float32Array.from({ length: rows.length * probabilities.width }, (_, i) => {
              const row = rows[Math.floor(i / probabilities.width)]
              return probabilities.values[row * probabilities.width + (i % probabilities.width)]
            }),
          },
  }
}
