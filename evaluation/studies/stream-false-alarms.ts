import { calibrateThreshold, wilsonInterval } from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { openFitted } from '../fitted/fitted-subject.ts'
import { type CellContext, defineStudy } from '../harness/study.ts'
import { NULL_FAMILIES } from '../nulls/null-family.ts'
import { referenceOfRows, watch } from '../stream/watched.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount, viewRows } from '../window/view.ts'

/** Thresholds, and after which share of them false alarms are counted. */
const THRESHOLDS = [2000, 20_000, 200_000]
const SHARES = [0.1, 1 / 3, 1]

const SYNTHETIC = [
  'all kinds at once',
  'nearly constant columns',
  'few values',
  'constant columns',
  'duplicates',
] as const
const FAMILIES = ['like the product', ...SYNTHETIC, 'digits'] as const

/** Columns of the generated rows that are like the product's, and the factors that they share. */
const [COLUMNS, FACTORS] = [134, 12]
const REFERENCE = 9000
const STREAMS_AT_ONCE = 10

/** Rates that the calibrated threshold is asked for, in images from one false alarm to the next. */
const STATED = [2000, 20_000]
/** So many alarms are expected of each. */
const EXPECTED = 100

type Family = (typeof FAMILIES)[number]

type Cell =
  | {
      readonly kind: 'guaranteed'
      readonly family: Family
      readonly part: number
      readonly images: number
    }
  | { readonly kind: 'calibrated'; readonly family: Family; readonly stated: number }

/** Images until each threshold was passed first, of each stream; null where it was not. */
type Passed = { readonly streams: readonly (readonly (number | null)[])[] }

type Result = Passed | { readonly images: number; readonly alarms: number }

/** Do streams alarm as rarely as they state? */
export const study = defineStudy({
  title: 'False alarms of streams',
  description:
    'Streams in which nothing changes: how often the evidence passes a threshold A within A/10, A/3 and A images, where at most a tenth, a third and all of the streams may; and how often streams with a calibrated threshold alarm.',
  revision: 1,
  dependsOn: ['features', 'streams'],
  options: {
    streams: { kind: 'integer', default: 200, quick: 10, description: 'of each family' },
    images: { kind: 'integer', default: 100_000, quick: 2000, description: 'of a stream at most' },
    families: {
      kind: 'choices',
      choices: FAMILIES,
      default: FAMILIES,
      quick: ['few values'],
      selects: true,
      description: 'what images are drawn from',
    },
    calibrated: {
      kind: 'integers',
      default: STATED,
      quick: [],
      description: 'images from one false alarm to the next that are asked for',
    },
  },
  cells: ({ streams, images, families, calibrated }) => [
    ...families.flatMap((family) =>
      Array.from({ length: Math.ceil(streams / STREAMS_AT_ONCE) }, (_, part): Cell => ({
        kind: 'guaranteed',
        family,
        part,
        images: Math.min(images, family === 'digits' ? 11_000 : images),
      })),
    ),
    ...families
      .filter((family) => family !== 'digits')
      .flatMap((family) =>
        calibrated.map((stated): Cell => ({ kind: 'calibrated', family, stated })),
      ),
  ],
  run: async (cell: Cell, context): Promise<Result> =>
    cell.kind === 'guaranteed' ? passThresholds(cell, context) : countCalibrated(cell),
  summarise: (outcomes, { images }) => ({
    guaranteed: FAMILIES.flatMap((family) => {
      const streams = outcomes.flatMap(({ cell, result }) =>
        cell.family === family && 'streams' in result ? result.streams : [],
      )
      return streams.length === 0
        ? []
        : rowsOf(family, streams, family === 'digits' ? 11_000 : images)
    }),
    calibrated: outcomes.flatMap(({ cell, result }) => {
      if (cell.kind === 'guaranteed' || 'streams' in result) return []
      const { alarms, images: taken } = result
      const error = 1.96 / Math.sqrt(Math.max(1, alarms))
      const every = taken / Math.max(1, alarms)
      return [
        {
          family: cell.family,
          stated: cell.stated,
          imagesPerAlarm: Math.round(every),
          low: Math.round(every * (1 - error)),
          high: Math.round(every * (1 + error)),
          alarms,
        },
      ]
    }),
  }),
})

function rowsOf(family: string, streams: Passed['streams'], images: number) {
  return THRESHOLDS.flatMap((threshold, a) =>
    SHARES.filter((share) => share * threshold <= images).map((share) => {
      const passed = streams.filter((first) => (first[a] ?? Infinity) <= share * threshold).length
      const { low, high } = wilsonInterval(passed, streams.length)
      return {
        family,
        threshold,
        images: Math.round(share * threshold),
        atMost: Number(share.toFixed(3)),
        passed: passed / streams.length,
        low: Number(low.toFixed(3)),
        high: Number(high.toFixed(3)),
        isKept: low <= share,
      }
    }),
  )
}

async function passThresholds(
  { family, part, images }: Extract<Cell, { kind: 'guaranteed' }>,
  context: CellContext,
): Promise<Passed> {
  const streams: (number | null)[][] = []
  for (let i = 0; i < STREAMS_AT_ONCE; i++) {
    const seed = seedOf('stream', family, part, i)
    const { reference, next } = await openStream(family, seed, context)
    const { test, state, take } = watch(reference, 1, seed)
    const first: (number | null)[] = THRESHOLDS.map(() => null)
    for (let taken = 1; taken <= images; taken++) {
      take(next())
      const strength = test.strongest(state)
      THRESHOLDS.forEach((threshold, a) => {
        if (first[a] === null && strength >= threshold) first[a] = taken
      })
    }
    streams.push(first)
  }
  return { streams }
}

/** Runs on and on with one alarm after another, until as many were to be expected as are worth counting. */
async function countCalibrated({
  family,
  stated,
}: Extract<Cell, { kind: 'calibrated' }>): Promise<Result> {
  const images = EXPECTED * stated
  let alarms = 0
  // References of their own, so that one reference's luck does not decide.
  const references = 10
  for (let i = 0; i < references; i++) {
    const seed = seedOf('calibrated', family, stated, i)
    const { reference, next } = generated(family, seed)
    const threshold = calibrateThreshold({
      weights: reference.weights,
      seed,
      reference: reference.rows,
      falseAlarmEvery: stated,
      rows: 200_000,
    })
    const { test, state, take } = watch(reference, threshold, seed)
    for (let taken = 0; taken < images / references; taken++) {
      take(next())
      if (!test.alarmed(state)) continue
      alarms++
      test.reset(state)
    }
  }
  return { images, alarms }
}

type Opened = {
  readonly reference: ReturnType<typeof referenceOfRows>
  readonly next: () => Float32Array
}

async function openStream(family: Family, seed: number, context: CellContext): Promise<Opened> {
  if (family !== 'digits') return generated(family, seed)
  const subject = await openFitted({ data: 'mnist', fitted: 30_000, seed: 0 }, context)
  const { features } = subject.unseen
  const order = createRandom(seed).permutation(rowCount(features))
  const values = viewRows(features, order.subarray(0, REFERENCE)).values
  let at = REFERENCE
  return {
    reference: referenceOfRows(values, features.width),
    next: () => {
      const row = order[at++]
      return features.values.subarray(row * features.width, (row + 1) * features.width)
    },
  }
}

function generated(family: Exclude<Family, 'digits'> | Family, seed: number): Opened {
  const random = createRandom(seed)
  const source = sourceOf(family)
  const { columnCount, rows } = source
  const draw = source.open(random)
  return {
    reference: referenceOfRows(draw(rows), columnCount),
    next: () => draw(1),
  }
}

type Source = {
  readonly columnCount: number
  readonly rows: number
  readonly open: (random: Random) => (rows: number) => Float32Array
}

function sourceOf(family: Family): Source {
  if (family === 'like the product') return likeProduct()
  const own = NULL_FAMILIES[family as (typeof SYNTHETIC)[number]]
  return {
    columnCount: own.columnCount,
    rows: 1000,
    open: (random) => (rows) => own.draw(rows, random),
  }
}

/** Columns that share a dozen factors, a third of them of few values, some rare, some constant. */
function likeProduct(): Source {
  return {
    columnCount: COLUMNS,
    rows: REFERENCE,
    open: (random) => {
      const loads = Float64Array.from({ length: COLUMNS * 3 }, () => random.normal())
      const factorsOf = Array.from({ length: COLUMNS * 3 }, () => random.integer(FACTORS))
      const factors = new Float64Array(FACTORS)
      return (rows) => {
        const values = new Float32Array(rows * COLUMNS)
        for (let row = 0; row < rows; row++) {
          for (let f = 0; f < FACTORS; f++) factors[f] = random.normal()
          for (let k = 0; k < COLUMNS; k++) {
            let sum = 0.5 * random.normal()
            for (let j = 3 * k; j < 3 * k + 3; j++) sum += loads[j] * factors[factorsOf[j]]
            values[row * COLUMNS + k] = shaped(sum, k)
          }
        }
        return values
      }
    },
  }
}

function shaped(value: number, column: number): number {
  if (column === 0) return 7
  if (column % 10 === 1) return value > 4 ? 1 : 0
  if (column % 3 === 0) return Math.round(value)
  return column % 5 === 0 ? Math.exp(value) : value
}
