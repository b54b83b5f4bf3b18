import {
  brightness,
  channelSwap,
  contrast,
  gaussianBlur,
  gaussianNoise,
  jpegCompression,
} from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { wilsonInterval } from '../../src/statistics/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'
import { addCounts, type AlarmCounts, countAlarms, rate } from '../protocol/alarms.ts'
import { cifar10Task } from '../protocol/image-task.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { corruptBy, type PixelChange } from '../protocol/pixel-change.ts'

/** Plainly visible changes, all re-quantised to 8 bits as a camera would deliver them. */
const SHIFTS: Readonly<Record<string, PixelChange>> = {
  clean: (pixels) => pixels,
  noise: corruptBy(gaussianNoise, { sigma: 0.08 }),
  blur: corruptBy(gaussianBlur, { sigma: 1 }),
  brightness: corruptBy(brightness, { shift: 0.2 }),
  contrast: corruptBy(contrast, { factor: 0.5 }),
  'jpeg-10': corruptBy(jpegCompression, { quality: 10 }),
  'channel-swap': corruptBy(channelSwap),
}

type ShiftResult = AlarmCounts & { readonly name: string }

/** Colour photographs: quiet on held-out ones, loud on plainly changed ones. */
export const study = defineStudy({
  title: 'Photographs, plainly changed',
  description: 'CIFAR-10 JPEGs: false alarms on test images and power on six visible corruptions.',
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
      default: 200,
      quick: 10,
      description: 'drawn per shift and detector',
    },
    size: { kind: 'integer', default: 100, description: 'images in a batch' },
  },
  skipReason: missingCifar10,
  cells: ({ seeds, batches, size }) => seeds.map((seed) => ({ seed, batches, size })),
  run: async ({ seed, batches, size }, { threads }): Promise<ShiftResult[]> => {
    const { detector, audit } = await cifar10Task({ seed, threads, auditCount: 10_000 })
    const results: ShiftResult[] = []
    for (const [name, change] of Object.entries(SHIFTS)) {
      const shifted = await change(audit, createRandom(seed))
      const camera = {
        ...shifted,
        data: shifted.data.map((value) => Math.round(value * 255) / 255),
      }
      const values = await measurePixels(detector.extractor, { pixels: camera })
      const request = {
        values,
        batchSize: size,
        batches,
        level: 0.01,
        increase: 0.1,
        seed: 1000 * seed,
      }
      results.push({ name, ...countAlarms(detector, request) })
    }
    return results
  },
  summarise: (outcomes) => {
    const total = (i: number) => addCounts(outcomes.map(({ result }) => result[i]))
    const names = Object.keys(SHIFTS)
    const clean = total(0)
    const { low, high } = wilsonInterval(clean.test, clean.batches)
    return {
      falseAlarmRate: rate(clean.test, clean.batches),
      falseAlarmInterval: [low, high],
      cleanBatches: clean.batches,
      power: Object.fromEntries(
        names.slice(1).map((name, i) => [name, rate(total(i + 1).test, total(i + 1).batches)]),
      ),
      publishedRulePower: Object.fromEntries(
        names
          .slice(1)
          .map((name, i) => [name, rate(total(i + 1).publishedRule, total(i + 1).batches)]),
      ),
    }
  },
})
