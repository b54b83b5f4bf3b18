import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatherNeighbourhoods } from '../../../src/judging/tolerance/neighbourhoods.ts'
import {
  neighboursAmong,
  poolOfTables,
  type TolerancePool,
} from '../../../src/judging/tolerance/pool.ts'
import { tableOf } from '../../../src/representations/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

/** Copies at these places, `dimensions` numbers each. */
function poolAt(
  positions: readonly number[],
  dimensions: number,
  neighbours: number,
): TolerancePool {
  const rows = positions.length / dimensions
  return {
    rows,
    neighbours,
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
  it('are the copies nearest to a centre, first many and then a quarter of them', () => {
    const random = createRandom(7)
    const places = Array.from({ length: 2 * 900 }, () => random.normal())
    const distance = (a: number, b: number) =>
      Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1])
    const found = gatherNeighbourhoods(poolAt(places, 2, 400), choosing(5, 77))
    assert.equal(found.length, 4)
    found.forEach((own, k) => {
      const centre = [5, 77][k % 2]
      const nearest = Array.from({ length: 900 }, (_, row) => row)
        .toSorted((a, b) => distance(a, centre) - distance(b, centre))
        .slice(0, k < 2 ? 400 : 100)
      assert.deepEqual(
        [...own],
        nearest.toSorted((a, b) => a - b),
      )
    })
  })

  it('hold fifty copies at least, or all that are near where there are fewer', () => {
    const line = Array.from({ length: 300 }, (_, i) => i)
    const sizes = (neighbours: number) =>
      gatherNeighbourhoods(poolAt(line, 1, neighbours), choosing(0)).map(({ length }) => length)
    assert.deepEqual(sizes(120), [120, 50])
    assert.deepEqual(sizes(240), [240, 60])
    assert.deepEqual(sizes(30), [30, 30])
  })

  it('hold all that are as near as the last', () => {
    const places = [0, 0, 0, 1, 1, 1, 1, 5, 6]
    const [wide] = gatherNeighbourhoods(poolAt(places, 1, 4), choosing(1))
    assert.deepEqual([...wide], [0, 1, 2, 3, 4, 5, 6])
  })

  it('are around 300 copies at most, of each width', () => {
    const random = choosing(0)
    gatherNeighbourhoods(
      poolAt(
        Array.from({ length: 400 }, (_, i) => i),
        1,
        60,
      ),
      random,
    )
    assert.deepEqual(random.asked, [
      [400, 300],
      [400, 300],
    ])
    const few = choosing(0)
    gatherNeighbourhoods(poolAt([1, 2, 3], 1, 2), few)
    assert.deepEqual(few.asked[0], [3, 3])
  })
})

describe('a pool of changed copies', () => {
  it('takes a twenty-fifth of the copies for near each other, fifty at least', () => {
    assert.deepEqual(
      [10, 50, 1000, 1250, 2000, 10_000].map(neighboursAmong),
      [10, 50, 50, 50, 80, 400],
    )
  })

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
      neighbours: 2,
      values: Float32Array.of(3, 4, 5, 8, 9),
      originals: Uint32Array.of(0, 1, 2, 0, 1),
      positions: Float32Array.of(0, 0, 0, 1, 1),
    })
  })
})
