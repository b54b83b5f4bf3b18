import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  binRows,
  fitRankBins,
  MOST_BINS,
  type RankBins,
} from '../../../src/statistics/sequential/rank-bins.ts'
import { createRandom } from '../../../src/tensor/index.ts'

/** The bins of values of one column alone. */
const binsOf = (bins: RankBins, ...values: readonly number[]) => [
  ...binRows(bins, Float32Array.from(values)),
]

const drawn = (count: number, seed: number) => {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => random.normal())
}

describe('bins of ranks', () => {
  it('are those of a value by how many edges lie below it, an edge itself below its own', () => {
    const bins = fitRankBins(Float32Array.of(3, 1, 2, 2), 1)
    assert.deepEqual(binsOf(bins, 0, 1, 1.5, 2, 2.5, 3, 4), [0, 0, 1, 1, 2, 2, 3])
  })

  it('keep every column apart', () => {
    const bins = fitRankBins(Float32Array.of(1, 10, 2, 20, 3, 30), 2)
    assert.deepEqual(binsOf(bins, 2.5, 2.5, 1, 25), [2, 0, 0, 2])
  })

  it('hold about as many values each, single ones at both ends', () => {
    const values = drawn(5000, 1)
    const bins = fitRankBins(values, 1)
    const sizes = new Float64Array(MOST_BINS)
    for (const bin of binRows(bins, values)) sizes[bin]++
    assert.deepEqual(
      [...sizes.subarray(0, 8)],
      Array.from({ length: 8 }, () => 1),
    )
    assert.deepEqual([...sizes.subarray(-8)], [...Array.from({ length: 7 }, () => 1), 0])
    assert.ok(sizes.subarray(9, -9).every((size) => size >= 9 && size <= 12))
  })

  it('are two of a constant column: up to the constant, and beyond', () => {
    const bins = fitRankBins(new Float32Array(100).fill(5), 1)
    assert.deepEqual(binsOf(bins, 4, 5, 6), [0, 0, 1])
  })
})
