import { mmdAggregatedTest } from '../statistics/mmd-aggregated.ts'
import { createRandom, takeRows, type Tensor } from '../../src/tensor/index.ts'
import { defineStudy } from '../harness/study.ts'
import { momentsOf, rounded } from '../protocol/reference-interval.ts'
import { GRIDS, type Shift } from '../window/grids.ts'
import { loadParts, type Parts } from '../window/parts.ts'

/** The published rows that need no classifier. */
const SHIFTS = GRIDS.fl.shifts.filter(
  ({ rounded: isRounded, change }) => isRounded !== true && change !== 'adversarial',
)
/** Means of the same 27 rows in the published decisions (FL-MMDAgg, Laplace), and their standard errors over 5 runs. */
const PUBLISHED: Readonly<Record<string, readonly [mean: number, standardError: number]>> = {
  n10: [0.319, 0.054],
  n20: [0.422, 0.078],
  n50: [0.57, 0.088],
  n100: [0.607, 0.034],
  n200: [0.681, 0.034],
}

/** Rejections of one run, one list per size. */
type Result = readonly (readonly boolean[])[]

/** Is our MMDAgg the published one? */
export const study = defineStudy({
  title: 'MMDAgg under the published protocol',
  description:
    'The Failing Loudly rows on MNIST without the attack, as the published runs drew them: one reference a run for all 27 rows, larger windows beginning with the smaller ones. Means are over runs, errors too: rows of a run share their reference.',
  revision: 1,
  dependsOn: [],
  options: {
    runs: { kind: 'integer', default: 10, quick: 2, description: 'shuffles, one reference each' },
    sizes: {
      kind: 'integers',
      default: [10, 20, 50, 100],
      quick: [10, 20],
      description: 'images in a window and in the reference',
    },
    images: { kind: 'integer', default: 2500, quick: 1000, description: 'that windows come from' },
  },
  cells: ({ runs, sizes, images }) =>
    Array.from({ length: runs }, (_, run) => ({ run, sizes, images })),
  run: async ({ run, sizes, images }): Promise<Result> => {
    const parts = await loadParts({ seed: run, images, side: undefined })
    const rejected = sizes.map((): boolean[] => [])
    for (const shift of SHIFTS) {
      for (const delta of GRIDS.fl.deltas) {
        const window = await windowOf(parts, { shift, delta, run })
        sizes.forEach((size, i) => {
          const columnCount = window.data.length / window.shape[0]
          const length = Math.min(size, window.shape[0]) * columnCount
          const first = parts.validation.pixels.data.subarray(0, length)
          const second = window.data.subarray(0, length)
          const random = createRandom(run)
          const { reject } = mmdAggregatedTest({ first, second, columnCount }, { random })
          rejected[i].push(reject)
        })
      }
    }
    return rejected
  },
  summarise: (outcomes, { sizes }) => ({
    rows: SHIFTS.length * GRIDS.fl.deltas.length,
    runs: outcomes.length,
    power: Object.fromEntries(
      sizes.map((size, i) => {
        const means = outcomes.map(({ result }) => meanOf(result[i]))
        const { mean, variance } = momentsOf(means)
        const standardError = Math.sqrt(variance / means.length)
        const [published, publishedError] = PUBLISHED[`n${size}`] ?? []
        const figures = {
          mean: rounded(mean),
          standardError: rounded(standardError),
          published,
          publishedError,
          lowestRun: rounded(Math.min(...means)),
          highestRun: rounded(Math.max(...means)),
          ...(published !== undefined && {
            differenceInErrors:
              Math.round((100 * (mean - published)) / Math.hypot(standardError, publishedError)) /
              100,
          }),
        }
        return [`n${size}`, figures]
      }),
    ),
  }),
})

type Row = { readonly shift: Shift; readonly delta: number; readonly run: number }

/** The test images of one row in random order, the affected ones changed. */
async function windowOf({ test }: Parts, { shift, delta, run }: Row): Promise<Tensor> {
  const random = createRandom(1000 * run + Math.round(10 * delta))
  const { pixels, labels } = test
  const changed = typeof shift.change === 'string' ? pixels : await shift.change(pixels, random)
  const share = shift.affected?.(delta) ?? delta
  const affected = new Set(random.sample(labels.length, Math.ceil(share * labels.length - 1e-9)))
  const size = pixels.data.length / labels.length
  const mixed = pixels.data.slice()
  for (const row of affected) {
    mixed.set(changed.data.subarray(row * size, (row + 1) * size), row * size)
  }
  const order = random.permutation(labels.length)
  const gone = shift.knockOut?.(delta) ?? 0
  const kept = order.filter(
    (row) =>
      (shift.classes?.includes(labels[row]) ?? true) &&
      (labels[row] !== 0 || random.uniform() >= gone),
  )
  return takeRows({ shape: pixels.shape, data: mixed }, kept)
}

function meanOf(decisions: readonly boolean[]): number {
  return decisions.filter(Boolean).length / decisions.length
}
