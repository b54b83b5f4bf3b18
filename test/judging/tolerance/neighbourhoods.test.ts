import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatherNeighbourhoods } from '../../../src/judging/tolerance/neighbourhoods.ts'
import { poolOfTables, type TolerancePool } from '../../../src/judging/tolerance/pool.ts'
import { tableOf } from '../../../src/representations/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

/** Copies at these places, `dimensions` numbers each. */
function poolAt(positions: readonly number[], dimensions: number): TolerancePool {
  const rows = positions.length / dimensions
  return {
    rows,
    values: new Float32Array(rows),
    originals: new Uint32Array(rows),
    positions: Float32Array.from(positions),
  }
}

/** Chooses these centres, whatever is asked for. */
const choosing = (...centres: readonly number[]): Random & { readonly asked: number[][] } => {
  const asked: number[][] = []
  return {
    ...createRandom(1),
    asked,
    sample: (count, size) => {
      asked.push([count, size])
      return Uint32Array.from(centres)
    },
  }
}

describe('neighbourhoods of changed copies', () => {
  it('are the copies nearest to a centre, first 200 of them and then 50', () => {
    const random = createRandom(7)
    const places = Array.from({ length: 2 * 900 }, () => random.normal())
    const distance = (a: number, b: number) =>
      Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1])
    const found = gatherNeighbourhoods(poolAt(places, 2), choosing(5, 77))
    assert.equal(found.length, 4)
    found.forEach((own, k) => {
      const centre = [5, 77][k % 2]
      const nearest = Array.from({ length: 900 }, (_, row) => row)
        .toSorted((a, b) => distance(a, centre) - distance(b, centre))
        .slice(0, k < 2 ? 200 : 50)
      assert.deepEqual(
        [...own],
        nearest.toSorted((a, b) => a - b),
      )
    })
  })

  it('hold all copies where there are fewer', () => {
    const sizes = (count: number) =>
      gatherNeighbourhoods(
        poolAt(
          Array.from({ length: count }, (_, i) => i),
          1,
        ),
        choosing(0),
      ).map(({ length }) => length)
    assert.deepEqual(sizes(300), [200, 50])
    assert.deepEqual(sizes(120), [120, 50])
    assert.deepEqual(sizes(30), [30, 30])
  })

  it('hold all that are as near as the last', () => {
    const places = Array.from({ length: 90 }, (_, i) => (i < 40 ? 0 : i < 70 ? 1 : i))
    const [, narrow] = gatherNeighbourhoods(poolAt(places, 1), choosing(1))
    assert.deepEqual(
      [...narrow],
      Array.from({ length: 70 }, (_, i) => i),
    )
  })

  it('are around 1,000 copies at most, of each size', () => {
    const random = choosing(0)
    const line = (count: number) => Array.from({ length: count }, (_, i) => i)
    gatherNeighbourhoods(poolAt(line(1200), 1), random)
    gatherNeighbourhoods(poolAt(line(3), 1), random)
    assert.deepEqual(random.asked, [
      [1200, 1000],
      [1200, 1000],
      [3, 3],
      [3, 3],
    ])
  })
})

describe('a pool of changed copies', () => {
  it('of tables of single changes keeps each table’s copies together', () => {
    const columns = [{ name: 'loss', group: 'reconstruction', title: 'Loss' }] as const
    const tables = [
      [3, 4, 5],
      [8, 9],
    ].map((values) => ({
      title: '',
      table: tableOf(columns, Float32Array.from(values)),
    }))
    assert.deepEqual(poolOfTables(tables), {
      rows: 5,
      values: Float32Array.of(3, 4, 5, 8, 9),
      originals: Uint32Array.of(0, 1, 2, 0, 1),
      positions: Float32Array.of(0, 0, 0, 1, 1),
    })
  })
})
