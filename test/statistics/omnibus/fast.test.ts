import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  extendFastOmnibus,
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  prepareFastOmnibus,
  prepareOmnibusReference,
} from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

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
  return prepareFastOmnibus(reference, groups, { sizes, draws: 1500, random })
}

for (const [rows, size] of [
  [400, 8],
  [400, 40],
  [200, 100],
]) {
  test(`holds its level with ties, rare values and heavy tails at m = ${rows}, n = ${size}`, () => {
    const random = createRandom(size)
    const counts = { 0.02: 0, 0.1: 0 }
    for (let i = 0; i < 40; i++) {
      const prepared = prepare(rows, [size], 100 + i)
      for (let w = 0; w < 40; w++) {
        const { pValue } = omnibusFast(prepared, drawRows(size, random))
        if (pValue <= 0.02) counts[0.02]++
        if (pValue <= 0.1) counts[0.1]++
      }
    }
    // 1600 windows of 40 references: what the references add to the binomial error is in the bounds.
    assert.ok(counts[0.02] / 1600 < 0.035, `rejected ${counts[0.02] / 1600} at 0.02`)
    assert.ok(counts[0.1] / 1600 < 0.14, `rejected ${counts[0.1] / 1600} at 0.1`)
    assert.ok(counts[0.1] / 1600 > 0.04, `rejected ${counts[0.1] / 1600} at 0.1`)
  })
}

test('says nearly what exact mode says, statistic by statistic and p by p', () => {
  const random = createRandom(3)
  const prepared = prepare(3000, [50], 5)
  for (const offset of [0, 0.4]) {
    const window = drawRows(50, random)
    for (let i = 0; i < window.length; i += columnCount) window[i] += offset
    const fast = omnibusFast(prepared, window)
    const exact = omnibusExact(prepared.reference, window, groups, { permutations: 1999, random })
    exact.columns.forEach(({ column, statistic }, i) => {
      assert.equal(fast.columns[i].column, column)
      assert.ok(Math.abs(fast.columns[i].statistic - statistic) < 0.1 + 0.05 * statistic)
    })
    assert.ok(Math.abs(fast.pValue - exact.pValue) < 0.12)
    assert.equal(fast.mode, 'fast')
    assert.equal(fast.draws, 1500)
  }
})

test('finds a shift, names its group and its column', () => {
  const random = createRandom(4)
  const window = drawRows(50, random)
  for (let i = 0; i < window.length; i += columnCount) window[i] += 1
  const result = omnibusFast(prepare(2000, [50]), window)
  assert.equal(result.pValue, 1 / 1501)
  assert.equal(result.groups[0].strongestColumn, 0)
  assert.ok(result.groups[2].pValue > 0.01)
})

test('takes one row never seen before for no more than the chance to have drawn it', () => {
  const random = createRandom(5)
  const reference = prepareOmnibusReference(
    new Float32Array(2 * 1000).map((_, i) => (i % 2 === 0 ? random.normal() : 7)),
    2,
  )
  const group: OmnibusGroup[] = [{ name: 'all', columns: [0, 1], kind: 'rank+raw' }]
  const prepared = prepareFastOmnibus(reference, group, { sizes: [50], draws: 999, random })
  const window = new Float32Array(100).map((_, i) => (i % 2 === 0 ? random.normal() : 7))
  window[1] = 8
  const single = omnibusFast(prepared, window).pValue
  assert.ok(single >= 50 / 1050 && single < 0.2, `got ${single}`)
  for (let i = 1; i < 100; i += 2) window[i] = 8
  assert.equal(omnibusFast(prepared, window).pValue, 1 / 1000)
})

test('takes a class never seen before the same way', () => {
  const random = createRandom(6)
  const classes = (rows: number) => new Float32Array(rows).map(() => random.integer(5))
  const reference = prepareOmnibusReference(classes(1000), 1)
  const group: OmnibusGroup[] = [{ name: 'class', columns: [0], kind: 'category' }]
  const prepared = prepareFastOmnibus(reference, group, { sizes: [50], draws: 999, random })
  const window = classes(50)
  window[0] = 5
  const single = omnibusFast(prepared, window).pValue
  assert.ok(single >= 50 / 1050, `got ${single}`)
  window.fill(5, 0, 10)
  assert.equal(omnibusFast(prepared, window).pValue, 1 / 1000)
})

test('hears nothing from a category that never varies', () => {
  const random = createRandom(7)
  const reference = prepareOmnibusReference(new Float32Array(200).fill(3), 1)
  const group: OmnibusGroup[] = [{ name: 'class', columns: [0], kind: 'category' }]
  const prepared = prepareFastOmnibus(reference, group, { sizes: [20], draws: 99, random })
  assert.equal(omnibusFast(prepared, new Float32Array(20).fill(3)).pValue, 1)
})

test('is plain data: a structured clone tests alike', () => {
  const prepared = prepare(300, [20])
  const window = drawRows(20, createRandom(8))
  assert.deepEqual(omnibusFast(structuredClone(prepared), window), omnibusFast(prepared, window))
})

test('can be given more sizes later, and keeps those it has', () => {
  const prepared = prepare(300, [20])
  const extended = extendFastOmnibus(prepared, { sizes: [10, 20, 30], random: createRandom(2) })
  assert.deepEqual(
    extended.nulls.map(({ size }) => size),
    [10, 20, 30],
  )
  assert.equal(extended.nulls[1], prepared.nulls[0])
  assert.ok(omnibusFast(extended, drawRows(30, createRandom(9))).pValue > 0)
})

test('refuses a window whose size was not prepared and sizes beyond half the reference', () => {
  const prepared = prepare(300, [20])
  assert.throws(() => omnibusFast(prepared, drawRows(21, createRandom(1))), {
    name: 'RangeError',
    message: 'expected a window of a prepared size (20), got 21 rows',
  })
  assert.throws(() => prepare(300, [151]), RangeError)
})
