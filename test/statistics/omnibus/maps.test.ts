import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  mapMoments,
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  type RowLabels,
  placeDifferences,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screenWindow,
} from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertUniform } from '../level.ts'

const REFERENCE = 120
const WINDOW = 15
/** Two maps: one of 40 places, more than are drawn at once, and one of 5. */
const CELLS = 45
const GROUPS: readonly OmnibusGroup[] = [
  { name: 'columns', kind: 'rank', columns: [0, 1] },
  {
    name: 'maps',
    kind: 'map',
    columns: [],
    maps: [
      { start: 0, end: 40 },
      { start: 40, end: 45 },
    ],
  },
]

type Rows = { readonly values: Float32Array; readonly maps: Int8Array }

/** Rows of two columns, and of maps whose places share something; `shift` moves the place `at`. */
function rowsOf(
  rows: number,
  random: Random,
  { at = 0, shift = 0 }: { readonly at?: number; readonly shift?: number } = {},
): Rows {
  const values = new Float32Array(2 * rows).map(() => random.normal())
  const maps = new Int8Array(CELLS * rows)
  for (let row = 0; row < rows; row++) {
    const shared = random.normal()
    for (let place = 0; place < CELLS; place++) {
      const own = 42 * (0.5 * shared + random.normal()) + (place === at ? shift : 0)
      // A place where nothing is but now and then.
      const value = place === 3 ? (random.uniform() < 0.01 ? 126 : 0) : own
      maps[row * CELLS + place] = Math.max(-126, Math.min(126, Math.round(value)))
    }
  }
  return { values, maps }
}

function prepare({ values, maps }: Rows) {
  return prepareOmnibusReference(values, 2, maps)
}

function exact(
  reference: Rows,
  window: Rows,
  options: { readonly seed: number; readonly permutations?: number; readonly blocks?: RowLabels },
) {
  const { seed, permutations = 99, ...rest } = options
  return omnibusExact(prepare(reference), window.values, GROUPS, {
    permutations,
    random: createRandom(seed),
    maps: window.maps,
    ...rest,
  })
}

describe('maps in the window test', () => {
  it('alarm as often as stated where nothing changed', () => {
    const random = createRandom(1)
    const pValues = Array.from(
      { length: 400 },
      (_, seed) => exact(rowsOf(40, random), rowsOf(10, random), { seed }).groups[1],
    )
    assertUniform(
      pValues.map(({ pValue }) => pValue),
      [0.05, 0.2, 0.5],
    )
  })

  it('see what is at one place of every row, and say which map', () => {
    const random = createRandom(2)
    const reference = rowsOf(REFERENCE, random)
    const first = exact(reference, rowsOf(WINDOW, random, { at: 38, shift: 90 }), { seed: 1 })
    assert.equal(first.pValue, 0.01)
    assert.equal(first.groups[1].strongestColumn, 0)
    assert.ok(first.groups[0].adjustedPValue > 0.05)
    assert.ok(first.maps[0].adjustedPValue <= 0.02)
    const second = exact(reference, rowsOf(WINDOW, random, { at: 42, shift: -90 }), { seed: 1 })
    assert.equal(second.groups[1].strongestColumn, 1)
    assert.deepEqual(
      second.maps.map(({ map }) => map),
      [0, 1],
    )
    assert.deepEqual(
      second.columns.map(({ column }) => column),
      [0, 1],
    )
  })

  it('are the mean of the three largest differences of a map', () => {
    const random = createRandom(3)
    const [reference, window] = [
      rowsOf(REFERENCE, random),
      rowsOf(WINDOW, random, { at: 7, shift: 60 }),
    ]
    const { maps } = exact(reference, window, { seed: 1 })
    const differences = differencesOf(reference, window)
    for (const [map, from, to] of [
      [0, 0, 40],
      [1, 40, 45],
    ]) {
      const largest = differences.slice(from, to).map(Math.abs)
      largest.sort((a, b) => b - a)
      const expected = (largest[0] + largest[1] + largest[2]) / 3
      assert.ok(Math.abs(maps[map].statistic - expected) < 1e-4 * expected, `map ${map}`)
    }
    const own = placeDifferences({
      moments: mapMoments(prepare(reference)),
      window: window.maps,
      rows: { window: WINDOW, reference: REFERENCE },
    })
    own.forEach((one, place) => assert.ok(Math.abs(one - differences[place]) < 1e-3, `${place}`))
  })

  it('hold their level where rows depend on each other in blocks', () => {
    const random = createRandom(4)
    const blocksOf = (rows: number) => Uint32Array.from({ length: rows }, (_, row) => row >> 2)
    const pValues = (blocks?: RowLabels) =>
      Array.from({ length: 200 }, (_, seed) => {
        const burst = (rows: number): Rows => {
          const { values, maps } = rowsOf(rows / 4, random)
          const repeat = <T extends Float32Array | Int8Array>(all: T, width: number): T => {
            const own = new (all.constructor as new (n: number) => T)(4 * all.length)
            for (let row = 0; row < rows; row++)
              own.set(all.subarray((row >> 2) * width, ((row >> 2) + 1) * width), row * width)
            return own
          }
          return { values: repeat(values, 2), maps: repeat(maps, CELLS) }
        }
        return exact(burst(80), burst(20), { seed, ...(blocks && { blocks }) }).groups[1].pValue
      })
    assertUniform(pValues({ reference: blocksOf(80), window: blocksOf(20) }), [0.1, 0.5])
    assert.ok(pValues().filter((one) => one <= 0.1).length > 60)
  })

  it('are screened by the reference alone, and decided exactly', () => {
    const random = createRandom(5)
    const reference = prepare(rowsOf(400, random))
    const fast = prepareFastOmnibus(reference, GROUPS, {
      sizes: [WINDOW],
      draws: 499,
      random: createRandom(1),
    })
    const screens = Array.from({ length: 200 }, () => {
      const { values, maps } = rowsOf(WINDOW, random)
      return screenWindow(fast, values, maps).groups[1].pValue
    })
    assertUniform(screens, [0.1, 0.5])
    const marked = rowsOf(WINDOW, random, { at: 20, shift: 90 })
    const options = { level: 0.01, permutations: 199, maps: marked.maps }
    const found = omnibusFast(fast, marked.values, { ...options, random: createRandom(2) })
    assert.equal(found.mode, 'exact')
    assert.equal(found.pValue, 1 / 200)
    assert.throws(() => screenWindow(fast, marked.values), /expected maps/)
  })

  it('are not asked for where they were not handed in', () => {
    const random = createRandom(6)
    const { values } = rowsOf(WINDOW, random)
    const plain = prepareOmnibusReference(rowsOf(REFERENCE, random).values, 2)
    const [columns] = GROUPS
    assert.deepEqual(
      omnibusExact(plain, values, [columns], { permutations: 19, random: createRandom(1) }).maps,
      [],
    )
    assert.throws(
      () => omnibusExact(plain, values, GROUPS, { permutations: 19, random: createRandom(1) }),
      /expected maps of the rows, got none/,
    )
    assert.throws(
      () =>
        omnibusExact(plain, values, [{ name: 'maps', kind: 'map', columns: [], maps: [] }], {
          random: createRandom(1),
        }),
      /expected columns in group maps/,
    )
  })
})

/** Straight from the definition: (mean of the window − pooled mean) over its permutation deviation. */
function differencesOf(reference: Rows, window: Rows): number[] {
  const all = REFERENCE + WINDOW
  return Array.from({ length: CELLS }, (_, place) => {
    const pooled = [
      ...Array.from({ length: REFERENCE }, (__, row) => reference.maps[row * CELLS + place]),
      ...Array.from({ length: WINDOW }, (__, row) => window.maps[row * CELLS + place]),
    ]
    const mean = pooled.reduce((a, b) => a + b) / all
    const variance = pooled.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (all - 1)
    const sum = pooled.slice(REFERENCE).reduce((a, b) => a + b) - WINDOW * mean
    const deviation = Math.max(Math.sqrt(variance), 42 / 4)
    // The variance of a mean of rows drawn without replacement; the least one is that of a place as quiet as any.
    const factor = (WINDOW * REFERENCE) / (deviation === 42 / 4 ? all - 1 : all)
    return sum / (deviation * Math.sqrt(factor))
  })
}
