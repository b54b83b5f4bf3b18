import {
  columnIndex,
  type MeasuredImage,
  type Measurements,
  noMeasurements,
  periodOf,
  sumExactly,
  type ModelOutputName,
} from '../measuring/values/index.ts'
import type { Baseline } from './baseline.ts'

/** An image, and its numbers by all columns of the extractor. */
export type ImageRow = { readonly image: MeasuredImage; readonly row: Float32Array }

/** Images whose numbers are known, as a batch. */
export function measurementsOfRows(
  { extractorId, table, settings }: Baseline,
  rows: readonly ImageRow[],
): Measurements {
  const { columns } = table
  const values = new Float32Array(rows.length * columns.length)
  rows.forEach(({ row }, i) => values.set(row, i * columns.length))
  const loss = columnIndex(columns, 'loss')
  return {
    ...noMeasurements({ extractorId, columns }),
    images: rows.map(({ image }) => image),
    values,
    count: rows.length,
    loss: sumExactly(rows.map(({ row }) => row[loss])),
    period: periodOf(rows.map(({ image }) => image.record)),
    modelOutputs: Object.keys(settings.neededOutputs) as ModelOutputName[],
  }
}
