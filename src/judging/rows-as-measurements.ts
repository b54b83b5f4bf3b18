import {
  columnIndex,
  joinPlaces,
  type MeasuredImage,
  type Measurements,
  noMeasurements,
  periodOf,
  sumExactly,
  type ModelOutputName,
} from '../measuring/values/index.ts'
import type { Baseline } from './baseline.ts'

/** An image, and its numbers by all columns of the extractor; its maps, where they are known. */
export type ImageRow = {
  readonly image: MeasuredImage
  readonly row: Float32Array
  /** What is at each place of the frame, as `Measurements` have it. */
  readonly places?: Int8Array | undefined
}

/** Images whose numbers are known, as a batch; with their maps, where those of all are. */
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
    places: joinPlaces(rows),
    count: rows.length,
    loss: sumExactly(rows.map(({ row }) => row[loss])),
    period: periodOf(rows.map(({ image }) => image.record)),
    modelOutputs: Object.keys(settings.neededOutputs) as ModelOutputName[],
  }
}
