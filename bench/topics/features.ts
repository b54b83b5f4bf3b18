import { loadCifar10, missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import { type PackedImages, unpackImages } from '../../evaluation/data/packed-images.ts'
import { type Detector, fit } from '../../src/detector/index.ts'
import { type FeatureStack, loadFeatureStack } from '../../src/representations/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import {
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  prepareFastOmnibus,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { ratioOf, type Spread, spreadOf } from '../harness/ratios.ts'
import { alternate, type Contestant } from '../harness/rounds.ts'
import { defineTopic } from '../harness/topic.ts'

const FIT_IMAGES = 6000
const BATCH = 1000
const REFERENCE = 10_000
const FAST_WINDOW = 100
const EXACT_WINDOW = 1000

/** What the richer test costs beside the autoencoder alone. */
export const topic = defineTopic({
  description:
    "Cost of all features on top of the autoencoder's scoring, and of the window test in both modes.",
  options: {
    rounds: { kind: 'integer', default: 15, quick: 3, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 2, quick: 0.5, description: 'Length of a turn.' },
  },
  skipReason: missingCifar10,
  run: async ({ rounds, seconds }, { log, signal }) => {
    const digits = await fitBriefly(await loadPooledMnist(), signal)
    const photographs = await fitBriefly(await loadCifar10('test'), signal)
    const turns = { rounds, turnSeconds: seconds, log }
    try {
      const [grey, colour] = [
        await featureCosts(digits, turns),
        await featureCosts(photographs, turns),
      ]
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
      await photographs.detector.close()
    }
  },
})

type Fitted = { readonly detector: Detector; readonly images: PackedImages }

/** One epoch: what is timed doesn't depend on how well it has learned. */
async function fitBriefly(images: PackedImages, signal: AbortSignal): Promise<Fitted> {
  const training = unpackImages(images, range(0, FIT_IMAGES))
  return { images, detector: await fit(arrayImages(training), { epochs: 1, signal }) }
}

type Turns = Parameters<typeof alternate>[1]

/** What the features cost where one thread does it all, and as a detector measures: rows shared out among threads. */
async function featureCosts({ detector, images }: Fitted, turns: Turns) {
  const batch = unpackImages(images, range(0, BATCH))
  const single = await loadFeatureStack(detector.stack.save(), { threads: 1 })
  const costs = {
    oneThread: await featureCost(single, batch, turns),
    allThreads: await featureCost(detector.stack, batch, turns),
  }
  await single.close()
  return costs
}

/** Time of all features as a share added to the time of the autoencoder's own. */
async function featureCost(stack: FeatureStack, batch: Tensor, turns: Turns): Promise<Spread> {
  const contestants = [
    inPlace('autoencoder', batch, (pixels) => stack.autoencoder.transform(pixels)),
    inPlace('all-features', batch, (pixels) => stack.transform(pixels)),
  ]
  const rates = await alternate(contestants, turns)
  const { median, lowest, highest } = ratioOf(
    rates.get('autoencoder') ?? [],
    rates.get('all-features') ?? [],
  )
  return { median: median - 1, lowest: lowest - 1, highest: highest - 1 }
}

/** A contestant of this process. */
function inPlace(
  name: string,
  batch: Tensor,
  work: (pixels: Tensor) => Promise<unknown>,
): Contestant {
  const request = async ({ steps = 1 }: { readonly steps?: number }): Promise<object> => {
    const started = performance.now()
    for (let i = 0; i < steps; i++) await work(batch)
    return { seconds: (performance.now() - started) / 1000, images: steps * BATCH }
  }
  return { name, worker: { request: request as Contestant['worker']['request'] } }
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
    fastMilliseconds: timeEach(10 * rounds, () => omnibusFast(fast, few)),
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
