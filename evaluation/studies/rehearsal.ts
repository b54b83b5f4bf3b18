import { type Detector, fit } from '../../src/detector/index.ts'
import {
  arrayImages,
  GRADED_CHANGES,
  type ImageBatch,
  injectChange,
} from '../../src/images/index.ts'
import { completePolicy, createInjectedRuns, type InjectedRuns } from '../../src/judging/index.ts'
import {
  sideInputsOf,
  type MeasuredBatch,
  measurePixels,
  mergeMeasurements,
} from '../../src/measuring/index.ts'
import { createRandom, type Tensor } from '../../src/tensor/index.ts'
import type { Rehearsal } from '../../src/verdict/index.ts'
import { loadPooledCifar10, missingCifar10 } from '../data/cifar10.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages } from '../data/packed-images.ts'
import { DATA_OPTION, type DataName } from '../fitted/fitted-subject.ts'
import { type CellContext, defineStudy } from '../harness/study.ts'
import { seedOf } from '../window/seed-of.ts'

type Cell = { readonly data: DataName; readonly seed: number; readonly runs: number }

/** What was named, and how often fresh images of just that strength were found. */
type Confirmed = {
  readonly change: string
  readonly share: number
  readonly way: 'stream' | 'batches'
  readonly strength: number
  readonly found: number
  readonly runs: number
}

type Result = {
  readonly confirmed: readonly Confirmed[]
  /** Kinds, shares and ways for which the weakest strength tried was found already, or the strongest was not. */
  readonly always: number
  readonly never: number
  readonly seconds: number
  readonly historyAlarms: number
}

const FITTED = 20_000
const HISTORY = 10_000
/** Images that named strengths are confirmed on, changed and unchanged ones apart. */
const FRESH = 2000

/** Is what a rehearsal names found in nine of ten fresh runs? */
export const study = defineStudy({
  title: 'Rehearsals',
  description:
    'A detector of 20,000 images is rehearsed with 10,000 others. Each strength that it names as found in nine of ten runs is then put to other images, 2,000 changed by just that strength and 2,000 unchanged, in new runs: the share that alarms.',
  revision: 1,
  dependsOn: ['features', 'tests', 'streams'],
  options: {
    data: DATA_OPTION,
    seeds: { kind: 'integers', default: [0], selects: true, description: 'one detector of each' },
    runs: { kind: 'integer', default: 100, quick: 20, description: 'fresh runs of each strength' },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, seeds, runs }): Cell[] =>
    data.flatMap((name) => seeds.map((seed) => ({ data: name, seed, runs }))),
  run: async (cell: Cell, context): Promise<Result> => runCell(cell, context),
  summarise: (outcomes) => ({
    rows: outcomes.flatMap(({ cell, result }) =>
      (['stream', 'batches'] as const).map((way) => {
        const own = result.confirmed.filter((one) => one.way === way)
        const powers = own.map(({ found, runs }) => found / runs)
        const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length
        return {
          data: cell.data,
          way,
          named: own.length,
          meanPower: Number(mean.toFixed(3)),
          within05: powers.filter((power) => Math.abs(power - 0.9) <= 0.05).length,
          within10: powers.filter((power) => Math.abs(power - 0.9) <= 0.1).length,
          lowest: Math.min(...powers),
        }
      }),
    ),
    minutes: outcomes.map(({ cell, result }) => ({
      data: cell.data,
      minutes: Number((result.seconds / 60).toFixed(1)),
      always: result.always,
      never: result.never,
      historyAlarms: result.historyAlarms,
    })),
    confirmed: outcomes.flatMap(({ cell, result }) =>
      result.confirmed.map((one) => ({ data: cell.data, ...one })),
    ),
  }),
})

async function runCell({ data, seed, runs }: Cell, { threads, log }: CellContext): Promise<Result> {
  const pool = await (data === 'mnist' ? loadPooledMnist() : loadPooledCifar10())
  const order = createRandom(seedOf('rehearsal', data, seed)).permutation(pool.count)
  let next = 0
  const images = (count: number): Tensor => {
    const rows = order.subarray(next, next + count)
    next += count
    return unpackImages(pool, rows)
  }
  await using detector = await fit(arrayImages(images(FITTED)), { seed, threads })
  log(`${data}: fitted`)
  const started = performance.now()
  const { rehearsal } = await detector.rehearse(arrayImages(images(HISTORY)), {
    seed,
    onProgress: ({ stage, done }) => {
      if (stage === 'changes') log(`${data}: ${done} kinds`)
    },
  })
  const seconds = (performance.now() - started) / 1000
  const changed = images(FRESH)
  const fresh = await freshRuns(detector, rehearsal, images(FRESH))
  const smallest = rehearsal.changes.flatMap(({ shares }) =>
    shares.flatMap(({ stream, batches }) => [stream.smallest.kind, batches.smallest.kind]),
  )
  return {
    confirmed: await confirm({ detector, rehearsal, changed, fresh }, runs, seed),
    always: smallest.filter((kind) => kind === 'always').length,
    never: smallest.filter((kind) => kind === 'never').length,
    seconds,
    historyAlarms: rehearsal.history.stream.events.length,
  }
}

/** Runs on images that the rehearsal has not seen. */
async function freshRuns(
  detector: Detector,
  { settings, policy }: Rehearsal,
  unchanged: Tensor,
): Promise<InjectedRuns> {
  const { extractor, baseline } = detector
  const parts: MeasuredBatch[] = []
  for await (const part of detector.measure(arrayImages(unchanged))) parts.push(part)
  const by = { extractorId: extractor.id, columns: extractor.columns }
  const clean = mergeMeasurements(parts, by)
  return createInjectedRuns(baseline, completePolicy(policy), { clean, settings })
}

type Named = {
  readonly detector: Detector
  readonly rehearsal: Rehearsal
  readonly changed: Tensor
  readonly fresh: InjectedRuns
}

async function confirm(
  { detector, rehearsal, changed, fresh }: Named,
  runs: number,
  seed: number,
): Promise<Confirmed[]> {
  const { extractor } = detector
  const records = Array.from({ length: changed.shape[0] }, (_, i) => ({ id: String(i) }))
  const batch: ImageBatch = { pixels: changed, records }
  const confirmed: Confirmed[] = []
  for (const { name, shares } of rehearsal.changes) {
    const change = GRADED_CHANGES.find((one) => one.name === name)
    if (change === undefined) throw new RangeError(`expected a known change, got ${name}`)
    for (const { share, ...ways } of shares) {
      for (const way of ['stream', 'batches'] as const) {
        const { smallest } = ways[way]
        if (smallest.kind !== 'found') continue
        const { strength } = smallest
        const options = { strength, depth: extractor.depth, seed: seed + 1 }
        const pixels = await injectChange(batch, change, options)
        const values = await measurePixels(extractor, { pixels, sideInputs: sideInputsOf(batch) })
        const rows = { values, places: extractor.places?.measure(pixels) }
        const injection = { strength, share, changed: rows, runs, seed: seed + 17 }
        const { found } = fresh[way](injection)
        confirmed.push({ change: name, share, way, strength, found, runs })
      }
    }
  }
  return confirmed
}
