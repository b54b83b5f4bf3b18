import { wilsonInterval } from '../../src/statistics/index.ts'
import { defineStudy } from '../harness/study.ts'
import { addCounts, type AlarmCounts, countAlarms, rate } from '../protocol/alarms.ts'
import { mnistTask } from '../protocol/image-task.ts'
import { measurePixels } from '../../src/measuring/index.ts'

type Result = readonly (AlarmCounts & { readonly batchSize: number })[]

/** Batches beyond this size are tested in fast mode. */
const LARGEST_EXACT = 200

/** Clean batches against many fitted detectors: how often does the default policy alarm? */
export const study = defineStudy({
  title: 'False alarms of refitted detectors',
  description:
    'False-alarm rate of the default policy on clean MNIST batches, over refitted detectors.',
  revision: 2,
  dependsOn: ['features', 'tests'],
  options: {
    references: {
      kind: 'integer',
      default: 10,
      quick: 1,
      description: 'detectors fitted, each on another shuffle',
    },
    batches: {
      kind: 'integer',
      default: 200,
      quick: 20,
      description: 'clean batches per detector and size',
    },
    sizes: {
      kind: 'integers',
      default: [10, 50, 200, 1000],
      quick: [10, 50],
      description: 'images in a batch',
    },
    epochs: {
      kind: 'integer',
      default: 2,
      quick: 1,
      description:
        'training passes: what the rate is must not depend on how well the autoencoder learned',
    },
    rate: { kind: 'number', default: 0.01, description: 'the stated false-alarm rate' },
  },
  cells: ({ references, batches, sizes, epochs, rate: level }) =>
    Array.from({ length: references }, (_, seed) => ({ seed, batches, sizes, epochs, level })),
  run: async ({ seed, batches, sizes, epochs, level }, { threads }): Promise<Result> => {
    const { detector, audit } = await mnistTask({ seed, threads, auditCount: 25_000, epochs })
    const values = await measurePixels(detector.extractor, { pixels: audit })
    // Sizes for which exchanging batch and reference is slow, as a service would prepare them.
    const prepared = detector.withBatchSizes(sizes.filter((size) => size > LARGEST_EXACT))
    return sizes.map((batchSize) => ({
      batchSize,
      ...countAlarms(prepared, {
        values,
        batchSize,
        batches,
        level,
        increase: 0.1,
        seed: 1000 * seed + batchSize,
      }),
    }))
  },
  summarise: (outcomes, { sizes, rate: stated }) =>
    Object.fromEntries(
      sizes.map((batchSize, i) => {
        const perReference = outcomes.map(({ result }) => result[i])
        const { batches, test, publishedRule } = addCounts(perReference)
        const { low, high } = wilsonInterval(test, batches)
        return [
          `n${batchSize}`,
          {
            rate: rate(test, batches),
            interval: [low, high],
            stated,
            batches,
            perReference: perReference.map((counts) => rate(counts.test, counts.batches)),
            publishedRuleRate: rate(publishedRule, batches),
          },
        ]
      }),
    ),
})
