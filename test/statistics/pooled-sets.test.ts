import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'
import { cutColumn, splitColumn } from '../../src/statistics/pooled-sets.ts'

/** How a column of these values, half of them the window's, is cut. */
function cut(values: readonly number[]) {
  const reference = prepareOmnibusReference(
    Float32Array.from(values.filter((_, i) => i % 2 === 0)),
    1,
  )
  const window = Float32Array.from(values.filter((_, i) => i % 2 === 1))
  return cutColumn(reference, window, 0)
}

const often = (...counts: readonly (readonly [count: number, value: number])[]): number[] =>
  counts.flatMap(([count, value]) => Array.from({ length: count }, () => value))

describe('a column cut into bins', () => {
  it('has the outermost rows one by one, and then steps of a tenth of the rank, from both ends', () => {
    const { sizes, ordered } = cut(Array.from({ length: 60 }, (_, i) => i))
    const half = [...often([15, 1]), 2, 2, 2, 2, 2, 3]
    assert.deepEqual([...sizes], [...half, 4, ...half.toReversed()])
    assert.equal(ordered, true)
  })

  it('has no bin of rows that are equal to those of another', () => {
    assert.deepEqual([...cut(often([60, 0], [3, 1], [37, 2])).sizes], [60, 3, 37])
    assert.deepEqual([...cut(often([1, 0], [98, 1], [1, 2])).sizes], [1, 98, 1])
    assert.deepEqual([...cut(often([50, 5])).sizes], [50])
    assert.deepEqual([...cut([3, 4]).sizes], [1, 1])
  })

  it('opens a bin behind equal rows, where no step falls', () => {
    // Of 200 rows the ranks are 1, … 15, 17, … 28, 31, 34, 37, 41, 45, 50, …: none from 38 to 40.
    const values = [...often([38, 0]), ...Array.from({ length: 162 }, (_, i) => 1 + i)]
    const { sizes } = cut(values)
    assert.deepEqual([...sizes.subarray(0, 3)], [38, 3, 4])
  })

  it('says the bin of each row, the reference’s first', () => {
    const reference = prepareOmnibusReference(Float32Array.of(9, 5, 9, 1), 2)
    const { bins } = cutColumn(reference, Float32Array.of(0, 3, 0, 7), 1)
    assert.deepEqual([...bins], [2, 0, 1, 3])
  })
})

describe('a column of categories', () => {
  it('has a bin for each, numbered as they come', () => {
    const reference = prepareOmnibusReference(Float32Array.of(0, 7, 0, 3, 0, 7), 2)
    const found = splitColumn(reference, Float32Array.of(1, 3, 1, 8), 1)
    assert.deepEqual([...found.bins], [0, 1, 0, 1, 2])
    assert.deepEqual([...found.sizes], [2, 2, 1])
    assert.equal(found.ordered, false)
  })
})
