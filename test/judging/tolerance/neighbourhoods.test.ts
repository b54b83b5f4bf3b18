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
  const line = (count: number, step: number) => Array.from({ length: count }, (_, i) => i * step)
  const around = (places: readonly number[], centre: number, dimensions = 1): number[] =>
    [...gatherNeighbourhoods(poolAt(places, dimensions), choosing(centre))[0]].toSorted(
      (a, b) => a - b,
    )

  it('are the copies no farther than 0.04 from a centre, in all directions together', () => {
    const random = createRandom(7)
    const places = Array.from({ length: 2 * 3000 }, () => 0.06 * random.normal())
    for (const centre of [5, 77]) {
      const near = line(3000, 1).filter(
        (row) =>
          Math.hypot(
            places[2 * row] - places[2 * centre],
            places[2 * row + 1] - places[2 * centre + 1],
          ) <= 0.04,
      )
      const found = around(places, centre, 2)
      assert.ok(found.length > 50 && found.length < 800, String(found.length))
      assert.deepEqual(found, near)
    }
  })

  it('hold the twenty nearest where fewer are so near, all where there are fewer', () => {
    assert.deepEqual(around(line(300, 1), 0), line(20, 1))
    assert.deepEqual(around(line(12, 1), 0), line(12, 1))
  })

  it('hold the 800 nearest where more are so near', () => {
    assert.deepEqual(around(line(2000, 1e-5), 0), line(800, 1))
  })

  it('hold the nearest whatever the order of the copies', () => {
    const random = createRandom(9)
    for (const [count, held, step] of [
      ...Array.from({ length: 30 }, (_, i) => [21 + i, 20, 1] as const),
      [1000, 800, 1e-5],
      [2000, 800, 1e-5],
    ]) {
      const order = [...random.permutation(count)]
      const places = order.map((place) => place * step)
      const near = line(count, 1).filter((row) => order[row] < held)
      assert.deepEqual(around(places, order.indexOf(0)), near, `${count}`)
    }
  })

  it('hold all that are as near as the last', () => {
    const places = Array.from({ length: 90 }, (_, i) => (i < 10 ? 0 : i < 70 ? 1 : i))
    assert.deepEqual(around(places, 1), line(70, 1))
    assert.deepEqual(
      around(
        Array.from({ length: 1000 }, () => 3),
        1,
      ),
      line(1000, 1),
    )
  })

  it('are around 2,000 copies at most', () => {
    const random = choosing(0)
    gatherNeighbourhoods(poolAt(line(2200, 1), 1), random)
    gatherNeighbourhoods(poolAt(line(3, 1), 1), random)
    assert.deepEqual(random.asked, [
      [2200, 2000],
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
