import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  binOf,
  countBefore,
  countInBin,
  fitRankBins,
  MOST_BINS,
} from '../../../src/statistics/sequential/rank-bins.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const drawn = (count: number, seed: number) => {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => random.normal())
}

describe('bins of ranks', () => {
  it('are those of a value by how many edges lie below it, an edge itself below its own', () => {
    const bins = fitRankBins(Float32Array.of(3, 1, 2, 2), 1)
    assert.deepEqual(
      [0, 1, 1.5, 2, 2.5, 3, 4].map((value) => binOf(bins, 0, value)),
      [0, 0, 1, 1, 2, 2, 3],
    )
  })

  it('keep every column apart', () => {
    const bins = fitRankBins(Float32Array.of(1, 10, 2, 20, 3, 30), 2)
    assert.deepEqual([binOf(bins, 0, 2.5), binOf(bins, 1, 2.5), binOf(bins, 1, 25)], [2, 0, 2])
  })

  it('hold about as many values each, single ones at both ends', () => {
    const values = drawn(5000, 1)
    const bins = fitRankBins(values, 1)
    const sizes = new Float64Array(MOST_BINS)
    for (const value of values) sizes[binOf(bins, 0, value)]++
    assert.deepEqual(
      [...sizes.subarray(0, 8)],
      Array.from({ length: 8 }, () => 1),
    )
    assert.deepEqual([...sizes.subarray(-8)], [...Array.from({ length: 7 }, () => 1), 0])
    assert.ok(sizes.subarray(9, -9).every((size) => size >= 9 && size <= 12))
  })

  it('are two of a constant column: up to the constant, and beyond', () => {
    const bins = fitRankBins(new Float32Array(100).fill(5), 1)
    assert.deepEqual(
      [4, 5, 6].map((value) => binOf(bins, 0, value)),
      [0, 0, 1],
    )
  })
})

describe('counts in bins', () => {
  it('are summed up to any bin, as counting says, and taken back', () => {
    const counts = new Uint32Array(2 * MOST_BINS)
    const random = createRandom(2)
    const plain = new Float64Array(MOST_BINS)
    for (let i = 0; i < 3000; i++) {
      const bin = random.integer(MOST_BINS)
      const by = i > 2000 && plain[bin] > 0 ? -1 : 1
      plain[bin] += by
      countInBin(counts, { column: 1, bin }, by)
    }
    let sum = 0
    for (let bins = 0; bins <= MOST_BINS; bins++) {
      assert.equal(countBefore(counts, 1, bins), sum)
      sum += plain[bins] ?? 0
    }
    assert.equal(countBefore(counts, 0, MOST_BINS), 0)
  })
})
