import { fitNormal, frechetDriftDistance } from '../../../src/statistics/index.ts'
import type { Method } from '../method.ts'
import { type View, viewRows, rowCount } from '../view.ts'
import { groupColumns } from './measured-columns.ts'

/** Windows of the reference that the threshold comes from. */
const SAMPLED_WINDOWS = 999

/** DriftLens (Greco et al. 2025), on the code: distances of sampled reference windows are the null. */
export const frechet: Method = {
  name: 'frechet',
  title: 'Fréchet distance of the code (DriftLens)',
  revision: 1,
  view: 'features',
  budget: { 'fixed-reference': 1 },
  largest: 1000,
  prepare: ({ columns, reference, sizes, random }) => {
    const take = groupColumns(columns, 'code')
    const codes = take(reference)
    const baseline = fitNormal(codes.values, codes.width)
    const distance = ({ values, width }: View): number =>
      frechetDriftDistance(baseline, fitNormal(values, width))
    const nulls = new Map<number, number[]>()
    const nullOf = (size: number): number[] => {
      const known = nulls.get(size)
      if (known !== undefined) return known
      const drawn = Array.from({ length: SAMPLED_WINDOWS }, () =>
        distance(viewRows(codes, random.sample(rowCount(codes), size))),
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
