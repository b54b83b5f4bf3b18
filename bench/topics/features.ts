import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadCifar10, missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import { type PackedImages, unpackImages } from '../../evaluation/data/packed-images.ts'
import { type Detector, fit } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import {
  omnibusExact,
  type OmnibusGroup,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screenWindow,
} from '../../src/statistics/index.ts'
import { createRandom, sliceRows } from '../../src/tensor/index.ts'
import { type ContestResult, type Entrant, runContest } from '../harness/contest.ts'
import { THREADS, workerCommand } from '../harness/peers.ts'
import { ratioOf, type Spread, spreadOf } from '../harness/ratios.ts'
import { type BenchContext, defineTopic } from '../harness/topic.ts'

const FIT_IMAGES = 6000
const REFERENCE = 10_000
const FAST_WINDOW = 100
const EXACT_WINDOW = 1000

/** What the richer test costs beside the autoencoder alone. */
export const topic = defineTopic({
  title: 'What the features and the window test cost',
  description:
    "Cost of all features on top of the autoencoder's scoring, and of the window test in both modes.",
  options: {
    rounds: { kind: 'integer', default: 15, quick: 3, description: 'Turns of each side.' },
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

const MODES = ['autoencoder', 'stack'] as const

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
  const [autoencoder, stack] = MODES.map((mode) => rates.get(`${mode} ${threads}`) ?? [])
  const { median, lowest, highest } = ratioOf(autoencoder, stack)
  return { median: median - 1, lowest: lowest - 1, highest: highest - 1 }
}

/** Milliseconds of a window test on features already measured. */
async function testCost({ detector, images }: Fitted, rounds: number): Promise<object> {
  const { columns } = detector.stack
  const count = REFERENCE + EXACT_WINDOW
  const values = await detector.stack.transform(unpackImages(images, range(FIT_IMAGES, count)))
  const reference = prepareOmnibusReference(
    values.slice(0, REFERENCE * columns.length),
    columns.length,
  )
  const window = values.subarray(REFERENCE * columns.length)
  const groups = groupsOf(detector)
  const random = createRandom(0)
  const fast = prepareFastOmnibus(reference, groups, { sizes: [FAST_WINDOW], random })
  const few = sliceRows(
    { shape: [EXACT_WINDOW, columns.length], data: window },
    0,
    FAST_WINDOW,
  ).data
  return {
    fastMilliseconds: timeEach(10 * rounds, () => screenWindow(fast, few)),
    exactMilliseconds: timeEach(Math.min(rounds, 5), () =>
      omnibusExact(reference, window, groups, { random }),
    ),
    windowTest: {
      columns: columns.length,
      referenceImages: REFERENCE,
      fastWindowImages: FAST_WINDOW,
      exactWindowImages: EXACT_WINDOW,
    },
  }
}

function groupsOf({ stack }: Detector): OmnibusGroup[] {
  return Object.entries(Object.groupBy(stack.columns, ({ group }) => group)).map(
    ([name, members]) => ({
      name,
      columns: members.map((member) => stack.columns.indexOf(member)),
      kind: name === 'reconstruction' || name === 'outlier' ? 'rank+raw' : 'rank',
    }),
  )
}

/** Milliseconds of one call; the first, which compiles, is left out. */
function timeEach(times: number, work: () => unknown): Spread {
  work()
  return spreadOf(
    Array.from({ length: times }, () => {
      const started = performance.now()
      work()
      return performance.now() - started
    }),
  )
}

function range(start: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => start + i)
}
