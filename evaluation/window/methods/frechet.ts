import { fitNormal, frechetDriftDistance } from '../../statistics/frechet-distance.ts'
import type { Method } from '../method.ts'
import { type View, viewRows, rowCount } from '../view.ts'
import { groupColumns } from './measured-columns.ts'

/** Windows of the reference that the threshold comes from. */
const SAMPLED_WINDOWS = 999

/** DriftLens (Greco et al. 2025), on the code: half of the reference is the baseline, windows of the rest the null. */
export const frechet: Method = {
  name: 'frechet',
  title: 'Fréchet distance of the code (DriftLens)',
  revision: 2,
  view: 'features',
  budget: { 'fixed-reference': 1 },
  largest: 1000,
  prepare: ({ columns, reference, sizes, random }) => {
    const take = groupColumns(columns, 'code')
    const codes = take(reference)
    const order = random.permutation(rowCount(codes))
    const half = order.length >> 1
    const { values, width } = viewRows(codes, order.subarray(0, half))
    const baseline = fitNormal(values, width)
    // Windows of the baseline's own images would lie closer to it than new ones do.
    const others = viewRows(codes, order.subarray(half))
    const distance = (window: View): number =>
      frechetDriftDistance(baseline, fitNormal(window.values, window.width))
    const nulls = new Map<number, number[]>()
    const nullOf = (size: number): number[] => {
      const known = nulls.get(size)
      if (known !== undefined) return known
      const drawn = Array.from({ length: SAMPLED_WINDOWS }, () =>
        distance(viewRows(others, random.sample(rowCount(others), size))),
      )
      nulls.set(size, drawn)
      return drawn
    }
    sizes.forEach(nullOf)
    return ({ window }) => {
      const own = distance(take(window))
      const reaching = nullOf(rowCount(window)).filter((one) => one >= own)
      return (1 + reaching.length) / (1 + SAMPLED_WINDOWS)
    }
  },
}
