import { mmdTest } from '../../statistics/maximum-mean-discrepancy.ts'
import { mmdAggregatedTest } from '../../statistics/mmd-aggregated.ts'
import { type Pooled } from '../../statistics/pairwise-distances.ts'
import { medianBandwidths } from '../../protocol/median-bandwidths.ts'
import type { Method } from '../method.ts'
import { rowCount, viewRows } from '../view.ts'
import { groupColumns } from './measured-columns.ts'

/** Reference images at most; the cost is quadratic. */
const LARGEST_REFERENCE = 1000
const PERMUTATIONS = 499

/** Gretton et al. 2012 on the code, with the bandwidth of Rabanser et al. 2019. */
export const mmd = mmdOnCode({
  name: 'mmd',
  title: 'MMD on the code of a trained autoencoder (at most 1,000 images of the reference)',
  bandwidth: () => undefined,
})

/** The same with alibi-detect's bandwidth, the larger one on a code. */
export const mmdWideBandwidth = mmdOnCode({
  name: 'mmd-wide',
  title: 'MMD on the code, bandwidth of alibi-detect (at most 1,000 images of the reference)',
  bandwidth: (pooled) => medianBandwidths(pooled).alibi,
})

type Described = Pick<Method, 'name' | 'title'> & {
  /** Undefined for the default of `mmdTest`. */
  readonly bandwidth: (pooled: Pooled) => number | undefined
}

function mmdOnCode({ name, title, bandwidth: bandwidthOf }: Described): Method {
  return {
    name,
    title,
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
        const bandwidth = bandwidthOf(pooled)
        return mmdTest(pooled, {
          random,
          permutations: PERMUTATIONS,
          ...(bandwidth !== undefined && { bandwidth }),
        }).pValue
      }
    },
  }
}

/** Schrab et al. 2023 as published for this grid: ten Laplace kernels on pixels, wild bootstrap, 2,000 draws for each of its two steps. */
export const mmdAggregated: Method = {
  name: 'mmdagg',
  title: 'MMDAgg with Laplace kernels on pixels',
  revision: 2,
  view: 'pixels',
  budget: { 'same-size': 0.2 },
  // Half a minute a window beyond that.
  largest: 500,
  prepare:
    () =>
    ({ reference, window, random }) => {
      const pooled = { first: reference.values, second: window.values, columnCount: window.width }
      return mmdAggregatedTest(pooled, { random }).pValue
    },
}
