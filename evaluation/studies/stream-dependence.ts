import { type Detector, fit } from '../../src/detector/index.ts'
import { arrayImages, type ImageRecord } from '../../src/images/index.ts'
import { type Measurements, mergeMeasurements } from '../../src/measuring/index.ts'
import { createRandom, type Random, type Tensor } from '../../src/tensor/index.ts'
import type { StreamEvent } from '../../src/verdict/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { type PackedImages, unpackImages } from '../data/packed-images.ts'
import { type CellContext, defineStudy } from '../harness/study.ts'
import { median } from '../stream/median.ts'
import { seedOf } from '../window/seed-of.ts'

/** Images handed to `fit`. */
const FITTED = 9000

/** How images of a stream hang together though nothing changes. */
type Kind = {
  readonly title: string
  /** Images that follow each other and are of one session; of day and night the length of each. */
  readonly length: number
  readonly isSession: boolean
  readonly isBlocked: boolean
}

const KINDS: Readonly<Record<string, Kind>> = {
  'sessions-of-10': {
    title: 'sessions of 10 nearly equal frames',
    length: 10,
    isSession: true,
    isBlocked: false,
  },
  'sessions-of-100': {
    title: 'sessions of 100 nearly equal frames',
    length: 100,
    isSession: true,
    isBlocked: false,
  },
  'day-and-night': {
    title: 'day and night, 250 images each; the reference has both',
    length: 250,
    isSession: false,
    isBlocked: false,
  },
  'blocks-of-10': {
    title: 'sessions of 10, fitted with --block-by',
    length: 10,
    isSession: true,
    isBlocked: true,
  },
  'blocks-of-100': {
    title: 'sessions of 100, fitted with --block-by',
    length: 100,
    isSession: true,
    isBlocked: true,
  },
}

type Cell = {
  readonly kind: string
  readonly streams: number
  readonly images: number
  readonly falseAlarmEvery: number
}

type Result = {
  /** Of each stream: alarms, and those before it said that images depend on each other. */
  readonly streams: readonly {
    readonly alarms: number
    readonly dependentAt: number | null
    readonly alarmsBefore: number
  }[]
}

/** What do streams make of images that depend on each other though nothing changes? */
export const study = defineStudy({
  title: 'Streams of images that depend on each other',
  description:
    'Digits in sessions of nearly equal frames (the same digit with fresh noise of two grey levels, moved by up to half a pixel), and day and night taking turns (night is a third darker), while nothing changes. Without --block-by a stream is to say that images depend on each other before its tenth false alarm; with it no more false alarms are to come than stated, counted in finished sessions.',
  revision: 1,
  dependsOn: ['features', 'streams'],
  options: {
    kinds: {
      kind: 'choices',
      choices: [
        'sessions-of-10',
        'sessions-of-100',
        'day-and-night',
        'blocks-of-10',
        'blocks-of-100',
      ],
      default: [
        'sessions-of-10',
        'sessions-of-100',
        'day-and-night',
        'blocks-of-10',
        'blocks-of-100',
      ],
      selects: true,
      description: 'how images hang together',
    },
    streams: { kind: 'integer', default: 10, quick: 2, description: 'streams of each' },
    images: { kind: 'integer', default: 20_000, quick: 4000, description: 'images of each' },
    falseAlarmEvery: {
      kind: 'integer',
      default: 1000,
      quick: 1000,
      description: 'images (sessions, with --block-by) from one false alarm to the next',
    },
  },
  cells: ({ kinds, streams, images, falseAlarmEvery }): Cell[] =>
    kinds.map((kind) => ({ kind, streams, images, falseAlarmEvery })),
  run: async (cell: Cell, context): Promise<Result> => runCell(cell, context),
  summarise: (outcomes) => ({
    rows: outcomes.map(({ cell, result: { streams } }) => {
      const { title, isBlocked, length } = KINDS[cell.kind]
      const bets = cell.images / (isBlocked ? length : 1)
      const alarms = streams.reduce((sum, one) => sum + one.alarms, 0)
      return {
        images: title,
        streams: streams.length,
        alarms,
        stated: isBlocked ? (streams.length * bets) / cell.falseAlarmEvery : null,
        saidDependent: streams.filter(({ dependentAt }) => dependentAt !== null).length,
        mostAlarmsBefore: Math.max(...streams.map(({ alarmsBefore }) => alarmsBefore)),
        saidAt: median(streams.flatMap(({ dependentAt }) => dependentAt ?? [])),
      }
    }),
  }),
})

async function runCell(
  { kind: name, streams, images, falseAlarmEvery }: Cell,
  { threads, log }: CellContext,
): Promise<Result> {
  const kind = KINDS[name]
  const pool = await loadPooledMnist()
  const order = createRandom(seedOf('dependence', name)).permutation(pool.count)
  await using detector = await fitOn(kind, { pool, order, threads })
  const results: Result['streams'][number][] = []
  for (let i = 0; i < streams; i++) {
    log(`${name}: stream ${i + 1} of ${streams}`)
    const random = createRandom(seedOf('dependence', name, i))
    const stream = detector.stream({ falseAlarmEvery, seed: i })
    const events: StreamEvent[] = []
    for await (const part of measuredStream(detector, kind, { pool, order, images, random })) {
      events.push(...stream.take(part))
    }
    const said = events.find((event) => event.kind === 'dependent')
    const alarms = events.filter((event) => event.kind === 'drift')
    const before = alarms.filter(({ at }) => said === undefined || at.number < said.at.number)
    results.push({
      alarms: alarms.length,
      dependentAt: said?.at.number ?? null,
      alarmsBefore: before.length,
    })
  }
  return { streams: results }
}

type Source = { readonly pool: PackedImages; readonly order: Uint32Array }

/** Fitted on images as the stream's, but where blocks are not told on images of no session: one of each. */
async function fitOn(
  kind: Kind,
  { pool, order, threads }: Source & { readonly threads: number },
): Promise<Detector> {
  const random = createRandom(7)
  if (kind.isBlocked) {
    const sessions = FITTED / kind.length
    const rows = Uint32Array.from({ length: FITTED }, (_, i) => order[Math.floor(i / kind.length)])
    const pixels = frames(unpackImages(pool, rows), random)
    const records = Array.from({ length: FITTED }, (_, i): ImageRecord => ({
      id: String(i),
      attributes: { session: `s${Math.floor(i / kind.length) % sessions}` },
    }))
    return fit(arrayImages(pixels, records), { threads, blockBy: 'session' })
  }
  const pixels = unpackImages(pool, order.subarray(0, FITTED))
  const seen = kind.isSession
    ? frames(pixels, random)
    : atNight(pixels, () => random.uniform() < 0.5)
  return fit(arrayImages(seen), { threads })
}

const PART = 1000

async function* measuredStream(
  detector: Detector,
  kind: Kind,
  { pool, order, images, random }: Source & { readonly images: number; readonly random: Random },
): AsyncGenerator<Measurements> {
  const { extractor } = detector
  const unseen = order.subarray(FITTED)
  for (let start = 0; start < images; start += PART) {
    const drawn = new Map<number, number>()
    const originalOf = (session: number): number => {
      const row = drawn.get(session) ?? unseen[random.integer(unseen.length)]
      drawn.set(session, row)
      return row
    }
    const numbers = Array.from({ length: PART }, (_, i) => start + i)
    const rows = numbers.map((number) =>
      kind.isSession
        ? originalOf(Math.floor(number / kind.length))
        : unseen[random.integer(unseen.length)],
    )
    const plain = unpackImages(pool, rows)
    const pixels = kind.isSession
      ? frames(plain, random)
      : atNight(plain, (i) => Math.floor((start + i) / kind.length) % 2 === 1)
    const records = numbers.map((number): ImageRecord => ({
      id: String(number),
      attributes: { session: String(Math.floor(number / kind.length)) },
    }))
    const parts: Measurements[] = []
    for await (const part of detector.measure(arrayImages(pixels, records))) parts.push(part)
    yield mergeMeasurements(parts, { extractorId: extractor.id, columns: extractor.columns })
  }
}

/** Frames of what is in the pictures: moved by up to half a pixel to the right, noise of two grey levels. */
function frames({ shape, data }: Tensor, random: Random): Tensor {
  const [count, channels, height, width] = shape
  const size = channels * height * width
  const out = new Float32Array(data.length)
  for (let row = 0; row < count; row++) {
    const move = random.uniform() / 2
    for (let i = 0; i < size; i++) {
      const at = row * size + i
      const left = i % width === 0 ? data[at] : data[at - 1]
      const value = (1 - move) * data[at] + move * left + (2 / 255) * random.normal()
      out[at] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255
    }
  }
  return { shape, data: out }
}

/** A third darker where it is night. */
function atNight({ shape, data }: Tensor, isNight: (row: number) => boolean): Tensor {
  const size = data.length / shape[0]
  const out = data.slice()
  for (let row = 0; row < shape[0]; row++) {
    if (!isNight(row)) continue
    for (let at = row * size; at < (row + 1) * size; at++) {
      out[at] = Math.round((2 / 3) * 255 * data[at]) / 255
    }
  }
  return { shape, data: out }
}
