import { measureShare, testFeatures, THRESHOLDS } from '../../src/judging/index.ts'
import { blank, darken, gaussianBlur, gaussianNoise } from '../../src/images/index.ts'
import { wilsonInterval } from '../../src/statistics/index.ts'
import { createRandom, sliceRows } from '../../src/tensor/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'
import { rate } from '../protocol/alarms.ts'
import { cifar10Task, type ImageTask, mnistTask, rowsOf } from '../protocol/image-task.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { letters } from '../protocol/letters.ts'
import { corruptBy, type PixelChange } from '../protocol/pixel-change.ts'

const CHANGES: Readonly<Record<string, PixelChange>> = {
  'black frames': corruptBy(blank),
  noise: corruptBy(gaussianNoise, { sigma: 0.1 }),
  'other images': letters,
  blur: corruptBy(gaussianBlur, { sigma: 1 }),
  dimming: corruptBy(darken, { factor: 0.5 }),
}

const LEVEL = 0.01
const SHARES = [0.01, 0.02, 0.04, 0.1]
const AUDIT = 10_000
/** Images that are there changed too. */
const CHANGED = 1500

/** One batch in which the test found something. */
type Found = { readonly share: number; readonly atLeast: number; readonly estimate: number }

type Result = readonly {
  readonly size: number
  readonly change: string
  readonly batches: number
  readonly found: readonly Found[]
}[]

/** A few changed images among many: is it a warning below 5%, and is what is said of their number true? */
export const study = defineStudy({
  title: 'Few images changed',
  description: 'Severity and share of images where 1, 2, 4 or 10% of a batch changed.',
  revision: 1,
  options: {
    data: {
      kind: 'choices',
      choices: ['mnist', 'cifar10'],
      default: ['mnist', 'cifar10'],
      quick: ['mnist'],
      description: 'sets of images',
    },
    seeds: { kind: 'integers', default: [0], description: 'one fitted detector each' },
    sizes: {
      kind: 'integers',
      default: [200, 1000, 5000],
      quick: [200],
      description: 'images in a batch',
    },
    batches: {
      kind: 'integer',
      default: 8,
      quick: 1,
      description: 'of each kind and share; fewer of the larger sizes',
    },
  },
  skipReason: missingCifar10,
  cells: ({ data, seeds, sizes, batches }) =>
    data.flatMap((set) => seeds.map((seed) => ({ set, seed, sizes, batches }))),
  run: async ({ set, seed, sizes, batches }, { threads }): Promise<Result> => {
    const open = set === 'mnist' ? mnistTask : cifar10Task
    const task = await open({ seed, threads, auditCount: AUDIT })
    const clean = await measurePixels(task.detector.extractor, { pixels: task.audit })
    const results: Result[number][] = []
    for (const [change, apply] of Object.entries(CHANGES)) {
      const pixels = await apply(sliceRows(task.audit, 0, CHANGED), createRandom(seed))
      const camera = { ...pixels, data: pixels.data.map((one) => Math.round(255 * one) / 255) }
      const changed = await measurePixels(task.detector.extractor, { pixels: camera })
      for (const size of sizes) {
        const perShare = Math.max(1, Math.round(batches / Math.sqrt(size / 200)))
        const found = SHARES.flatMap((share) =>
          Array.from({ length: perShare }, (_, index) =>
            judge(task, { clean, changed }, { size, share, seed: 1000 * seed + index }),
          ).flatMap((one) => one ?? []),
        )
        results.push({ size, change, batches: perShare * SHARES.length, found })
      }
    }
    return results
  },
  summarise: (outcomes) => {
    const all = outcomes.flatMap(({ cell, result }) =>
      result.map((one) => ({ ...one, set: cell.set })),
    )
    const right = ({ share, estimate }: Found) =>
      share < THRESHOLDS.smallestDrift === estimate < THRESHOLDS.smallestDrift
    const count = (found: readonly Found[], holds: (one: Found) => boolean) => {
      const kept = found.filter(holds).length
      const { low, high } = wilsonInterval(kept, Math.max(1, found.length))
      return {
        rate: rate(kept, Math.max(1, found.length)),
        interval: [low, high],
        verdicts: found.length,
      }
    }
    const by = (choose: (one: (typeof all)[number]) => string) =>
      Object.fromEntries(
        [...Map.groupBy(all, choose)].map(([name, members]) => {
          const found = members.flatMap((one) => one.found)
          return [
            name,
            {
              warningBelow5: count(
                found.filter(({ share }) => share < THRESHOLDS.smallestDrift),
                right,
              ),
              driftFrom10: count(
                found.filter(({ share }) => share >= THRESHOLDS.smallestDrift),
                right,
              ),
              atLeastTrue: count(found, ({ atLeast, share }) => atLeast <= share + 1e-9),
            },
          ]
        }),
      )
    return {
      bySet: by(({ set }) => set),
      bySize: by(({ size }) => String(size)),
      byChange: by(({ change }) => change),
    }
  },
})

/** The share as the product would say it; undefined where it would say that nothing was found. */
function judge(
  { detector }: ImageTask,
  { clean, changed }: { readonly clean: Float32Array; readonly changed: Float32Array },
  batch: { readonly size: number; readonly share: number; readonly seed: number },
): Found | undefined {
  const { size, share, seed } = batch
  const width = detector.extractor.columns.length
  const random = createRandom(seed)
  const window = rowsOf(clean, width, random.sample(AUDIT, size))
  const count = Math.round(share * size)
  window.set(rowsOf(changed, width, random.sample(CHANGED, count)), 0)
  const test = testFeatures(detector, window, { level: LEVEL, seed })
  if (test.pValue > LEVEL) return undefined
  const { atLeast, estimate } = measureShare(detector.extractor.columns, { window, test }, { seed })
  return { share, atLeast, estimate }
}
