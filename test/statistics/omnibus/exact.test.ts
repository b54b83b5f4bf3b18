import assert from 'node:assert/strict'
import { test } from 'node:test'
import { omnibusExact, prepareOmnibusReference } from '../../../src/statistics/index.ts'
import type { OmnibusGroup } from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertClose, golden } from '../golden.ts'

const groups: OmnibusGroup[] = [
  { name: 'plain', columns: [0, 1], kind: 'rank' },
  { name: 'tails', columns: [2, 3], kind: 'rank+raw' },
  { name: 'class', columns: [4], kind: 'category' },
]

/** Normal, three-valued, heavy-tailed, constant, and category columns. */
function drawRows(rows: number, random: Random): Float32Array {
  const values = new Float32Array(rows * 5)
  for (let i = 0; i < values.length; i += 5) {
    values[i] = random.normal()
    values[i + 1] = random.integer(3)
    values[i + 2] = 1 / Math.max(1e-6, random.uniform())
    values[i + 3] = 7
    values[i + 4] = random.integer(4)
  }
  return values
}

function run(reference: Float32Array, window: Float32Array, permutations = 199) {
  const random = createRandom(5)
  return omnibusExact(prepareOmnibusReference(reference, 5), window, groups, {
    permutations,
    random,
  })
}

function rejections(trials: number, make: (random: Random) => number, level: number): number {
  const random = createRandom(11)
  let rejected = 0
  for (let i = 0; i < trials; i++) if (make(random) <= level) rejected++
  return rejected / trials
}

for (const [m, n] of [
  [60, 10],
  [20, 20],
  [15, 40],
]) {
  test(`holds its level with ties, heavy tails and constants at m = ${m}, n = ${n}`, () => {
    const trial = (random: Random) =>
      omnibusExact(prepareOmnibusReference(drawRows(m, random), 5), drawRows(n, random), groups, {
        permutations: 99,
        random,
      }).pValue
    // 600 trials: two-sided 99.9% interval of a rate of 0.1 is ± 0.04.
    const rate = rejections(600, trial, 0.1)
    assert.ok(rate > 0.06 && rate < 0.14, `rejected ${rate}`)
  })
}

test('finds a shift, names its group and its column, and leaves the others alone', () => {
  const random = createRandom(1)
  const window = drawRows(30, random)
  for (let i = 1; i < window.length; i += 5) window[i] = 2
  const result = run(drawRows(400, random), window)
  assert.equal(result.pValue, 1 / 200)
  assert.equal(result.groups[0].strongestColumn, 1)
  assert.equal(result.groups[0].adjustedPValue, 1 / 200)
  assert.ok(result.groups[1].pValue > 0.01)
  assert.deepEqual([result.mode, result.draws], ['exact', 199])
})

test('takes a column constant in the reference only as strong evidence', () => {
  const random = createRandom(2)
  const window = drawRows(10, random)
  for (let i = 3; i < window.length; i += 5) window[i] = 7 + random.normal()
  const result = run(drawRows(400, random), window)
  assert.equal(result.groups[1].pValue, 1 / 200)
  assert.equal(result.groups[1].strongestColumn, 3)
})

test('hears nothing from a column constant everywhere', () => {
  const random = createRandom(3)
  const result = run(drawRows(100, random), drawRows(10, random))
  const constant = result.columns.find(({ column }) => column === 3)
  assert.deepEqual(constant, { column: 3, statistic: 0, pValue: 1, adjustedPValue: 1 })
})

test('finds a vanished category by its own test', () => {
  const random = createRandom(4)
  const window = drawRows(200, random)
  for (let i = 4; i < window.length; i += 5) if (window[i] === 3) window[i] = 0
  const result = run(drawRows(1000, random), window)
  assert.equal(result.groups[2].pValue, 1 / 200)
})

test('does not depend on the order of the rows', () => {
  const random = createRandom(6)
  const reference = drawRows(50, random)
  const window = drawRows(8, random)
  const turned = new Float32Array(window.length)
  for (let i = 0; i < 8; i++) turned.set(window.subarray(i * 5, i * 5 + 5), (7 - i) * 5)
  const statistics = (sample: Float32Array) =>
    run(reference, sample).columns.map(({ statistic }) => statistic)
  assert.deepEqual(statistics(turned), statistics(window))
})

test('keeps its level for bursts of equal rows when they are exchanged as blocks', () => {
  const burst = 8
  const draw = (blocks: number, random: Random) => {
    const values = new Float32Array(blocks * burst)
    for (let b = 0; b < blocks; b++) values.fill(random.normal(), b * burst, (b + 1) * burst)
    return values
  }
  const labels = (blocks: number) =>
    Uint32Array.from({ length: blocks * burst }, (_, i) => Math.floor(i / burst))
  const trial = (random: Random, blocked: boolean) =>
    omnibusExact(
      prepareOmnibusReference(draw(30, random), 1),
      draw(5, random),
      [{ name: 'one', columns: [0], kind: 'rank+raw' }],
      {
        permutations: 99,
        random,
        ...(blocked ? { blocks: { reference: labels(30), window: labels(5) } } : {}),
      },
    ).pValue
  const blocked = rejections(400, (random) => trial(random, true), 0.1)
  assert.ok(blocked > 0.05 && blocked < 0.15, `rejected ${blocked}`)
  // The same data row by row: the failure that blocks are for.
  assert.ok(rejections(100, (random) => trial(random, false), 0.1) > 0.4)
})

test('stratified by class it ignores a prior shift and sees a shift within classes', () => {
  const draw = (random: Random, rows: number, { share = 0.5, offset = 0 } = {}) => {
    const labels = Uint32Array.from({ length: rows }, () => (random.uniform() < share ? 1 : 0))
    const values = Float32Array.from(labels, (label) => 5 * label + offset + random.normal())
    return { labels, values }
  }
  const trial = (random: Random, offset: number) => {
    const reference = draw(random, 200)
    const window = draw(random, 40, { share: 0.9, offset })
    return omnibusExact(
      prepareOmnibusReference(reference.values, 1),
      window.values,
      [{ name: 'one', columns: [0], kind: 'rank+raw' }],
      {
        permutations: 99,
        random,
        strata: { reference: reference.labels, window: window.labels },
      },
    ).pValue
  }
  const level = rejections(400, (random) => trial(random, 0), 0.1)
  assert.ok(level > 0.05 && level < 0.15, `rejected ${level}`)
  assert.ok(rejections(50, (random) => trial(random, 1), 0.1) > 0.9)
})

test('refuses a value that is not finite and says where it stands', () => {
  const random = createRandom(7)
  const window = drawRows(10, random)
  window[17] = Number.NaN
  assert.throws(() => run(drawRows(20, random), window), {
    name: 'RangeError',
    message: 'expected finite numbers, got NaN in row 3, column 2 of the window',
  })
})

test('refuses groups that name an unknown column', () => {
  const reference = prepareOmnibusReference(new Float32Array([1, 2, 3, 4]), 2)
  assert.throws(
    () =>
      omnibusExact(
        reference,
        new Float32Array([1, 2]),
        [{ name: 'far', columns: [2], kind: 'rank' }],
        { random: createRandom(1) },
      ),
    RangeError,
  )
})

test('its statistics are those of the formulas, with ties and a column that moved as a whole', () => {
  const { columnCount, reference, window, statistics, category } = golden.omnibus
  const prepared = prepareOmnibusReference(Float32Array.from(reference), columnCount)
  const options = { permutations: 9, random: createRandom(1) }
  const testOf = (kind: OmnibusGroup['kind'], columns: number[]) =>
    omnibusExact(prepared, Float32Array.from(window), [{ name: 'one', columns, kind }], options)
  testOf('rank', [0, 1, 2]).columns.forEach(({ statistic }, i) => {
    assertClose(statistic, statistics[i].rank, 1e-5)
  })
  testOf('rank+raw', [0, 1, 2]).columns.forEach(({ statistic }, i) => {
    assertClose(statistic, Math.max(statistics[i].rank, statistics[i].raw), 1e-5)
  })
  const [classes] = testOf('category', [3]).columns
  assertClose(classes.statistic, Math.max(...category), 1e-5)
})
