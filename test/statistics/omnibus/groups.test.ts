import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkGroups, checkMatrix } from '../../../src/statistics/omnibus/groups.ts'
import {
  layOut,
  statisticsOfScores,
  wholesOfScores,
} from '../../../src/statistics/omnibus/layout.ts'

const group = (name: string, columns: readonly number[]) =>
  ({ name, columns, kind: 'rank' }) as const

test('groups name known columns, each group once', () => {
  checkGroups([group('a', [0, 2]), group('b', [2])], 3)
  assert.throws(() => checkGroups([], 3), { message: 'expected at least one group, got none' })
  assert.throws(() => checkGroups([group('a', [0]), group('a', [1])], 3), {
    message: 'expected distinct group names, got a twice',
  })
  assert.throws(() => checkGroups([group('a', [])], 3), {
    message: 'expected columns in group a, got none',
  })
  for (const column of [-1, 3, 0.5]) {
    assert.throws(() => checkGroups([group('a', [0, column])], 3), {
      name: 'RangeError',
      message: `expected columns 0..2 in group a, got ${column}`,
    })
  }
})

test('a matrix is whole rows of finite numbers', () => {
  assert.equal(checkMatrix(new Float32Array(6), 3, 'window'), 2)
  assert.throws(() => checkMatrix(new Float32Array(7), 3, 'window'), {
    message: 'expected whole rows of 3 columns in the window, got 7 values',
  })
  assert.throws(() => checkMatrix(new Float32Array(0), 3, 'window'), RangeError)
  assert.throws(() => checkMatrix(Float32Array.of(Number.NaN, 1, 2), 3, 'window'), {
    message: 'expected finite numbers, got NaN in row 0, column 0 of the window',
  })
})

test('numbers of a group share its channels, categories have two each of their own', () => {
  const layout = layOut([
    group('plain', [4, 1]),
    { name: 'classes', columns: [0, 3], kind: 'category' },
    { name: 'tails', columns: [2, 5], kind: 'rank+raw' },
  ])
  assert.deepEqual(layout.groupOfChannel, [0, 1, 1, 1, 1, 2, 2])
  assert.deepEqual(
    layout.columns.map(({ group: of, column }) => [of, column]),
    [
      [0, 4],
      [0, 1],
      [1, 0],
      [1, 3],
      [2, 2],
      [2, 5],
    ],
  )
  assert.deepEqual(
    layout.statistics.map(({ of, channel }) => [of, channel]),
    [
      [0, 0],
      [1, 0],
      [2, 1],
      [2, 2],
      [3, 3],
      [3, 4],
      [4, 5],
      [4, 6],
      [5, 5],
      [5, 6],
    ],
  )
  assert.deepEqual(
    layout.scored.map(({ column, at, raw, whole }) => [column, at, raw, whole]),
    [
      [4, 0, false, undefined],
      [1, 1, false, undefined],
      [2, 6, true, undefined],
      [5, 8, true, undefined],
    ],
  )
  assert.deepEqual([layout.tops, layout.wholes], [[], []])
  assert.deepEqual(layout.categories, [
    { column: 0, at: 2 },
    { column: 3, at: 4 },
  ])
  assert.deepEqual([...statisticsOfScores(layout.scored.slice(1, 3))], [1, 1, 1, 1, 6, 6, 6, 6, 7])
})

test('the few and the whole have a channel of their own, the whole belongs to no column', () => {
  const layout = layOut([
    { ...group('model', [4, 1]), also: 'together' },
    { name: 'tails', columns: [2, 5], kind: 'rank+raw', also: 'few' },
  ])
  assert.deepEqual(layout.groupOfChannel, [0, 0, 1, 1, 1])
  assert.deepEqual(
    layout.columns.map(({ group: of, column, isWhole }) => [of, isWhole === true ? 'all' : column]),
    [
      [0, 'all'],
      [0, 4],
      [0, 1],
      [1, 2],
      [1, 5],
    ],
  )
  assert.deepEqual(
    layout.statistics.map(({ of, channel }) => [of, channel]),
    [
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 2],
      [3, 3],
      [3, 4],
      [4, 2],
      [4, 3],
      [4, 4],
    ],
  )
  assert.deepEqual(
    layout.scored.map(({ at, whole }) => [at, whole]),
    [
      [1, 0],
      [2, 0],
      [3, undefined],
      [6, undefined],
    ],
  )
  assert.deepEqual(layout.tops, [
    { column: 2, at: 5 },
    { column: 5, at: 8 },
  ])
  assert.deepEqual(layout.wholes, [0])
  assert.deepEqual(
    [...wholesOfScores(layout.scored.slice(1, 3))],
    [0, -1, -1, -1, -1, -1, -1, -1, -1],
  )
})
