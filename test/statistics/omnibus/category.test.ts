import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compareCategories,
  countValues,
  numberCategories,
  poolCategories,
  visitCategoryCounts,
} from '../../../src/statistics/omnibus/category.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { assertClose } from '../golden.ts'

const of = (...counts: number[]) => Float64Array.from(counts)

/** Twice Σ observed ln(observed / expected). */
function deviance(own: readonly number[], pool: readonly number[]): number {
  const size = own.reduce((a, b) => a + b, 0)
  const rows = pool.reduce((a, b) => a + b, 0)
  const term = (observed: number, expected: number) =>
    observed === 0 ? 0 : 2 * observed * Math.log(observed / expected)
  return own.reduce(
    (sum, count, c) =>
      sum +
      term(count, (size * pool[c]) / rows) +
      term(pool[c] - count, ((rows - size) * pool[c]) / rows),
    0,
  )
}

test('the deviance is that of all categories, the root that of the one which differs most', () => {
  const random = createRandom(1)
  // Ever larger pools and back: what is kept of one serves the next.
  for (const rows of [5, 6, 7, 50, 51, 20, 300, 8]) {
    const own = Array.from({ length: 4 }, () => random.integer(rows))
    const pool = own.map((count) => count + random.integer(rows) + 1)
    const result = compareCategories(Float64Array.from(own), Float64Array.from(pool))
    assertClose(result.deviance, deviance(own, pool), 1e-5)
    const size = own.reduce((a, b) => a + b, 0)
    const all = pool.reduce((a, b) => a + b, 0)
    const roots = own.map((count, c) =>
      Math.sqrt(deviance([count, size - count], [pool[c], all - pool[c]])),
    )
    assertClose(result.largest, Math.max(...roots), 1e-4)
  }
})

test('equal shares differ by nothing at all, however many rows', () => {
  for (const times of [1, 7, 1000]) {
    const own = of(3 * times, 4 * times, 11 * times)
    assert.deepEqual(
      compareCategories(
        own,
        own.map((count) => 3 * count),
      ).largest,
      0,
    )
  }
  assert.deepEqual(compareCategories(of(4), of(10)), { largest: 0, deviance: 0 })
})

test('values are counted in their own column, in order of appearance', () => {
  const { values, counts } = countValues(Float32Array.of(9, 5, 9, 2, 9, 5), 1, 2)
  assert.deepEqual(
    [[...values], [...counts]],
    [
      [5, 2],
      [2, 1],
    ],
  )
  const { codes, count } = numberCategories(
    [Float32Array.of(9, 5, 9, 2), Float32Array.of(9, 5, 9, 7)],
    1,
    2,
  )
  assert.deepEqual([[...codes], count], [[0, 1, 0, 2], 3])
})

test('a pool holds what either shows, also what the reference never did', () => {
  const reference = countValues(Float32Array.of(5, 2, 5, 5), 0, 1)
  const { own, pool } = poolCategories(reference, Float32Array.of(2, 8, 2), {
    column: 0,
    columnCount: 1,
  })
  assert.deepEqual(
    [[...own], [...pool]],
    [
      [0, 2, 1],
      [3, 3, 1],
    ],
  )
})

test('counts of growing subsets add up, row by row and block by block', () => {
  const codes = { codes: Uint32Array.of(0, 1, 1, 2, 0, 2), count: 3 }
  const seen: number[][] = []
  const visit = (draw: number, checkpoint: number, { deviance: value }: { deviance: number }) => {
    seen.push([draw, checkpoint, value])
  }
  const subsets = { draws: 2, size: 3, units: Uint32Array.of(0, 1, 2, 5, 4, 3) }
  visitCategoryCounts(codes, { unitOfRow: null, subsets, sizes: [1, 3], visit })
  const expected = (own: number[]) => Math.fround(deviance(own, [2, 2, 2]))
  assert.deepEqual(
    seen.map(([draw, checkpoint]) => [draw, checkpoint]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  )
  ;[
    [1, 0, 0],
    [1, 2, 0],
    [0, 0, 1],
    [1, 0, 2],
  ].forEach((own, i) => assertClose(seen[i][2], expected(own), 1e-6))
  seen.length = 0
  const unitOfRow = Uint32Array.of(0, 0, 1, 1, 2, 2)
  const blocks = { draws: 1, size: 2, units: Uint32Array.of(2, 0) }
  visitCategoryCounts(codes, { unitOfRow, subsets: blocks, sizes: [1, 2], visit })
  ;[
    [1, 0, 1],
    [2, 1, 1],
  ].forEach((own, i) => assertClose(seen[i][2], expected(own), 1e-6))
})
