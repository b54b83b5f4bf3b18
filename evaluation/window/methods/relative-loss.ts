import type { FeatureColumn } from '../../../src/representations/index.ts'
import type { Method } from '../method.ts'
import { rowCount, type View } from '../view.ts'

/** Relative rise of the mean loss that alarms. */
const INCREASE = 0.1

/** The published rule: alarm when the mean reconstruction loss exceeds the baseline's by 10%. */
export const relativeLoss: Method = {
  name: 'relative-loss',
  title: 'mean reconstruction loss 10% above the baseline',
  revision: 1,
  view: 'features',
  budget: { 'same-size': 1, 'fixed-reference': 1 },
  largest: 10_000,
  prepare: ({ columns }) => {
    const loss = columns.findIndex(({ name }: FeatureColumn) => name === 'loss')
    return ({ reference, window }) =>
      meanOf(window, loss) > (1 + INCREASE) * meanOf(reference, loss) ? 0 : 1
  },
}

function meanOf(view: View, column: number): number {
  let sum = 0
  for (let i = column; i < view.values.length; i += view.width) sum += view.values[i]
  return sum / rowCount(view)
}
