import { kolmogorovSmirnovTest } from '../statistics/kolmogorov-smirnov.ts'
import { mmdTest } from '../statistics/maximum-mean-discrepancy.ts'
import { bonferroni } from '../statistics/multiple-testing.ts'
import { type Pooled } from '../statistics/pairwise-distances.ts'
import { createRandom } from '../../src/tensor/index.ts'
import type { AlibiWorker } from './alibi-worker.ts'
import { medianBandwidths } from '../protocol/median-bandwidths.ts'

const LEVEL = 0.05

/** Kolmogorov–Smirnov tests of one pair of samples by both sides; one entry per column. */
export type KolmogorovSmirnovPair = {
  readonly columns: readonly {
    readonly distances: Both
    readonly pValues: Both
    readonly exactPValue: number
  }[]
  /** After Bonferroni, at .05. */
  readonly drifted: Both<boolean>
}

/** MMD tests of one pair of samples by both sides at one bandwidth. */
export type MmdPair = {
  readonly bandwidths: Both
  readonly statistics: Both
  /** Share of the permutations that reach the statistic, counted alike. */
  readonly shares: Both
  /** alibi-detect's. */
  readonly threshold: number
  readonly permutations: number
  /** At .05. */
  readonly drifted: Both<boolean>
}

/** A number of ours and the same of alibi-detect. */
export type Both<Value = number> = { readonly ours: Value; readonly alibi: Value }

/** All columns by the baseline of the window study and by KSDrift. */
export async function compareKolmogorovSmirnov(
  alibi: AlibiWorker,
  samples: Pooled,
): Promise<KolmogorovSmirnovPair> {
  const theirs = await alibi.kolmogorovSmirnov(samples)
  const ours = theirs.distances.map((_, k) =>
    kolmogorovSmirnovTest(
      columnOf(samples.first, samples, k),
      columnOf(samples.second, samples, k),
    ),
  )
  const adjusted = bonferroni(ours.map(({ pValue }) => pValue))
  return {
    columns: ours.map(({ statistic, pValue }, k) => ({
      distances: { ours: statistic, alibi: theirs.distances[k] },
      pValues: { ours: pValue, alibi: theirs.pValues[k] },
      exactPValue: theirs.exactPValues[k],
    })),
    drifted: { ours: Math.min(...adjusted) <= LEVEL, alibi: theirs.drifted },
  }
}

/** The baseline of the window study and MMDDrift, at our default bandwidth and at theirs. */
export async function compareMmd(
  alibi: AlibiWorker,
  samples: Pooled,
  { permutations, seed }: { readonly permutations: number; readonly seed: number },
): Promise<Both<MmdPair>> {
  const bandwidths = medianBandwidths(samples)
  const at = async (own: number, told: number | undefined): Promise<MmdPair> => {
    const options = { permutations, seed, ...(told === undefined ? {} : { bandwidth: told }) }
    const theirs = await alibi.mmd(samples, options)
    const ours = mmdTest(samples, { random: createRandom(seed), bandwidth: own, permutations })
    return {
      bandwidths: { ours: own, alibi: theirs.bandwidth },
      statistics: { ours: ours.statistic, alibi: theirs.statistic },
      // Our p-value counts the identity among the permutations, theirs does not.
      shares: {
        ours: (ours.pValue * (permutations + 1) - 1) / permutations,
        alibi: theirs.pValue,
      },
      threshold: theirs.threshold,
      permutations,
      drifted: { ours: ours.pValue <= LEVEL, alibi: theirs.drifted },
    }
  }
  return {
    ours: await at(bandwidths.ours, bandwidths.ours),
    alibi: await at(bandwidths.alibi, undefined),
  }
}

function columnOf(values: Float32Array, { columnCount }: Pooled, k: number): Float32Array {
  const rows = values.length / columnCount
  return Float32Array.from({ length: rows }, (_, row) => values[row * columnCount + k])
}
