import { columnIndex, type Measurements, scoreColumn } from '../measuring/values/index.ts'
import { conformalPValue } from '../statistics/index.ts'
import type { BaselineNumbers } from './baseline.ts'
import type { ImageScore } from './verdict.ts'

/** Loss and unusualness of each image. */
export function scoreImages(
  { sortedScores }: Pick<BaselineNumbers, 'sortedScores'>,
  { columns, images, values }: Pick<Measurements, 'columns' | 'images' | 'values'>,
): ImageScore[] {
  const width = columns.length
  const [lossAt, excessAt] = [columnIndex(columns, 'loss'), columnIndex(columns, 'excess-loss')]
  const scoreAt = scoreColumn(columns)
  return images.map(({ record }, i) => {
    const score = values[i * width + scoreAt]
    return {
      record,
      loss: values[i * width + lossAt],
      excessLoss: values[i * width + excessAt],
      score,
      pValue: conformalPValue(sortedScores, score),
    }
  })
}
