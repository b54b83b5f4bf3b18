import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  extendFastOmnibus,
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screeningLevel,
  screenWindow,
} from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertNotAbove, assertUniform } from '../level.ts'

const columnCount = 7
const groups: OmnibusGroup[] = [
  { name: 'plain', columns: [0, 1, 2], kind: 'rank' },
  { name: 'tails', columns: [3, 4, 5], kind: 'rank+raw' },
  { name: 'class', columns: [6], kind: 'category' },
]

/** Normal, three-valued, rarely not 0; Cauchy, rarely gross, log-normal; classes with a rare one. */
function drawRows(rows: number, random: Random): Float32Array {
  const values = new Float32Array(rows * columnCount)
  for (let i = 0; i < values.length; i += columnCount) {
    values[i] = random.normal()
    values[i + 1] = random.integer(3)
    values[i + 2] = random.uniform() < 0.003 ? random.normal() : 0
    values[i + 3] = random.normal() / random.normal()
    values[i + 4] = random.normal() * (random.uniform() < 0.003 ? 1000 : 1)
    values[i + 5] = Math.exp(values[i] + random.normal())
    values[i + 6] = random.uniform() < 0.003 ? 9 : random.integer(4)
  }
  return values
}

function prepare(rows: number, sizes: readonly number[], seed = 1) {
  const random = createRandom(seed)
  const reference = prepareOmnibusReference(drawRows(rows, random), columnCount)
  return prepareFastOmnibus(reference, groups, { sizes, draws: 999, random })
}

const LEVEL = 0.05

function decide(prepared: ReturnType<typeof prepare>, window: Float32Array, seed = 9) {
  const random = createRandom(seed)
  return omnibusFast(prepared, window, { level: LEVEL, permutations: 99, random })
}

for (const [rows, size] of [
  [400, 8],
  [200, 100],
]) {
  test(`alarms no more often than stated with ties, rare values and heavy tails at m = ${rows}, n = ${size}`, () => {
    const random = createRandom(size)
    const pValues: number[] = []
    // Many references of few windows: those of one reference depend on each other.
    for (let i = 0; i < 150; i++) {
      const prepared = prepare(rows, [size], 100 + i)
      for (let w = 0; w < 4; w++) pValues.push(decide(prepared, drawRows(size, random), w).pValue)
    }
    assertNotAbove(pValues, [0.01, 0.02, LEVEL])
    assert.ok(pValues.filter((p) => p <= LEVEL).length > 0.4 * LEVEL * pValues.length)
  })
}

test('holds its level where the screen alone does not: many columns that are nearly constant', () => {
  const columns = 40
  const draw = (rows: number, random: Random) =>
    new Float32Array(rows * columns).map(() => (random.uniform() < 0.002 ? random.normal() : 0))
  const rare: OmnibusGroup[] = [
    { name: 'rare', columns: Array.from({ length: columns }, (_, i) => i), kind: 'rank' },
  ]
  const random = createRandom(1)
  const decided: number[] = []
  const screened: number[] = []
  for (let i = 0; i < 100; i++) {
    const reference = prepareOmnibusReference(draw(300, random), columns)
    const prepared = prepareFastOmnibus(reference, rare, { sizes: [30], draws: 499, random })
    for (let w = 0; w < 4; w++) {
      const window = draw(30, random)
      screened.push(screenWindow(prepared, window).pValue)
      const options = { level: LEVEL, permutations: 99, random }
      decided.push(omnibusFast(prepared, window, options).pValue)
    }
  }
  assertNotAbove(decided, [0.01, LEVEL])
  assert.throws(() => assertNotAbove(screened, [LEVEL]), 'what the exact test is for')
})

test('the screen alone is at its level, both ways, where no single row decides', () => {
  const random = createRandom(2)
  const draw = (rows: number) => new Float32Array(rows).map(() => random.normal())
  const one: OmnibusGroup[] = [{ name: 'one', columns: [0], kind: 'rank' }]
  for (const [rows, size] of [
    [1000, 20],
    [100, 50],
  ]) {
    const pValues = Array.from({ length: 1200 }, () => {
      const reference = prepareOmnibusReference(draw(rows), 1)
      const prepared = prepareFastOmnibus(reference, one, { sizes: [size], draws: 99, random })
      return screenWindow(prepared, draw(size)).pValue
    })
    assertUniform(pValues, [0.05, 0.1, 0.5])
  }
})

test('what the screen does not clear is decided by the exact test, draw for draw', () => {
  const prepared = prepare(400, [40])
  let decidedExactly = 0
  for (let seed = 0; seed < 30; seed++) {
    const random = createRandom(seed)
    const window = drawRows(40, random)
    for (let i = 0; i < window.length; i += columnCount) window[i] += 0.02 * seed
    const options = { level: LEVEL, permutations: 99 }
    const screened = screenWindow(prepared, window)
    const result = omnibusFast(prepared, window, { ...options, random: createRandom(seed) })
    if (screened.pValue > 5 * LEVEL) {
      assert.deepEqual(result, screened)
      assert.deepEqual([result.mode, result.draws], ['fast', 999])
    } else {
      decidedExactly++
      const exact = { permutations: 99, random: createRandom(seed) }
      assert.deepEqual(result, omnibusExact(prepared.reference, window, groups, exact))
      assert.deepEqual([result.mode, result.draws], ['exact', 99])
    }
  }
  assert.ok(decidedExactly > 5 && decidedExactly < 30)
})

test('the screen clears only what is far from an alarm', () => {
  assert.deepEqual([0.001, 0.01, 0.02, 0.1].map(screeningLevel), [0.05, 0.05, 0.1, 0.5])
})

test('the screen says nearly what exact mode says, statistic by statistic and p by p', () => {
  const random = createRandom(3)
  const prepared = prepare(3000, [50], 5)
  for (const offset of [0, 0.3]) {
    const window = drawRows(50, random)
    for (let i = 0; i < window.length; i += columnCount) window[i] += offset
    const fast = screenWindow(prepared, window)
    const exact = omnibusExact(prepared.reference, window, groups, { permutations: 1999, random })
    exact.columns.forEach(({ column, statistic, pValue, adjustedPValue }, i) => {
      assert.equal(fast.columns[i].column, column)
      const ratio = fast.columns[i].statistic / statistic
      assert.ok(ratio > 0.93 && ratio < 1.07, `column ${column}: ${ratio}`)
      assert.ok(Math.abs(fast.columns[i].pValue - pValue) < 0.13)
      assert.ok(Math.abs(fast.columns[i].adjustedPValue - adjustedPValue) < 0.12)
    })
    assert.ok(Math.abs(fast.pValue - exact.pValue) < 0.12)
  }
})

test('the same window moved far from the reference is as far in every statistic', () => {
  const random = createRandom(4)
  const prepared = prepare(2000, [50])
  const window = drawRows(50, random)
  for (let i = 0; i < window.length; i += columnCount) window[i] += 1
  const result = screenWindow(prepared, window)
  assert.equal(result.pValue, 1 / 1000)
  assert.equal(result.groups[0].strongestColumn, 0)
  assert.ok(result.groups[2].pValue > 0.01)
  assert.deepEqual(
    [result.columns[0].pValue, result.columns[0].adjustedPValue],
    [1 / 200, 1 / 1000],
  )
})

test('a value never seen before, and a class, are no alarm in one row and one in many', () => {
  const random = createRandom(5)
  for (const kind of ['rank+raw', 'category'] as const) {
    const reference = prepareOmnibusReference(new Float32Array(1000).fill(7), 1)
    const all: OmnibusGroup[] = [{ name: 'all', columns: [0], kind }]
    const prepared = prepareFastOmnibus(reference, all, { sizes: [50], draws: 999, random })
    const window = new Float32Array(50).fill(7)
    assert.equal(decide(prepared, window).pValue, 1)
    window[0] = 8
    // Fifty of 1,050 rows are the window's: a chance of 0.048 to hold the odd one.
    const { pValue, mode } = omnibusFast(prepared, window, { level: 0.01, random })
    assert.ok(pValue > 0.03 && pValue < 0.07, `got ${pValue}`)
    assert.equal(mode, 'exact')
    window.fill(8, 0, 10)
    assert.equal(omnibusFast(prepared, window, { level: 0.01, random }).pValue, 1 / 1000)
  }
})

test('is plain data: a structured clone tests alike', () => {
  const prepared = prepare(300, [20])
  const window = drawRows(20, createRandom(8))
  assert.deepEqual(screenWindow(structuredClone(prepared), window), screenWindow(prepared, window))
})

test('can be given more sizes later, and keeps those it has', () => {
  const prepared = prepare(300, [20])
  const extended = extendFastOmnibus(prepared, { sizes: [30, 10, 20, 30], random: createRandom(2) })
  assert.deepEqual(
    extended.nulls.map(({ size }) => size),
    [10, 20, 30],
  )
  assert.equal(extended.nulls[1], prepared.nulls[0])
  const inOrder = extendFastOmnibus(prepared, { sizes: [10, 30], random: createRandom(2) })
  assert.deepEqual(extended.nulls, inOrder.nulls)
  assert.equal(extended.nulls[0].overall.length, 999)
  assert.equal(extendFastOmnibus(extended, { sizes: [10], random: createRandom(2) }), extended)
  assert.ok(screenWindow(extended, drawRows(30, createRandom(9))).pValue > 0)
})

test('draws 1999 windows unless told otherwise', () => {
  const random = createRandom(3)
  const reference = prepareOmnibusReference(drawRows(40, random), columnCount)
  const prepared = prepareFastOmnibus(reference, groups, { sizes: [5], random })
  assert.equal(prepared.draws, 1999)
  assert.equal(prepared.nulls[0].overall.length, 1999)
  assert.ok(prepared.nulls[0].columns.groups.every(({ length }) => length === 199))
})

test('refuses a window whose size was not prepared and sizes beyond half the reference', () => {
  const prepared = prepare(300, [20, 150])
  assert.throws(() => screenWindow(prepared, drawRows(21, createRandom(1))), {
    name: 'RangeError',
    message: 'expected a window of a prepared size (20, 150), got 21 rows',
  })
  for (const size of [151, 0, 1.5]) {
    assert.throws(() => prepare(300, [size]), {
      name: 'RangeError',
      message: `expected window sizes of 1..150 rows, got ${size}`,
    })
  }
})
