import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countRows, rankAndCount } from '../../../src/statistics/sequential/bin-counts.ts'
import { MOST_BINS } from '../../../src/statistics/sequential/rank-bins.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { assertClose } from '../golden.ts'

describe('counts in bins', () => {
  it('give the share of the values above any bin, as counting says, while values come and go', () => {
    const random = createRandom(2)
    const counts = countRows(new Uint16Array(), 2)
    const empty = countRows(new Uint16Array(2), 2)
    const plain = new Float64Array(MOST_BINS)
    const count = (from: number, to: number) =>
      plain.subarray(from, to).reduce((sum, one) => sum + one, 0)
    for (let i = 0; i < 3000; i++) {
      const bin = random.integer(MOST_BINS)
      const by = i % 10 === 0 ? 0 : i > 2000 && plain[bin] > 0 ? -1 : 1
      const share = random.uniform()
      const expected =
        (count(bin + 1, MOST_BINS) + share * (1 + plain[bin])) / (count(0, MOST_BINS) + 1)
      assertClose(rankAndCount(counts, { column: 1, bin }, { share, by }), expected, 1e-12)
      plain[bin] += by
    }
    // The other column has counted none.
    assert.equal(rankAndCount(counts, { column: 0, bin: 7 }, { share: 0.25, by: 0 }), 0.25)
    assert.equal(rankAndCount(empty, { column: 0, bin: 0 }, { share: 0.25, by: 0 }), 0.25)
  })

  it('of rows are those of their columns', () => {
    const counts = countRows([3, 511, 4, 0, 4, 0], 2)
    const above = (column: number, bin: number) =>
      4 * rankAndCount(counts, { column, bin }, { share: 0, by: 0 })
    assert.deepEqual(
      [2, 3, 4].map((bin) => above(0, bin)),
      [3, 2, 0],
    )
    assert.deepEqual(
      [0, 1, 510, 511].map((bin) => above(1, bin)),
      [1, 1, 1, 0],
    )
  })
})
