import {
  type FastOmnibus,
  omnibusExact,
  omnibusFast,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screeningLevel,
  screenWindow,
} from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'
import { IMAGE_NULL_SIZES, IMAGE_NULLS, imageNull } from '../nulls/image-nulls.ts'
import { NULL_FAMILIES, type NullFamily } from '../nulls/null-family.ts'
import { rateOverReferences } from '../protocol/reference-interval.ts'
import { seedOf } from '../window/seed-of.ts'

const LEVELS = [0.001, 0.01, 0.05] as const
const SYNTHETIC = Object.keys(NULL_FAMILIES) as readonly (keyof typeof NULL_FAMILIES)[]
const FAMILIES = [...SYNTHETIC, ...IMAGE_NULLS] as const
/** Few: windows of one reference depend on each other, most of all where they are half as large. */
const WINDOWS_PER_REFERENCE = 10
const SCREEN_DRAWS = 999
const DEFAULT_LEVEL = 0.01

type Cell = {
  readonly family: (typeof FAMILIES)[number]
  readonly size: number
  readonly references: number
}

/** Alarms of each reference's windows at the levels: of prepared batch sizes, and of their screen had it decided. */
type Result = {
  readonly decided: readonly (readonly number[])[]
  readonly screened: readonly (readonly number[])[]
  /** Share of windows that needed the exact test at level 0.01. */
  readonly exact: number
  readonly moved: Moved
}

/** Windows that did change, by about as much as can be seen: what the exact test calls an alarm at 0.01, and what of that was cleared. */
type Moved = { readonly alarms: number; readonly missed: number }

/** Do prepared batch sizes keep every stated level, whatever the data look like? */
export const study = defineStudy({
  description:
    'False alarms of prepared batch sizes on data that never change: rare values and classes, ties, heavy tails, half-sized windows.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    references: {
      kind: 'integer',
      default: 150,
      quick: 3,
      description: `references per family and size, each with ${WINDOWS_PER_REFERENCE} windows`,
    },
    families: {
      kind: 'choices',
      choices: FAMILIES,
      default: FAMILIES,
      quick: SYNTHETIC,
      selects: true,
      description: 'what rows are drawn from',
    },
  },
  skipReason: async ({ families }) =>
    families.includes('properties of photographs') ? missingCifar10() : undefined,
  cells: ({ families, references }) =>
    families.flatMap((family) =>
      sizesOf(family).map((size): Cell => ({ family, size, references })),
    ),
  run: async ({ family, size, references }: Cell): Promise<Result> => {
    const source = await openFamily(family)
    const random = createRandom(seedOf('fast-nulls', family, size))
    const alarms = Array.from({ length: references }, () => testReference(source, size, random))
    const windows = alarms.reduce((sum, one) => sum + one.exact, 0)
    return {
      decided: alarms.map(({ decided }) => decided),
      screened: alarms.map(({ screened }) => screened),
      exact: windows / (references * WINDOWS_PER_REFERENCE),
      moved: addMoved(alarms.map(({ moved }) => moved)),
    }
  },
  summarise: (outcomes) => {
    const rows = outcomes.map(({ cell: { family, size }, result }) => ({
      family,
      size,
      exact: result.exact,
      levels: LEVELS.map((level, l) => ({
        level,
        ...rateAt(result.decided, l),
        screenAlone: rateAt(result.screened, l).rate,
      })),
    }))
    const above = rows.flatMap(({ family, size, levels }) =>
      levels
        .filter(({ level, interval }) => interval[0] > level)
        .map(({ level, rate }) => ({ family, size, level, rate })),
    )
    // Each interval misses a rate above its level once in forty times.
    const expectedByChance = (rows.length * LEVELS.length) / 40
    const moved = addMoved(outcomes.map(({ result }) => result.moved))
    return {
      moved,
      checks: rows.length * LEVELS.length,
      aboveTheirLevel: above,
      expectedByChance,
      rows,
    }
  },
})

function sizesOf(family: Cell['family']): readonly number[] {
  return family in NULL_FAMILIES
    ? NULL_FAMILIES[family as keyof typeof NULL_FAMILIES].sizes
    : IMAGE_NULL_SIZES
}

async function openFamily(family: Cell['family']): Promise<NullFamily> {
  return family in NULL_FAMILIES
    ? NULL_FAMILIES[family as keyof typeof NULL_FAMILIES]
    : imageNull(family as (typeof IMAGE_NULLS)[number])
}

type Windows = {
  readonly decided: readonly number[]
  readonly screened: readonly number[]
  readonly exact: number
  readonly moved: Moved
}

/** Alarms among the windows of one reference, prepared for their size as `fit --batch-sizes` does. */
function testReference(source: NullFamily, size: number, random: Random): Windows {
  const { draw, columnCount, groups, reference: rows } = source
  const values = draw(rows + (WINDOWS_PER_REFERENCE + 1) * size, random)
  const reference = prepareOmnibusReference(values.subarray(0, rows * columnCount), columnCount)
  const options = { sizes: [size], draws: SCREEN_DRAWS, random }
  const prepared = prepareFastOmnibus(reference, groups, options)
  const windowAt = (w: number): Float32Array =>
    values.subarray((rows + w * size) * columnCount, (rows + (w + 1) * size) * columnCount)
  const tests = Array.from({ length: WINDOWS_PER_REFERENCE }, (_, w) => {
    const window = windowAt(w)
    const screen = screenWindow(prepared, window).pValue
    // The exact test of the highest level serves them all: a lower one only clears more.
    const { pValue } = omnibusFast(prepared, window, { level: LEVELS[LEVELS.length - 1], random })
    return { screen, pValue }
  })
  const isDecided = (screen: number, level: number): boolean => screen <= screeningLevel(level)
  return {
    decided: LEVELS.map(
      (level) =>
        tests.filter(({ screen, pValue }) => isDecided(screen, level) && pValue <= level).length,
    ),
    screened: LEVELS.map((level) => tests.filter(({ screen }) => screen <= level).length),
    exact: tests.filter(({ screen }) => isDecided(screen, DEFAULT_LEVEL)).length,
    moved: testMoved(
      prepared,
      moveWindow(windowAt(WINDOWS_PER_REFERENCE), prepared, random),
      random,
    ),
  }
}

/** Gives some rows the largest value a column of the reference has: a shift of any kind of column, ties kept. */
function moveWindow(
  window: Float32Array,
  { reference: { values, columnCount } }: FastOmnibus,
  random: Random,
): Float32Array {
  const column = random.integer(columnCount)
  const share = random.uniform() * Math.min(1, 4 / Math.sqrt(window.length / columnCount))
  const largest = values.reduce(
    (most, value, i) => (i % columnCount === column ? Math.max(most, value) : most),
    -Infinity,
  )
  return window.map((value, i) =>
    i % columnCount === column && random.uniform() < share ? largest : value,
  )
}

function testMoved(prepared: FastOmnibus, window: Float32Array, random: Random): Moved {
  const { pValue } = omnibusExact(prepared.reference, window, prepared.groups, { random })
  const isAlarm = pValue <= DEFAULT_LEVEL
  const isCleared = screenWindow(prepared, window).pValue > screeningLevel(DEFAULT_LEVEL)
  return { alarms: Number(isAlarm), missed: Number(isAlarm && isCleared) }
}

function addMoved(parts: readonly Moved[]): Moved {
  return {
    alarms: parts.reduce((sum, { alarms }) => sum + alarms, 0),
    missed: parts.reduce((sum, { missed }) => sum + missed, 0),
  }
}

function rateAt(counts: readonly (readonly number[])[], level: number) {
  return rateOverReferences(
    counts.map((alarms) => ({ alarms: alarms[level], batches: WINDOWS_PER_REFERENCE })),
  )
}
