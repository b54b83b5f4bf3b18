import { completePolicy, judge } from '../../src/judging/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import type { Change } from '../fitted/change.ts'
import { DATA_OPTION, type DataName, openFitted } from '../fitted/fitted-subject.ts'
import { batchOfImages } from '../guards/rows-as-batch.ts'
import { unusedChanges } from '../guards/unused-changes.ts'
import { defineStudy } from '../harness/study.ts'
import { rate } from '../protocol/alarms.ts'
import { letters } from '../protocol/letters.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount } from '../window/view.ts'

type Cell = {
  readonly data: DataName
  readonly fitted: number
  readonly seed: number
  readonly sizes: readonly number[]
  readonly batches: number
}

type Result = readonly {
  readonly change: string
  readonly size: number
  readonly share: number
  readonly batches: number
  /** Batches in which any image was named. */
  readonly anyNamed: number
  /** Means over the batches: share of what was named that is not foreign, share of the foreign that was named. */
  readonly falseShare: number
  readonly foundShare: number
  /** Batches that alarmed: were called drift, or a warning where few images changed. */
  readonly alarm: number
}[]

const SHARES = [0, 0.01, 0.05]
/** Changes that make single images plainly others. */
const PLAIN = new Set(['middle-zigzag', 'middle-half-frame', 'middle-pixelate'])
const LETTERS: Change = { name: 'letters', title: 'letters', apply: letters }

/** Are a few foreign pictures in a batch found one by one, and ordinary ones not? */
export const study = defineStudy({
  title: 'Foreign images',
  description:
    'Batches in which none, one or five in a hundred images are letters in place of the images, or changed: how often any image is named as looking like nothing in the reference, the share of those named that are ordinary ones (stated: a tenth at most on average over references), the share of the foreign ones that are named, and how often the batch alarms (as drift, or as a warning where few images changed).',
  revision: 2,
  options: {
    data: DATA_OPTION,
    fitted: { kind: 'integer', default: 10_000, description: 'images handed to fit' },
    seeds: { kind: 'integers', default: [1, 2], description: 'one fitted detector each' },
    sizes: {
      kind: 'integers',
      default: [100, 1000],
      quick: [100],
      description: 'images in a batch',
    },
    batches: {
      kind: 'integer',
      default: 10,
      quick: 2,
      description: 'of each kind, size and share',
    },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, fitted, seeds, sizes, batches }): Cell[] =>
    data.flatMap((name) => seeds.map((seed) => ({ data: name, fitted, seed, sizes, batches }))),
  run: async ({ data, fitted, seed, sizes, batches }: Cell, context): Promise<Result> => {
    const subject = await openFitted({ data, fitted, seed }, context)
    await using detector = await subject.detector()
    const { baseline, extractor } = detector
    const { features: clean } = subject.unseen
    const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
    const results: Result[number][] = []
    const changes = unusedChanges(data).filter(({ name }) => PLAIN.has(name))
    for (const change of [LETTERS, ...changes]) {
      const { features } = await subject.changed(change, 'as-is')
      const made = rowCount(features)
      for (const size of sizes) {
        for (const share of SHARES.filter((one) => one > 0 || change === LETTERS)) {
          const foreign = Math.round(share * size)
          const found = Array.from({ length: batches }, (_, i) => {
            const random = createRandom(seedOf(change.name, size, share * 100, seed, i))
            const batch = batchOfImages({ extractorId: extractor.id, columns: subject.columns }, [
              ...Array.from(random.sample(made, foreign), (row) => ({
                view: features,
                row,
                hash: row,
              })),
              ...Array.from(random.sample(rowCount(clean) - made, size - foreign), (row) => ({
                view: clean,
                row: made + row,
                hash: made + row,
              })),
            ])
            const judgement = judge(baseline, batch, policy, { seed: i })
            const named = judgement.foreign?.named.map(({ place }) => place) ?? []
            const right = named.filter((place) => place < foreign).length
            return { named: named.length, right, isAlarm: judgement.score >= 1 }
          })
          const mean = (of: (one: (typeof found)[number]) => number) =>
            found.reduce((sum, one) => sum + of(one), 0) / found.length
          results.push({
            change: share === 0 ? 'none' : change.title,
            size,
            share,
            batches,
            anyNamed: mean(({ named }) => Number(named > 0)),
            falseShare: mean(({ named, right }) => (named === 0 ? 0 : 1 - right / named)),
            foundShare: foreign === 0 ? 0 : mean(({ right }) => right / foreign),
            alarm: mean(({ isAlarm }) => Number(isAlarm)),
          })
        }
      }
    }
    return results
  },
  summarise: (outcomes) => {
    const all = outcomes.flatMap(({ cell, result }) =>
      result.map((one) => ({ ...one, data: cell.data })),
    )
    const groups = Map.groupBy(
      all,
      ({ data, size, share, change }) =>
        `${data}, ${size} images, ${100 * share}% foreign (${change})`,
    )
    return {
      found: Object.fromEntries(
        [...groups].map(([name, own]) => {
          const mean = (of: (one: (typeof own)[number]) => number) =>
            rate(
              own.reduce((sum, one) => sum + of(one), 0),
              own.length,
            )
          return [
            name,
            {
              batches: own.reduce((sum, { batches }) => sum + batches, 0),
              anyNamed: mean(({ anyNamed }) => anyNamed),
              falseShare: mean(({ falseShare }) => falseShare),
              foundShare: mean(({ foundShare }) => foundShare),
              alarm: mean(({ alarm }) => alarm),
            },
          ]
        }),
      ),
    }
  },
})
