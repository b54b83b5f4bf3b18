import { binomialTest } from '../../statistics/binomial.ts'
import type { Random } from '../../../src/tensor/index.ts'
import type { Method } from '../method.ts'
import { rowCount, type View } from '../view.ts'
import { fitLogistic, type LabelledRows, logOdds } from './logistic-regression.ts'
import { groupColumns } from './measured-columns.ts'

const RIDGE = 1

/** Lopez-Paz and Oquab 2017: is a classifier of reference and window right more often than a coin? */
export const classifierTwoSample: Method = {
  name: 'classifier-two-sample',
  title: 'classifier two-sample test (logistic regression on the code)',
  revision: 1,
  view: 'features',
  budget: { 'same-size': 1 },
  largest: 10_000,
  prepare: ({ columns }) => {
    const take = groupColumns(columns, 'code')
    return ({ reference, window, random }) => {
      const samples = [take(reference), take(window)].map((view) => halves(view, random))
      const training = standardise(join(samples.map(([half]) => half)))
      const held = training.apply(join(samples.map(([, half]) => half)))
      const model = fitLogistic(training.rows, RIDGE)
      const right = held.labels.reduce((count, label, i) => {
        const isWindow = logOdds(model, held.values, i * held.width) > 0
        return count + (isWindow === (label === 1) ? 1 : 0)
      }, 0)
      return binomialTest(right, held.labels.length).pValue
    }
  },
}

function halves(view: View, random: Random): readonly [View, View] {
  const rows = rowCount(view)
  const { width } = view
  const order = random.permutation(rows)
  const part = (chosen: Uint32Array): View => {
    const values = new Float32Array(chosen.length * width)
    chosen.forEach((row, i) =>
      values.set(view.values.subarray(row * width, (row + 1) * width), i * width),
    )
    return { width, values }
  }
  return [part(order.subarray(0, rows >> 1)), part(order.subarray(rows >> 1))]
}

/** The reference's rows with label 0, then the window's with label 1. */
function join([reference, window]: readonly View[]): LabelledRows {
  const values = new Float32Array(reference.values.length + window.values.length)
  values.set(reference.values)
  values.set(window.values, reference.values.length)
  const labels = new Uint8Array(rowCount(reference) + rowCount(window))
  labels.fill(1, rowCount(reference))
  return { values, width: reference.width, labels }
}

/** Columns to mean 0 and standard deviation 1, and the same map for other rows. */
function standardise(rows: LabelledRows): {
  readonly rows: LabelledRows
  readonly apply: (other: LabelledRows) => LabelledRows
} {
  const { width, values } = rows
  const count = values.length / width
  const mean = new Float64Array(width)
  const square = new Float64Array(width)
  values.forEach((value, i) => (mean[i % width] += value / count))
  values.forEach((value, i) => (square[i % width] += (value - mean[i % width]) ** 2 / count))
  const apply = (other: LabelledRows): LabelledRows => ({
    ...other,
    values: other.values.map((value, i) => {
      const k = i % width
      return square[k] > 0 ? (value - mean[k]) / Math.sqrt(square[k]) : 0
    }),
  })
  return { rows: apply(rows), apply }
}
