import type { Detector } from '../../src/detector/index.ts'
import { brightness, darken, gaussianNoise } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import type { StreamEvent } from '../../src/verdict/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import type { Change } from '../fitted/change.ts'
import {
  DATA_OPTION,
  type DataName,
  type FittedSubject,
  type Measured,
  openFitted,
} from '../fitted/fitted-subject.ts'
import { type CellContext, defineStudy } from '../harness/study.ts'
import { drawImages, type ImageDraw } from '../stream/drawn-images.ts'
import { median } from '../stream/median.ts'
import { seedOf } from '../window/seed-of.ts'

const FITTED = 30_000
const BEFORE = 1000
const FALSE_ALARM_EVERY = 100_000

const DARK: Change = {
  name: 'a-quarter-darker',
  title: 'a quarter darker',
  apply: (pixels, random) => darken.apply(pixels, { random, factor: 0.75 }),
}
const NOISY: Change = {
  name: 'noise-of-10',
  title: 'noise of 10 grey levels',
  apply: (pixels, random) => gaussianNoise.apply(pixels, { random, sigma: 10 / 255 }),
}

/** Steps of a ramp, in grey levels. */
const RAMP = [1, 2, 4, 7, 11, 16, 22, 30]
const RAMP_LENGTH = 20_000
const rampChange = (levels: number): Change => ({
  name: `brighter-by-${levels}`,
  title: `brighter by ${levels} grey levels`,
  apply: (pixels, random) => brightness.apply(pixels, { random, shift: levels / 255 }),
})

/** What the images of a stream are, by their number after the unchanged ones; undefined is unchanged. */
type Shape = {
  readonly title: string
  readonly length: number
  readonly changeAt: (image: number) => Change | undefined
  /** Kinds of events that have to come, in this order and no others, parted by commas. */
  readonly expected: RegExp
}

const SHAPES: Readonly<Record<string, Shape>> = {
  ramp: {
    title: 'brighter by up to 30 grey levels, in 20,000 images',
    length: RAMP_LENGTH,
    changeAt: (image) => {
      const step = Math.floor((image / RAMP_LENGTH) * (RAMP.length + 1)) - 1
      return step < 0 ? undefined : rampChange(RAMP[step])
    },
    // At even numbers of grey levels what told of an odd one is as before.
    expected: /^drift(,recovered,drift)*$/,
  },
  burst: {
    title: '20 images a quarter darker',
    length: 1500,
    changeAt: (image) => (image < 20 ? DARK : undefined),
    expected: /^drift,recovered$/,
  },
  periodic: {
    title: 'a quarter darker for 500 images, and not for 500, three times',
    length: 3000,
    changeAt: (image) => (Math.floor(image / 500) % 2 === 0 ? DARK : undefined),
    expected: /^drift,recovered,drift,recovered,drift,recovered$/,
  },
  recovery: {
    title: 'noise of 10 grey levels for 500 images, then 3,000 as before',
    length: 3500,
    changeAt: (image) => (image < 500 ? NOISY : undefined),
    expected: /^drift,recovered$/,
  },
}

type Cell = { readonly data: DataName; readonly shape: string; readonly runs: number }

type Result = {
  /** Kinds of events of each run, in their order. */
  readonly states: readonly (readonly StreamEvent['kind'][])[]
  /** Images from the change to the first alarm, of the runs that alarmed. */
  readonly delays: readonly number[]
  /** Images from the end of the last change to the event that says so. */
  readonly recoveries: readonly number[]
  readonly falseAlarms: number
}

/** Do streams say the right things in the right order? */
export const study = defineStudy({
  title: 'States of a stream',
  description:
    'The whole stream of a detector, as a program opens it, at one false alarm in 100,000 images: a ramp over 20,000 images, a burst of 20, a change that comes and goes, one that ends. After 1,000 unchanged images each. Right is a run whose events are those expected, in their order, with no other before, between or behind; of the ramp one that is in alarm at its end.',
  revision: 1,
  dependsOn: ['features', 'streams'],
  options: {
    data: DATA_OPTION,
    shapes: {
      kind: 'choices',
      choices: ['ramp', 'burst', 'periodic', 'recovery'],
      default: ['ramp', 'burst', 'periodic', 'recovery'],
      selects: true,
      description: 'what the stream is like',
    },
    runs: { kind: 'integer', default: 30, quick: 2, description: 'streams of each' },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, shapes, runs }): Cell[] =>
    data.flatMap((name) => shapes.map((shape) => ({ data: name, shape, runs }))),
  run: async (cell: Cell, context): Promise<Result> => runCell(cell, context),
  summarise: (outcomes) => ({
    rows: outcomes.map(({ cell, result }) => {
      const { title, expected } = SHAPES[cell.shape]
      const others = result.states.filter((kinds) => !expected.test(kinds.join()))
      return {
        data: cell.data,
        stream: title,
        runs: cell.runs,
        right: result.states.length - others.length,
        others: tally(others),
        toTheAlarm: median(result.delays),
        toTheRecovery: median(result.recoveries),
        falseAlarms: result.falseAlarms,
      }
    }),
  }),
})

/** Other orders of events and how often each came. */
function tally(states: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>()
  for (const kinds of states) {
    const name = kinds.length === 0 ? 'nothing' : kinds.join(', ')
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join('; ')
}

async function runCell({ data, shape: name, runs }: Cell, context: CellContext): Promise<Result> {
  const subject = await openFitted({ data, fitted: FITTED, seed: 0 }, context)
  await using detector = await subject.detector()
  const shape = SHAPES[name]
  const views = await viewsOf(subject, shape)
  const result = {
    states: [] as StreamEvent['kind'][][],
    delays: [] as number[],
    recoveries: [] as number[],
    falseAlarms: 0,
  }
  for (let run = 0; run < runs; run++) {
    const seed = seedOf('states', data, name, run)
    const events = watchOnce(detector, { shape, views, seed })
    const alarm = events.find(({ kind }) => kind === 'drift')
    const over = events.findLast(({ kind }) => kind === 'recovered')
    const before = events.filter(({ at }) => at.number <= BEFORE).length
    result.falseAlarms += before
    result.states.push(events.map(({ kind }) => kind))
    if (alarm !== undefined && before === 0) result.delays.push(alarm.at.number - BEFORE)
    const end = lastChanged(shape)
    if (over !== undefined && end < shape.length)
      result.recoveries.push(over.at.number - BEFORE - end)
  }
  return result
}

function lastChanged({ length, changeAt }: Shape): number {
  let last = length
  while (last > 0 && changeAt(last - 1) === undefined) last--
  return last
}

async function viewsOf(
  subject: FittedSubject,
  { length, changeAt }: Shape,
): Promise<ReadonlyMap<string | undefined, Measured>> {
  const views = new Map<string | undefined, Measured>([[undefined, subject.unseen]])
  for (let image = 0; image < length; image++) {
    const change = changeAt(image)
    if (change === undefined || views.has(change.name)) continue
    views.set(change.name, await subject.changed(change, 'as-is'))
  }
  return views
}

type Watched = {
  readonly shape: Shape
  readonly views: ReadonlyMap<string | undefined, Measured>
  readonly seed: number
}

/** One stream, images drawn at random from those of their kind. */
function watchOnce(detector: Detector, { shape, views, seed }: Watched): readonly StreamEvent[] {
  const { extractor } = detector
  const stream = detector.stream({ falseAlarmEvery: FALSE_ALARM_EVERY, seed })
  const random = createRandom(seed)
  const next = { number: 0 }
  const draws = new Map<string | undefined, ImageDraw>()
  const drawOf = (name: string | undefined): ImageDraw => {
    const measured = views.get(name) as Measured
    const draw = draws.get(name) ?? drawImages(measured, { extractor, random, next })
    draws.set(name, draw)
    return draw
  }
  return Array.from({ length: BEFORE + shape.length }, (_, image) => {
    const change = image < BEFORE ? undefined : shape.changeAt(image - BEFORE)
    return stream.take(drawOf(change?.name)())
  }).flat()
}
