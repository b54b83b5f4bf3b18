import { completePolicy, judge } from '../../src/judging/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import type { FeatureEvidence, QuantityEvidence } from '../../src/verdict/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import {
  DATA_OPTION,
  type DataName,
  type FittedSubject,
  openFitted,
} from '../fitted/fitted-subject.ts'
import { batchOfImages } from '../guards/rows-as-batch.ts'
import { unusedChanges } from '../guards/unused-changes.ts'
import { defineStudy } from '../harness/study.ts'
import { rate } from '../protocol/alarms.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount } from '../window/view.ts'

type Cell = {
  readonly data: DataName
  readonly fitted: number
  readonly seed: number
  readonly sizes: readonly number[]
  readonly batches: number
}

/** Batches of one change and size: how many alarmed, and how many of the first eight images of those were changed ones. */
type Result = readonly {
  readonly change: string
  readonly size: number
  readonly batches: number
  readonly alarms: number
  readonly shown: number
  readonly changed: number
  /** By the rule of before: nearest to the batch's means. */
  readonly nearestChanged: number
  readonly unusualChanged: number
}[]

const SHARE = 0.1
const SHOWN = 8

/** Are the images that a verdict shows as examples of a change changed ones? */
export const study = defineStudy({
  title: 'Exemplars',
  description:
    'A tenth of the images changed, by kinds and strengths that the rule was not chosen by: of the batches that alarm at .01, the share of changed images among the first eight that the verdict shows as examples; beside it the eight nearest to the batch’s means, the rule of before, and the eight most unusual.',
  revision: 1,
  options: {
    data: DATA_OPTION,
    fitted: { kind: 'integer', default: 10_000, description: 'images handed to fit' },
    seeds: { kind: 'integers', default: [1, 2], description: 'one fitted detector each' },
    sizes: {
      kind: 'integers',
      default: [100, 200, 500],
      quick: [100],
      description: 'images in a batch',
    },
    batches: { kind: 'integer', default: 2, quick: 1, description: 'of each change and size' },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, fitted, seeds, sizes, batches }): Cell[] =>
    data.flatMap((name) => seeds.map((seed) => ({ data: name, fitted, seed, sizes, batches }))),
  run: async (cell: Cell, context): Promise<Result> => {
    const { data, fitted, seed, sizes, batches } = cell
    const subject = await openFitted({ data, fitted, seed }, context)
    await using detector = await subject.detector()
    const results: Result[number][] = []
    for (const change of unusedChanges(data)) {
      const { features } = await subject.changed(change, 'as-is')
      for (const size of sizes) {
        const shown = Array.from({ length: batches }, (_, i) =>
          show(subject, detector, {
            changed: features,
            size,
            seed: seedOf(change.name, size, seed, i),
          }),
        ).filter((one) => one !== undefined)
        const sum = (of: (one: Shown) => number) => shown.reduce((all, one) => all + of(one), 0)
        results.push({
          change: change.title,
          size,
          batches,
          alarms: shown.length,
          shown: sum(({ count }) => count),
          changed: sum(({ changed }) => changed),
          nearestChanged: sum(({ nearest }) => nearest),
          unusualChanged: sum(({ unusual }) => unusual),
        })
      }
      context.log(`${data} ${seed}: ${change.name}`)
    }
    return results
  },
  summarise: (outcomes) => {
    const all = outcomes.flatMap(({ cell, result }) =>
      result.map((one) => ({ ...one, data: cell.data })),
    )
    const by = (name: (one: (typeof all)[number]) => string) =>
      Object.fromEntries([...Map.groupBy(all, name)].map(([key, own]) => [key, precisionOf(own)]))
    return {
      bySize: by(({ data, size }) => `${data}, ${size} images`),
      byChange: by(({ data, change }) => `${data}, ${change}`),
    }
  },
})

function precisionOf(results: Result) {
  const sum = (of: (one: Result[number]) => number) =>
    results.reduce((all, one) => all + of(one), 0)
  const shown = Math.max(
    1,
    sum((one) => one.shown),
  )
  return {
    batches: sum(({ batches }) => batches),
    alarms: sum(({ alarms }) => alarms),
    precision: rate(
      sum(({ changed }) => changed),
      shown,
    ),
    nearestToMean: rate(
      sum(({ nearestChanged }) => nearestChanged),
      shown,
    ),
    mostUnusual: rate(
      sum(({ unusualChanged }) => unusualChanged),
      shown,
    ),
  }
}

type Shown = {
  readonly count: number
  readonly changed: number
  readonly nearest: number
  readonly unusual: number
}

type Batch = {
  readonly changed: FittedSubject['reference']
  readonly size: number
  readonly seed: number
}

/** Undefined where the batch does not alarm. */
function show(
  { unseen, columns }: FittedSubject,
  { baseline, extractor }: Awaited<ReturnType<FittedSubject['detector']>>,
  { changed, size, seed }: Batch,
): Shown | undefined {
  const random = createRandom(seed)
  const few = Math.round(SHARE * size)
  // Changes are made of the first images: the unchanged ones are others.
  const made = rowCount(changed)
  const first = random.sample(made, few)
  const others = random.sample(rowCount(unseen.features) - made, size - few)
  const batch = batchOfImages({ extractorId: extractor.id, columns }, [
    ...Array.from(first, (row) => ({ view: changed, row, hash: row })),
    ...Array.from(others, (row) => ({ view: unseen.features, row: made + row, hash: made + row })),
  ])
  const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
  const { exemplars, features, score } = judge(baseline, batch, policy, { seed })
  if (score < 1) return undefined
  const among = (places: readonly number[]) => places.filter((place) => place < few).length
  const places = (images: typeof exemplars.mostUnusual) => images.map(({ place }) => place)
  return {
    count: exemplars.representative.length,
    changed: among(places(exemplars.representative)),
    nearest: among(nearestToMean(batch.values, columns, features)),
    unusual: among(places(exemplars.mostUnusual)),
  }
}

/** The rule of before: nearest to the means of the eight features that changed most surely. */
function nearestToMean(
  values: Float32Array,
  columns: FittedSubject['columns'],
  features: readonly FeatureEvidence[],
): number[] {
  const width = columns.length
  const telling = features
    .filter((feature): feature is QuantityEvidence => feature.kind === 'quantity')
    .slice(0, SHOWN)
  const far = (row: number): number =>
    telling.reduce((sum, { name, referenceMean, batchMean, hedgesG }) => {
      const scale = (batchMean - referenceMean) / hedgesG || 1
      const column = columns.findIndex((one) => one.name === name)
      return sum + ((values[row * width + column] - batchMean) / scale) ** 2
    }, 0)
  return Array.from({ length: values.length / width }, (_, row) => ({ row, far: far(row) }))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, SHOWN)
    .map(({ row }) => row)
}
