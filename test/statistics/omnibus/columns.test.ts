import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  omnibusExact,
  type OmnibusGroup,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screenWindow,
} from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertUniform, binomialBounds } from '../level.ts'

const groups: OmnibusGroup[] = [
  { name: 'plain', columns: [0, 1], kind: 'rank' },
  { name: 'tails', columns: [2], kind: 'rank+raw' },
]
const BLOCK = 6

/** Blocks of rows in a light of their own. */
function draw(random: Random, blocks: number): Float32Array {
  const values = new Float32Array(3 * BLOCK * blocks)
  for (let block = 0; block < blocks; block++) {
    const light = random.normal()
    for (let i = 0; i < BLOCK; i++) {
      const row = [light + random.normal(), random.normal(), Math.exp(light + random.normal())]
      values.set(row, 3 * (block * BLOCK + i))
    }
  }
  return values
}

const labels = (blocks: number) =>
  Uint32Array.from({ length: BLOCK * blocks }, (_, i) => Math.floor(i / BLOCK))

function testColumns(random: Random, blocked = true) {
  const blocks = { reference: labels(40), window: labels(6) }
  return omnibusExact(prepareOmnibusReference(draw(random, 40), 3), draw(random, 6), groups, {
    permutations: 99,
    random,
    blocks: blocked ? blocks : undefined,
  })
}

test('each column’s p-value is uniform under the null, with blocks', () => {
  const random = createRandom(1)
  const results = Array.from({ length: 1000 }, () => testColumns(random))
  for (let k = 0; k < 3; k++) {
    assertUniform(
      results.map(({ columns }) => columns[k].pValue),
      [0.01, 0.05, 0.1, 0.5],
    )
  }
})

test('adjusted, the columns say together what the window says', () => {
  const random = createRandom(2)
  for (let trial = 0; trial < 200; trial++) {
    const { pValue, columns, groups: families } = testColumns(random)
    assert.equal(Math.min(...columns.map(({ adjustedPValue }) => adjustedPValue)), pValue)
    for (const { adjustedPValue, pValue: own } of columns) assert.ok(adjustedPValue >= own)
    // A group is as strong as its strongest column.
    assert.deepEqual(
      families.map(({ adjustedPValue }) => adjustedPValue),
      [Math.min(columns[0].adjustedPValue, columns[1].adjustedPValue), columns[2].adjustedPValue],
    )
  }
})

test('row by row, columns that depend on each other within a block would be called changed', () => {
  const random = createRandom(3)
  const small = (k: number) =>
    Array.from({ length: 150 }, () => testColumns(random, false)).filter(
      ({ columns }) => columns[k].pValue <= 0.05,
    ).length
  const [, high] = binomialBounds(150, 0.05)
  assert.ok(small(0) > 2 * high)
  assert.ok(small(1) <= high)
})

test('the screen gives columns p-values of their own too, from its first draws', () => {
  const random = createRandom(4)
  const pValues: number[] = []
  for (let i = 0; i < 60; i++) {
    const values = new Float32Array(300 * 3).map(() => random.normal())
    const reference = prepareOmnibusReference(values, 3)
    const options = { sizes: [10], draws: 300, random }
    const prepared = prepareFastOmnibus(reference, groups, options)
    for (let w = 0; w < 20; w++) {
      const window = new Float32Array(10 * 3).map(() => random.normal())
      const { columns } = screenWindow(prepared, window)
      pValues.push(columns[w % 3].pValue)
    }
  }
  assert.ok(pValues.every((p) => Math.abs(200 * p - Math.round(200 * p)) < 1e-9))
  assertUniform(pValues, [0.05, 0.1, 0.5])
})

test('of columns that say the same, a group names the first', () => {
  const random = createRandom(5)
  const twins = (rows: number, offset: number) => {
    const values = new Float32Array(2 * rows)
    for (let i = 0; i < values.length; i += 2) values.fill(random.normal() + offset, i, i + 2)
    return values
  }
  const reference = prepareOmnibusReference(twins(100, 0), 2)
  const family: OmnibusGroup[] = [{ name: 'twins', columns: [0, 1], kind: 'rank' }]
  const result = omnibusExact(reference, twins(20, 1), family, { permutations: 99, random })
  assert.equal(result.groups[0].strongestColumn, 0)
  assert.equal(result.columns[0].statistic, result.columns[1].statistic)
})
