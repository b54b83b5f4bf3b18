import { type Baseline, createBaseline } from '../../../src/judging/index.ts'
import {
  type FeatureColumn,
  type ImageRecord,
  type Measurements,
  sumExactly,
} from '../../../src/measuring/values/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

const column = (name: string, group: FeatureColumn['group']): FeatureColumn => ({
  name,
  group,
  title: name,
})

const columns = [
  column('loss', 'reconstruction'),
  column('brightness', 'property'),
  column('excess-loss', 'reconstruction'),
  column('unusual', 'outlier'),
]

const REFERENCE = 1500

/** Two maps of the frame, 4 × 8 and 2 × 2 places. */
export const MAPS = [
  { name: 'specks', title: 'specks', rows: 4, columns: 8 },
  { name: 'light', title: 'light', rows: 2, columns: 2 },
] as const
export const CELLS = 36
/** A standard deviation, in whole steps. */
const STEPS = 42

/** What is at each place of so many images; at those listed so many standard deviations more. */
export function drawPlaces(
  count: number,
  random: Random,
  moved: Readonly<Record<number, number>> = {},
): Int8Array {
  return Int8Array.from({ length: count * CELLS }, (_, i) => {
    const value = STEPS * (random.normal() + (moved[i % CELLS] ?? 0))
    return Math.max(-126, Math.min(126, Math.round(value)))
  })
}

/** Rows of columns that depend on each other, the second one shifted. */
export function drawRows(count: number, random: Random, shift = 0): Float32Array {
  const values = new Float32Array(count * columns.length)
  for (let row = 0; row < count; row++) {
    const common = random.normal()
    columns.forEach((_, k) => {
      values[row * columns.length + k] =
        0.6 * common + 0.8 * random.normal() + (k === 1 ? shift : 0)
    })
  }
  return values
}

/** Each of these rows several times, one after another. */
export function repeatRows(values: Float32Array, times: number): Float32Array {
  const width = columns.length
  return Float32Array.from({ length: values.length * times }, (_, i) => {
    const row = Math.floor(i / width / times)
    return values[row * width + (i % width)]
  })
}

/** A baseline of numbers; of blocks of so many alike rows each, the second column shifted. */
export function baselineOfNumbers(
  seed: number,
  { blockSize = 1, rows: size = REFERENCE, shift = 0, hasPlaces = false } = {},
): Baseline {
  const random = createRandom(seed)
  const rows = drawRows(size / blockSize, random, shift)
  const values = blockSize === 1 ? rows : repeatRows(rows, blockSize)
  const counts = { available: 0, training: 0, validation: 0, reference: size, skipped: 0 }
  const places = hasPlaces ? { maps: MAPS, values: drawPlaces(size, random) } : undefined
  const blockBy = blockSize === 1 ? undefined : 'session'
  return {
    ...createBaseline({ columns, rows: size, values }, { places }),
    id: 'b',
    extractorId: 'e',
    settings: {
      columns,
      features: ['reconstruction', 'property', 'outlier', ...(hasPlaces ? ['place' as const] : [])],
      seed: 0,
      counts: { ...counts, leftOut: 0 } as Baseline['settings']['counts'],
      neededOutputs: {},
      blockBy,
    },
    ...(blockSize > 1 && {
      blocks: Uint32Array.from({ length: size }, (_, row) => Math.floor(row / blockSize)),
    }),
  }
}

/** Rows as measured images; `sessionOf` names what they belong to. */
export function measuredRows(
  values: Float32Array,
  sessionOf?: (row: number) => string,
): Measurements {
  const count = values.length / columns.length
  const recordOf = (row: number): ImageRecord => ({
    id: `${row}.png`,
    ...(sessionOf && { attributes: { session: sessionOf(row) } }),
  })
  return {
    extractorId: 'e',
    columns,
    images: Array.from({ length: count }, (_, row) => ({
      record: recordOf(row),
      place: row,
      hash: row,
    })),
    values,
    count,
    loss: sumExactly(Array.from({ length: count }, (_, row) => values[row * columns.length])),
    skipped: { named: [], counts: {}, total: 0 },
    sources: [],
    notes: [],
    modelOutputs: [],
    period: null,
  }
}
