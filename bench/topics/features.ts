import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadCifar10, missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import { type PackedImages, unpackImages } from '../../evaluation/data/packed-images.ts'
import {
  type BaselineNumbers,
  createBaseline,
  type Detector,
  fit,
  prepareSizes,
  testFeatures,
} from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { tableOf } from '../../src/representations/index.ts'
import { createRandom, takeRows } from '../../src/tensor/index.ts'
import { type ContestResult, type Entrant, runContest } from '../harness/contest.ts'
import { THREADS, workerCommand } from '../harness/peers.ts'
import { ratioOf, type Spread, spreadOf } from '../harness/ratios.ts'
import { type BenchContext, defineTopic } from '../harness/topic.ts'

const FIT_IMAGES = 6000
const REFERENCE = 10_000
/** Each is timed both ways, so that equals are compared. */
const WINDOWS = [100, 1000]
const UNSEEN = 5000
const LEVEL = 0.01

/** What the richer test costs beside the autoencoder alone. */
export const topic = defineTopic({
  title: 'What the features and the window test cost',
  description:
    "Cost of all features on top of the autoencoder's scoring, and of the window test on clean batches of 100 and of 1,000, exact and prepared for (`--batch-sizes`); a batch that is not clearly quiet gets the exact test either way.",
  options: {
    rounds: { kind: 'integer', default: 9, quick: 3, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 2, quick: 0.5, description: 'Length of a turn.' },
  },
  skipReason: missingCifar10,
  run: async ({ rounds, seconds }, context) => {
    const turns = { rounds, turnSeconds: seconds }
    const digits = await fitBriefly(await loadPooledMnist(), context.signal)
    try {
      const grey = await featureCosts({ ...digits, images: 'mnist' }, turns, context)
      const photographs = await fitBriefly(await loadCifar10('test'), context.signal)
      await photographs.detector.close()
      const colour = await featureCosts({ ...photographs, images: 'cifar10' }, turns, context)
      const medians = (threads: 'oneThread' | 'allThreads') => ({
        '1x28x28': grey[threads].median,
        '3x32x32': colour[threads].median,
      })
      return {
        featuresOnTop: medians('oneThread'),
        featuresOnTopOnAllThreads: medians('allThreads'),
        ...(await testCost(digits, rounds)),
        spreads: { grey, colour },
      }
    } finally {
      await digits.detector.close()
    }
  },
})

type Fitted = { readonly detector: Detector; readonly images: PackedImages }

/** One epoch: what is timed doesn't depend on how well it has learned. */
async function fitBriefly(images: PackedImages, signal: AbortSignal): Promise<Fitted> {
  const training = unpackImages(images, range(0, FIT_IMAGES))
  return { images, detector: await fit(arrayImages(training), { epochs: 1, signal }) }
}

const MODES = ['autoencoder', 'all'] as const

/** What the features cost where one thread does it all, and as a detector measures: rows shared out among threads. */
async function featureCosts(
  { detector, images }: { readonly detector: Detector; readonly images: 'mnist' | 'cifar10' },
  turns: { readonly rounds: number; readonly turnSeconds: number },
  context: BenchContext,
) {
  const path = await saveForWorkers(detector, images)
  const entrant = (measure: (typeof MODES)[number], threads: number): Entrant => {
    const words = { detector: path, images, measure, threads }
    const flags = Object.entries(words).flatMap(([name, word]) => [`--${name}`, String(word)])
    return { name: `${measure} ${threads}`, command: workerCommand('features.ts', flags) }
  }
  const entrants = [1, THREADS].flatMap((threads) => MODES.map((mode) => entrant(mode, threads)))
  const { rates } = await runContest(entrants, turns, context)
  return { oneThread: addedShare(rates, 1), allThreads: addedShare(rates, THREADS) }
}

async function saveForWorkers(detector: Detector, name: string): Promise<string> {
  const folder = fileURLToPath(new URL('../../out/bench/', import.meta.url))
  await mkdir(folder, { recursive: true })
  const path = join(folder, `features-${name}.pixeldrift`)
  await detector.save(path)
  return path
}

/** Time of all features as a share added to the time of the autoencoder's own. */
function addedShare(rates: ContestResult['rates'], threads: number): Spread {
  const [autoencoder, all] = MODES.map((mode) => rates.get(`${mode} ${threads}`) ?? [])
  const { median, lowest, highest } = ratioOf(autoencoder, all)
  return { median: median - 1, lowest: lowest - 1, highest: highest - 1 }
}

/** Milliseconds of the window test on features already measured, exact and prepared for, on the same clean batches. */
async function testCost({ detector, images }: Fitted, rounds: number): Promise<object> {
  const { columns } = detector.extractor
  const rows = range(FIT_IMAGES, REFERENCE + UNSEEN)
  const values = await detector.extractor.transform(unpackImages(images, rows))
  const split = REFERENCE * columns.length
  const manifest = { columns: detector.manifest.columns, features: detector.manifest.features }
  const unprepared = createBaseline(tableOf(columns, values.slice(0, split)))
  const baseline = prepareSizes({ manifest, baseline: unprepared }, WINDOWS, 0)
  const unseen = { shape: [UNSEEN, columns.length], data: values.subarray(split) }
  const costs = WINDOWS.map((size) => {
    const random = createRandom(size)
    const windows = Array.from({ length: rounds + 1 }, () =>
      takeRows(unseen, random.sample(UNSEEN, size)),
    )
    const test = (own: BaselineNumbers): Spread =>
      timeEach(windows, ({ data }) =>
        testFeatures({ manifest, baseline: own }, data, { level: LEVEL, seed: 0 }),
      )
    return [`n${size}`, { prepared: test(baseline), exact: test(unprepared) }] as const
  })
  return {
    testMilliseconds: Object.fromEntries(costs),
    windowTest: { columns: columns.length, referenceImages: REFERENCE },
  }
}

/** Milliseconds for each of some inputs; the first, which compiles, is left out. */
function timeEach<Input>(inputs: readonly Input[], work: (input: Input) => unknown): Spread {
  const times = inputs.map((input) => {
    const started = performance.now()
    work(input)
    return performance.now() - started
  })
  return spreadOf(times.slice(1))
}

function range(start: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => start + i)
}
