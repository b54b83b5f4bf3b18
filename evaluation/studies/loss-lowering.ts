import { blank, darken, erosion, gaussianBlur, halfFrame } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { defineStudy } from '../harness/study.ts'
import { addCounts, type AlarmCounts, countAlarms, rate } from '../protocol/alarms.ts'
import { columnMean, mnistTask } from '../protocol/image-task.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { corruptBy, type PixelChange } from '../protocol/pixel-change.ts'

const SHIFTS: Readonly<Record<string, PixelChange>> = {
  blank: corruptBy(blank),
  'half-frame': corruptBy(halfFrame),
  erosion: corruptBy(erosion),
  darken: corruptBy(darken, { factor: 0.5 }),
  blur: corruptBy(gaussianBlur, { sigma: 1 }),
}

type ShiftResult = AlarmCounts & {
  readonly shift: string
  readonly lossChange: number
  readonly excessLossChange: number
}

/** Drifts that make images simpler: a one-sided loss alarm cannot see them. */
export const study = defineStudy({
  title: 'Changes that lower the loss',
  description:
    'Power on shifts that lower the loss, default policy beside the published one-sided rule.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    seeds: {
      kind: 'integers',
      default: [0, 1, 2],
      quick: [0],
      description: 'one fitted detector each',
    },
    batches: {
      kind: 'integer',
      default: 100,
      quick: 10,
      description: 'drawn per shift and detector',
    },
    size: { kind: 'integer', default: 50, description: 'images in a batch' },
    increase: { kind: 'number', default: 0.05, description: 'threshold of the published rule' },
  },
  cells: ({ seeds, batches, size, increase }) =>
    seeds.map((seed) => ({ seed, batches, size, increase })),
  run: async ({ seed, batches, size, increase }, { threads }): Promise<ShiftResult[]> => {
    const { detector, audit } = await mnistTask({ seed, threads, auditCount: 5_000 })
    const width = detector.extractor.columns.length
    const means = (values: Float32Array) =>
      ['loss', 'excess-loss'].map((name) =>
        columnMean(
          values,
          width,
          detector.extractor.columns.findIndex((column) => column.name === name),
        ),
      )
    const [loss, excess] = means(await measurePixels(detector.extractor, { pixels: audit }))
    const results: ShiftResult[] = []
    for (const [shift, change] of Object.entries(SHIFTS)) {
      const shifted = await change(audit, createRandom(seed))
      const values = await measurePixels(detector.extractor, { pixels: shifted })
      const [shiftedLoss, shiftedExcess] = means(values)
      results.push({
        shift,
        lossChange: shiftedLoss / loss - 1,
        excessLossChange: shiftedExcess / excess - 1,
        ...countAlarms(detector, { values, batchSize: size, batches, level: 0.01, increase, seed }),
      })
    }
    return results
  },
  summarise: (outcomes) =>
    Object.fromEntries(
      Object.keys(SHIFTS).map((shift, i) => {
        const runs = outcomes.map(({ result }) => result[i])
        const { batches, test, publishedRule } = addCounts(runs)
        const mean = (key: 'lossChange' | 'excessLossChange') =>
          Math.round((1000 * runs.reduce((sum, run) => sum + run[key], 0)) / runs.length) / 1000
        return [
          shift,
          {
            power: rate(test, batches),
            publishedRulePower: rate(publishedRule, batches),
            lossChange: mean('lossChange'),
            excessLossChange: mean('excessLossChange'),
            batches,
          },
        ]
      }),
    ),
})
