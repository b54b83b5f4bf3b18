import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  omnibusExact,
  type OmnibusExactOptions,
  type OmnibusGroup,
  omnibusFast,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screenWindow,
} from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertUniform } from '../level.ts'

const COLUMNS = 24
const ALL = Array.from({ length: COLUMNS }, (_, i) => i)
const PLAIN: OmnibusGroup = { name: 'all', columns: ALL, kind: 'rank' }
const ONE: OmnibusGroup = { name: 'one', columns: [0], kind: 'rank+raw' }

/** Normal columns; of the last one values are rounded, so that many are equal. */
function rowsOf(rows: number, random: Random): Float32Array {
  return new Float32Array(rows * COLUMNS).map((_, i) => {
    const value = random.normal()
    return i % COLUMNS === COLUMNS - 1 ? Math.round(value) : value
  })
}

/** A few of the rows far above all others in the first column. */
function withFew(rows: Float32Array, count: number, by: number): Float32Array {
  for (let row = 0; row < count; row++) rows[row * COLUMNS] = by + 0.01 * row
  return rows
}

/** Every column moved a little. */
function movedTogether(rows: Float32Array, by: number): Float32Array {
  return rows.map((value) => value + by)
}

// oxlint-disable-next-line eslint/max-params -- three values, then the options object
function exact(
  reference: Float32Array,
  window: Float32Array,
  groups: readonly OmnibusGroup[],
  options: Partial<OmnibusExactOptions> = {},
) {
  return omnibusExact(prepareOmnibusReference(reference, COLUMNS), window, groups, {
    permutations: 99,
    random: createRandom(1),
    ...options,
  })
}

describe('what is heard of a group besides', () => {
  const both: OmnibusGroup[] = [
    { ...PLAIN, also: 'together' },
    { name: 'ties', columns: [0, COLUMNS - 1], kind: 'rank+raw', also: 'few' },
  ]

  for (const [m, n] of [
    [60, 12],
    [14, 30],
  ] as const) {
    it(`alarms as often as stated where nothing changed at m = ${m}, n = ${n}`, () => {
      const random = createRandom(m)
      const results = Array.from({ length: 300 }, (_, seed) =>
        exact(rowsOf(m, random), rowsOf(n, random), both, { random: createRandom(seed) }),
      )
      const levels = [0.05, 0.2, 0.5]
      assertUniform(
        results.map(({ groups }) => groups[0].pValue),
        levels,
      )
      assertUniform(
        results.map(({ groups }) => groups[1].pValue),
        levels,
      )
    })
  }

  it('keeps its level for blocks of like rows', () => {
    const random = createRandom(5)
    const blocksOf = (count: number): Float32Array => {
      const rows = rowsOf(count, random)
      for (let row = 0; row < count; row++) {
        for (const column of ALL) {
          rows[row * COLUMNS + column] += 3 * rows[(row - (row % 4)) * COLUMNS + column]
        }
      }
      return rows
    }
    const labels = (count: number) => Array.from({ length: count }, (_, row) => row >> 2)
    const blocks = { reference: labels(80), window: labels(24) }
    const pValues = Array.from(
      { length: 300 },
      (_, seed) =>
        exact(blocksOf(80), blocksOf(24), both, { random: createRandom(seed), blocks }).pValue,
    )
    assertUniform(pValues, [0.05, 0.2, 0.5])
  })

  it('few: five rows of five hundred that stand above all others are found by no sum, and by their count', () => {
    const random = createRandom(2)
    const found = (also?: 'few') =>
      Array.from({ length: 20 }, (_, seed) => {
        const window = withFew(rowsOf(500, random), 5, 5)
        return exact(rowsOf(3000, random), window, [{ ...ONE, kind: 'rank', also }], {
          random: createRandom(seed),
        })
      }).filter(({ pValue }) => pValue <= 0.01).length
    assert.ok(found() <= 2)
    assert.ok(found('few') >= 17)
  })

  it('few: names the column they stand out in', () => {
    const random = createRandom(3)
    const group: OmnibusGroup = { ...ONE, columns: [1, 0], also: 'few' }
    const { groups, columns } = exact(rowsOf(600, random), withFew(rowsOf(100, random), 4, 5), [
      group,
    ])
    assert.equal(groups[0].strongestColumn, 0)
    assert.deepEqual(
      columns.map(({ column }) => column),
      [1, 0],
    )
    assert.equal(columns[1].pValue, 0.01)
    assert.ok(columns[1].adjustedPValue < columns[0].adjustedPValue / 5)
  })

  it('few: rows missing at the top are no sign', () => {
    const random = createRandom(4)
    const window = rowsOf(100, random)
    for (let row = 0; row < 100; row++) window[row * COLUMNS] = -Math.abs(window[row * COLUMNS])
    const { groups } = exact(rowsOf(600, random), window, [
      { ...PLAIN, columns: [1] },
      { ...ONE, kind: 'rank', also: 'few' },
    ])
    const alone = exact(rowsOf(600, random), window, [{ ...ONE, kind: 'rank' }])
    assert.equal(groups[1].strongestColumn, 0)
    assert.ok(alone.pValue <= 0.01)
  })

  it('together: a little of every column is found, where the largest of them is lost', () => {
    const random = createRandom(6)
    const found = (also?: 'together') =>
      Array.from({ length: 20 }, (_, seed) =>
        exact(rowsOf(900, random), movedTogether(rowsOf(20, random), 0.3), [{ ...PLAIN, also }], {
          random: createRandom(seed),
        }),
      ).filter(({ pValue }) => pValue <= 0.01).length
    assert.ok(found() <= 8)
    assert.ok(found('together') >= 14)
  })

  it('together: belongs to no column, and names the one that moved most', () => {
    const random = createRandom(7)
    const window = movedTogether(rowsOf(100, random), 0.2)
    for (let row = 0; row < 100; row++) window[row * COLUMNS + 9] += 0.2
    const { columns, groups, pValue } = exact(rowsOf(900, random), window, [
      { ...PLAIN, also: 'together' },
    ])
    assert.equal(pValue, 0.01)
    assert.equal(columns.length, COLUMNS)
    assert.equal(groups[0].strongestColumn, 9)
  })

  it('the screen clears and the exact test confirms', () => {
    const random = createRandom(8)
    const reference = prepareOmnibusReference(rowsOf(600, random), COLUMNS)
    const prepared = prepareFastOmnibus(reference, both, { sizes: [60], draws: 999, random })
    const screened = Array.from(
      { length: 300 },
      () => screenWindow(prepared, rowsOf(60, random)).pValue,
    )
    // All of one reference: a little wider than a binomial.
    const quiet = screened.filter((p) => p > 0.05).length
    assert.ok(quiet > 265 && quiet < 300, `${quiet} of 300`)
    for (const window of [
      withFew(rowsOf(60, random), 4, 6),
      movedTogether(rowsOf(60, random), 0.3),
    ]) {
      const { mode, pValue } = omnibusFast(prepared, window, {
        level: 0.01,
        random: createRandom(1),
      })
      assert.deepEqual([mode, pValue <= 0.005], ['exact', true])
    }
  })
})
