import { missingPeers } from '../../bench/harness/peers.ts'
import type { Pooled } from '../statistics/pairwise-distances.ts'
import { openAlibiWorker } from '../alibi/alibi-worker.ts'
import {
  type Both,
  compareKolmogorovSmirnov,
  compareMmd,
  type KolmogorovSmirnovPair,
  type MmdPair,
} from '../alibi/compare-pair.ts'
import { alarmShares, summariseKolmogorovSmirnov, summariseMmd } from '../alibi/summary.ts'
import {
  drawWindowPairs,
  SHIFT_NAMES,
  type ShiftName,
  type WindowPair,
} from '../alibi/window-pairs.ts'
import { defineStudy, type Outcome } from '../harness/study.ts'
import { groupColumns } from '../window/methods/measured-columns.ts'
import type { View } from '../window/view.ts'

/** Images of the reference and of the window. */
const SIZES = ['10-10', '50-50', '200-200', '1000-100', '10000-10'] as const

/** A kernel matrix of more reference images is too large; the window study stops here too. */
const LARGEST_MMD_REFERENCE = 1000

type Compared = {
  readonly shift: ShiftName
  readonly ksComponents: KolmogorovSmirnovPair
  readonly ksProperties: KolmogorovSmirnovPair
  /** At our default bandwidth and at that of alibi-detect. */
  readonly mmd?: Both<MmdPair>
}
type Result = { readonly version: string; readonly windows: readonly Compared[] }
type Found = Outcome<{ readonly size: string }, Result>

/** Where the two define a thing differently; the figures say how much that matters. */
const DEFINITIONS = {
  'KS p-value': {
    ours: 'exact up to n·m = 10,000, then the limit with Stephens’ correction',
    alibi: 'SciPy “asymp”: the exact one-sample distribution at n·m / (n + m), rounded',
  },
  'MMD estimate': { ours: 'unbiased', alibi: 'unbiased' },
  'MMD bandwidth b of exp(−d² / b)': {
    ours: 'median of d between the samples (Failing Loudly)',
    alibi: 'lower median of d² within the reference',
  },
  'MMD p-value': {
    ours: '(1 + reached) / (1 + permutations), alarm at p ≤ .05',
    alibi: 'reached / permutations, alarm at p < .05',
  },
}

/** Are the baselines of the window study what alibi-detect computes? Both on the same numbers. */
export const study = defineStudy({
  title: 'Our baselines beside alibi-detect',
  description:
    'KS and MMD as the window study runs them beside alibi-detect’s KSDrift and MMDDrift, on the same windows of MNIST. Sizes are images of the reference and of the window; `ours` and `alibi` are the sides.',
  revision: 1,
  dependsOn: ['features'],
  options: {
    sizes: {
      kind: 'choices',
      choices: SIZES,
      default: SIZES,
      quick: ['50-50'],
      description: 'images of the reference and of the window',
    },
    draws: {
      kind: 'integer',
      default: 40,
      quick: 3,
      description: 'windows of each shift and size',
    },
    permutations: { kind: 'integer', default: 499, quick: 99, description: 'of each MMD test' },
    seed: { kind: 'integer', default: 0, description: 'of the images and the permutations' },
  },
  skipReason: () => missingPeers(['alibi']),
  cells: ({ sizes, draws, permutations, seed }) =>
    sizes.map((size) => ({ size, draws, permutations, seed })),
  run: async ({ size, draws, permutations, seed }, { log }): Promise<Result> => {
    const [reference = 0, window = 0] = size.split('-').map(Number)
    const { columns, pairs } = await drawWindowPairs({ reference, window }, { seed, draws })
    const components = groupColumns(columns, 'component')
    const properties = groupColumns(columns, 'property')
    const alibi = await openAlibiWorker()
    try {
      const windows: Compared[] = []
      for (const [i, pair] of pairs.entries()) {
        const mmdOptions = { permutations, seed: seed + i }
        const hasMmd = reference <= LARGEST_MMD_REFERENCE
        windows.push({
          shift: pair.shift,
          ksComponents: await compareKolmogorovSmirnov(alibi, pooled(pair, components)),
          ksProperties: await compareKolmogorovSmirnov(alibi, pooled(pair, properties)),
          ...(hasMmd && { mmd: await compareMmd(alibi, pooled(pair, components), mmdOptions) }),
        })
        if ((i + 1) % draws === 0) log(`${size}, ${pair.shift}: done`)
      }
      return { version: alibi.version, windows }
    } finally {
      await alibi.close()
    }
  },
  summarise: (outcomes) => ({
    alibiDetect: outcomes[0]?.result.version,
    definitions: DEFINITIONS,
    'KS on principal components': bySize(outcomes, ({ windows }) =>
      summariseKolmogorovSmirnov(windows.map((one) => one.ksComponents)),
    ),
    'KS on image properties, with ties': bySize(outcomes, ({ windows }) =>
      summariseKolmogorovSmirnov(windows.map((one) => one.ksProperties)),
    ),
    'MMD at our bandwidth': bySize(withMmd(outcomes), (result) =>
      summariseMmd(mmdOf(result, 'ours')),
    ),
    'MMD at alibi-detect’s bandwidth': bySize(withMmd(outcomes), (result) =>
      summariseMmd(mmdOf(result, 'alibi')),
    ),
    'share of windows called drift': Object.fromEntries(outcomes.flatMap(alarmRows)),
  }),
})

function pooled({ reference, window }: WindowPair, take: (view: View) => View): Pooled {
  const [first, second] = [take(reference), take(window)]
  return { first: first.values, second: second.values, columnCount: first.width }
}

function bySize(outcomes: readonly Found[], summary: (result: Result) => object): object {
  return Object.fromEntries(outcomes.map(({ cell, result }) => [cell.size, summary(result)]))
}

function withMmd(outcomes: readonly Found[]): readonly Found[] {
  return outcomes.filter(({ result }) => result.windows.every(({ mmd }) => mmd !== undefined))
}

function mmdOf({ windows }: Result, side: keyof Both): MmdPair[] {
  return windows.flatMap(({ mmd }) => (mmd === undefined ? [] : [mmd[side]]))
}

/** One row per shift: each side's test as it would run by itself, MMD at its own bandwidth. */
function alarmRows({ cell, result }: Found): [string, object][] {
  return SHIFT_NAMES.map((shift) => {
    const windows = result.windows.filter((one) => one.shift === shift)
    const ks = alarmShares(windows.map((one) => one.ksComponents.drifted))
    const own = windows.flatMap(({ mmd }) =>
      mmd === undefined ? [] : [{ ours: mmd.ours.drifted.ours, alibi: mmd.alibi.drifted.alibi }],
    )
    const mmd = own.length === 0 ? undefined : alarmShares(own)
    return [
      `${cell.size}, ${shift}`,
      {
        ksOurs: ks.ours,
        ksAlibi: ks.alibi,
        mmdOursAtOurBandwidth: mmd?.ours,
        mmdAlibiAtItsBandwidth: mmd?.alibi,
      },
    ]
  })
}
