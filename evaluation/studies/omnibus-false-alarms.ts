import { testGroups } from '../../src/detector/index.ts'
import type { FeatureGroup } from '../../src/representations/index.ts'
import {
  omnibusExact,
  omnibusFast,
  prepareFastOmnibus,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { defineStudy } from '../harness/study.ts'
import { meanInterval, momentsOf, rounded } from '../protocol/reference-interval.ts'
import { loadNullImages } from '../window/null-images.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount, type View, viewRows } from '../window/view.ts'

const MODES = ['fast', 'exact'] as const
type Mode = (typeof MODES)[number]

type Cell = {
  readonly mode: Mode
  readonly seed: number
  readonly reference: number
  readonly windows: number
  readonly sizes: readonly number[]
}

/** p-values of the clean windows, one list per size. */
type Result = readonly (readonly number[])[]

const REFERENCE_IMAGES = 10_000
/** Exact mode is valid with any number; these resolve the stricter level. */
const PERMUTATIONS = 199
const LEVELS = [0.05, 0.01]
/** Standard deviations from the mean to a normal distribution's 95th percentile. */
const NORMAL_95 = 1.645
const GROUPS: readonly FeatureGroup[] = [
  'property',
  'reconstruction',
  'code',
  'component',
  'outlier',
  'classifier',
  'prediction',
]

/** Does the window test keep its level, in both modes, at every window size? */
export const study = defineStudy({
  title: 'False alarms of the window test',
  description:
    'False alarms of the window test on clean digits, over many references of 10,000 images.',
  revision: 2,
  dependsOn: ['features', 'tests'],
  options: {
    seeds: {
      kind: 'integers',
      default: [0, 1, 2],
      quick: [0],
      description: 'models, each of another shuffle',
    },
    references: {
      kind: 'integer',
      default: 10,
      quick: 1,
      description: 'references drawn for each of them in fast mode',
    },
    windows: {
      kind: 'integer',
      default: 1000,
      quick: 5,
      description: 'clean windows per reference and size in fast mode',
    },
    exactReferences: {
      kind: 'integer',
      default: 4,
      quick: 1,
      description: 'references drawn for each of them in exact mode',
    },
    exactWindows: {
      kind: 'integer',
      default: 200,
      quick: 5,
      description: 'clean windows per reference and size in exact mode',
    },
    sizes: {
      kind: 'integers',
      default: [10, 20, 50, 100, 200, 500, 1000],
      quick: [10, 50],
      description: 'images in a window',
    },
    modes: { kind: 'choices', choices: MODES, default: MODES, description: 'of the window test' },
  },
  cells: ({ seeds, sizes, modes, ...counts }): Cell[] => {
    const budgets = {
      fast: { references: counts.references, windows: counts.windows },
      exact: { references: counts.exactReferences, windows: counts.exactWindows },
    }
    return modes.flatMap((mode) => {
      const { references, windows } = budgets[mode]
      return Array.from({ length: references }, (_, reference) => reference).flatMap((reference) =>
        seeds.map((seed) => ({ mode, seed, reference, windows, sizes })),
      )
    })
  },
  run: async (cell: Cell, context): Promise<Result> => {
    const { seed, reference: index, sizes, windows } = cell
    const { columns, features } = await loadNullImages({ ...context, seed })
    const random = createRandom(seedOf('null', seed, index))
    const order = random.permutation(rowCount(features))
    const reference = viewRows(features, order.subarray(0, REFERENCE_IMAGES))
    const rest = order.subarray(REFERENCE_IMAGES)
    const test = prepareTest(reference, cell, testGroups(columns, GROUPS))
    return sizes.map((size) =>
      Array.from({ length: windows }, () => {
        const rows = random.sample(rest.length, size).map((i) => rest[i])
        return Number(test(viewRows(features, rows)).toPrecision(4))
      }),
    )
  },
  summarise: (outcomes, { sizes, modes }) =>
    Object.fromEntries(
      modes.map((mode) => [
        mode,
        Object.fromEntries(
          sizes.map((size, s) => {
            const perReference = outcomes
              .filter(({ cell }) => cell.mode === mode)
              .map(({ result }) => result[s])
            return [
              `n${size}`,
              Object.assign({}, ...LEVELS.map((level) => rates(perReference, level))),
            ]
          }),
        ),
      ]),
    ),
})

function prepareTest(
  { width, values }: View,
  { mode, sizes, seed, reference }: Cell,
  groups: ReturnType<typeof testGroups>,
): (window: View) => number {
  const prepared = prepareOmnibusReference(values, width)
  const random = createRandom(seedOf('test', mode, seed, reference))
  if (mode === 'exact') {
    return (window) =>
      omnibusExact(prepared, window.values, groups, { random, permutations: PERMUTATIONS }).pValue
  }
  const fast = prepareFastOmnibus(prepared, groups, { sizes, random })
  return (window) =>
    omnibusFast(fast, window.values, { level: LEVELS[0], random, permutations: PERMUTATIONS })
      .pValue
}

/** Share of windows at or below the level, with its interval, and how it spreads over the references. */
function rates(perReference: readonly (readonly number[])[], level: number): object {
  const alarms = (pValues: readonly number[]): number => pValues.filter((p) => p <= level).length
  const all = perReference.flat()
  const shares = perReference
    .map((pValues) => alarms(pValues) / pValues.length)
    .toSorted((a, b) => a - b)
  const name = `at ${level}`
  return {
    windows: all.length,
    references: perReference.length,
    [name]: rounded(alarms(all) / all.length),
    [`${name}, interval`]: meanInterval(shares).map(rounded),
    [`${name}, highest reference`]: rounded(shares[shares.length - 1]),
    [`${name}, 95th percentile of references`]: rounded(
      alarms(all) / all.length + NORMAL_95 * excessSpread(shares, perReference[0].length),
    ),
  }
}

/** Standard deviation of the references' own rates, beyond what the number of windows explains. */
function excessSpread(shares: readonly number[], windows: number): number {
  const { mean, variance } = momentsOf(shares)
  const sampling = (mean * (1 - mean)) / windows
  return Math.sqrt(Math.max(0, variance - sampling))
}
