import { type Measurements, noMeasurements } from '../../src/measuring/index.ts'
import { sumExactly } from '../../src/measuring/values/index.ts'
import type { FeatureColumn } from '../../src/representations/index.ts'
import type { View } from '../window/view.ts'

/** One image of a drawn batch: a row of a view, and a number that is equal for equal pictures. */
export type DrawnImage = { readonly view: View; readonly row: number; readonly hash: number }

/** Drawn images as a batch that was measured, in their order. */
export function batchOfImages(
  {
    extractorId,
    columns,
  }: { readonly extractorId: string; readonly columns: readonly FeatureColumn[] },
  drawn: readonly DrawnImage[],
): Measurements {
  const width = columns.length
  const values = new Float32Array(drawn.length * width)
  drawn.forEach(({ view, row }, i) => {
    values.set(view.values.subarray(row * width, (row + 1) * width), i * width)
  })
  const loss = columns.findIndex(({ name }) => name === 'loss')
  return {
    ...noMeasurements({ extractorId, columns }),
    images: drawn.map(({ hash }, place) => ({ record: { id: String(place) }, place, hash })),
    values,
    count: drawn.length,
    loss: sumExactly(drawn.map((_, i) => values[i * width + loss])),
  }
}
