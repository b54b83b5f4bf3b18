import { mmdAggregatedTest, mmdTest } from '../../../src/statistics/index.ts'
import type { Method } from '../method.ts'
import { rowCount, viewRows } from '../view.ts'
import { groupColumns } from './measured-columns.ts'

/** Reference images at most; the cost is quadratic. */
const LARGEST_REFERENCE = 1000
const PERMUTATIONS = 499
const BOOTSTRAPS = 500

/** Gretton et al. 2012 on the code, as in Rabanser et al. 2019 and alibi-detect. */
export const mmd: Method = {
  name: 'mmd',
  title: 'MMD on the code of a trained autoencoder',
  revision: 1,
  view: 'features',
  budget: { 'same-size': 0.25, 'fixed-reference': 0.25 },
  largest: 1000,
  prepare: ({ columns }) => {
    const take = groupColumns(columns, 'code')
    return ({ reference, window, random }) => {
      const rows = rowCount(reference)
      const used =
        rows > LARGEST_REFERENCE
          ? viewRows(reference, random.sample(rows, LARGEST_REFERENCE))
          : reference
      const [first, second] = [take(used), take(window)]
      const pooled = { first: first.values, second: second.values, columnCount: first.width }
      return mmdTest(pooled, { random, permutations: PERMUTATIONS }).pValue
    }
  },
}

/** Schrab et al. 2023 as published for this grid: ten Laplace kernels on pixels, wild bootstrap. */
export const mmdAggregated: Method = {
  name: 'mmdagg',
  title: 'MMDAgg with Laplace kernels on pixels',
  revision: 1,
  view: 'pixels',
  budget: { 'same-size': 0.2 },
  largest: 1000,
  prepare:
    () =>
    ({ reference, window, random }) => {
      const pooled = { first: reference.values, second: window.values, columnCount: window.width }
      return mmdAggregatedTest(pooled, {
        random,
        quantileDraws: BOOTSTRAPS,
        levelDraws: BOOTSTRAPS,
      }).pValue
    },
}
