import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  measureNearest,
  neighbourCount,
  neighbourDimensions,
  prepareNeighbours,
} from '../../../src/representations/outlier-score/nearest-neighbours.ts'
import { createRandom } from '../../../src/tensor/index.ts'

function rowsOf(values: Float32Array): Float32Array[] {
  return Array.from({ length: values.length / neighbourDimensions }, (_, row) =>
    values.subarray(row * neighbourDimensions, (row + 1) * neighbourDimensions),
  )
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, d) => sum + (value - b[d]) ** 2, 0))
}

function compare(points: Float32Array, queries: Float32Array): void {
  const means = measureNearest(prepareNeighbours(points), queries)
  rowsOf(queries).forEach((query, row) => {
    const distances = rowsOf(points).map((point) => distance(query, point))
    const nearest = distances.toSorted((a, b) => a - b).slice(0, neighbourCount)
    const expected = nearest.reduce((sum, value) => sum + value, 0) / neighbourCount
    assert.ok(Math.abs(means[row] - expected) < 1e-5, `${means[row]}, ${expected}`)
  })
}

describe('the mean distance to the nearest points', () => {
  for (const count of [5, 6, 7, 8, 101, 500]) {
    it(`agrees with sorting all ${count}`, () => {
      const random = createRandom(count)
      const draw = (rows: number): Float32Array =>
        Float32Array.from({ length: rows * neighbourDimensions }, () => random.normal())
      compare(draw(count), draw(50))
    })
  }

  it('counts equal points one by one', () => {
    const random = createRandom(1)
    const few = Float32Array.from({ length: 60 * neighbourDimensions }, () => random.integer(2))
    compare(few, few)
    compare(new Float32Array(9 * neighbourDimensions), few)
  })
})
