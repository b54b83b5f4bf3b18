import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nearGroups } from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

const WIDTH = 10

const groupsOf = (rows: readonly (readonly number[])[], radius = 0.1) => [
  ...nearGroups(Float32Array.from(rows.flat()), { columnCount: rows[0].length, radius }),
]

const normalRow = (random: Random, spread = 1, middle: readonly number[] = []) =>
  Array.from({ length: WIDTH }, (_, k) => (middle[k] ?? 0) + spread * random.normal())

describe('groups of rows near each other', () => {
  it('have the first of them for a name, wherever the others stand', () => {
    const random = createRandom(1)
    const [a, b, c] = [1, 2, 3].map(() => normalRow(random))
    const like = (row: readonly number[]) => normalRow(random, 0.02, row)
    assert.deepEqual(groupsOf([a, b, like(a), c, like(b), like(a), a]), [0, 1, 0, 3, 1, 0, 0])
  })

  it('reach as far as the radius, a root mean square over the columns', () => {
    const row = (by: number) => Array.from({ length: 4 }, (_, k) => 5 + (k < 2 ? by : 0))
    // Two of four columns differ by d: the root mean square is d / √2.
    const near = (by: number) => groupsOf([row(0), row(by)], 0.1)[1] === 0
    assert.deepEqual(
      [near(0.14), near(0.142), near(-0.14), near(-0.142)],
      [true, false, true, false],
    )
  })

  it('find what lies in any neighbouring cell, in few columns as in many', () => {
    const random = createRandom(2)
    for (const width of [1, 2, 3, 7]) {
      for (let i = 0; i < 200; i++) {
        const first = Array.from({ length: width }, () => 4 * random.uniform() - 2)
        const way = Array.from({ length: width }, () => random.normal())
        const length = Math.hypot(...way) / Math.sqrt(width)
        const second = first.map((value, k) => value + (0.099 / length) * way[k])
        assert.deepEqual(groupsOf([first, second]), [0, 0])
      }
    }
  })

  it('are none in a crowd: the next row has to be twice as far as the farthest of the group', () => {
    const at = (...places: number[]) =>
      groupsOf(
        places.map((place) => [place, 0]),
        0.1,
      )
    // Root mean squares are places / √2: 0.1 is within the radius, 0.19 not within twice 0.1, 0.21 beyond.
    assert.deepEqual(at(0, 0.1, 0.19), [0, 1, 2])
    assert.deepEqual(at(0, 0.1, 0.21), [0, 0, 2])
    // The next one may lie on the other side, and may be a group itself.
    assert.deepEqual(at(-0.19, 0, 0.1), [0, 1, 2])
    assert.deepEqual(at(0, 0.02, 0.15, 0.16), [0, 0, 2, 2])
  })

  it('of equal rows stand however close others are', () => {
    assert.deepEqual(groupsOf([[0], [0], [0.2], [0]], 0.1), [0, 0, 2, 0])
  })

  it('are not found in thousands of different rows, and all are among them', () => {
    const random = createRandom(3)
    const rows = Array.from({ length: 2000 }, () => normalRow(random))
    assert.deepEqual(
      groupsOf(rows),
      rows.map((_, row) => row),
    )
    const twice = [
      ...rows.slice(0, 500),
      ...rows.slice(0, 500).map((row) => normalRow(random, 0.02, row)),
    ]
    assert.deepEqual(
      groupsOf(twice),
      twice.map((_, row) => row % 500),
    )
  })

  it('may be all rows, or none', () => {
    const random = createRandom(4)
    const rows = Array.from({ length: 300 }, () => normalRow(random, 0.01))
    assert.ok(groupsOf(rows).every((first) => first === 0))
    assert.deepEqual([...nearGroups(new Float32Array(), { columnCount: 3, radius: 1 })], [])
  })
})
