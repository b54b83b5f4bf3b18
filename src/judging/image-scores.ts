import {
  columnIndex,
  type ImageRecord,
  type Measurements,
  scoreColumn,
} from '../measuring/values/index.ts'
import { conformalPValue } from '../statistics/index.ts'
import type { BaselineNumbers } from './baseline.ts'

/** One image of a batch: how far it is from the reference, whatever is said of the batch as a whole. */
export type ImageScore = {
  readonly record: ImageRecord
  /** Reconstruction loss (binary cross-entropy per value). */
  readonly loss: number
  /** Loss beyond the image's own entropy, ≥ 0. */
  readonly excessLoss: number
  /** How unusual the image is; higher = more unusual. */
  readonly score: number
  /** Share of reference images at least as unusual, in (0, 1]. */
  readonly pValue: number
}

/** Loss and unusualness of each measured image, in their order. */
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
