import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jointShift } from '../../../evaluation/statistics/joint-shift.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

const COLUMNS = 12
const GROUPS = [
  [0, 2, 4, 6, 8, 10],
  [1, 3, 5, 7, 9],
]

/** Normal rows; those of the listed columns are moved. */
function rows(
  count: number,
  random: Random,
  { moved, by }: { readonly moved: readonly number[]; readonly by: number } = { moved: [], by: 0 },
): Float32Array {
  return Float32Array.from({ length: count * COLUMNS }, (_, i) =>
    moved.includes(i % COLUMNS) ? random.normal() + by : random.normal(),
  )
}

function pValues(trials: number, moved: readonly number[], by: number): number[] {
  return Array.from({ length: trials }, (_, i) => {
    const random = createRandom(i)
    return jointShift(rows(120, random), rows(40, random, { moved, by }), {
      columnCount: COLUMNS,
      groups: GROUPS,
      permutations: 99,
      random,
    })
  })
}

const shareBelow = (values: readonly number[], level: number): number =>
  values.filter((value) => value <= level).length / values.length

describe('joint shift', () => {
  it('is as rare as stated where nothing moved', () => {
    const values = pValues(300, [], 0)
    assert.ok(shareBelow(values, 0.1) < 0.15)
    assert.ok(shareBelow(values, 0.5) > 0.4 && shareBelow(values, 0.5) < 0.6)
  })

  it('sees a change that is small in every column of a group', () => {
    assert.ok(shareBelow(pValues(60, GROUPS[1], 0.35), 0.05) > 0.6)
  })

  it('does not look at columns of no group', () => {
    assert.ok(shareBelow(pValues(60, [11], 5), 0.05) < 0.2)
  })

  it('is the p-value of its own statistic for one column of a few rows, over all subsets', () => {
    // Of the 20 subsets of three of six values only the three largest and the three smallest differ as much.
    const pValue = jointShift(Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6), {
      columnCount: 1,
      groups: [[0]],
      permutations: 20_000,
      random: createRandom(3),
    })
    assert.ok(Math.abs(pValue - 2 / 20) < 0.01)
  })

  it('finds nothing in a constant column', () => {
    const constant = new Float32Array(30).fill(7)
    const pValue = jointShift(constant, constant, {
      columnCount: 1,
      groups: [[0]],
      permutations: 99,
      random: createRandom(1),
    })
    assert.equal(pValue, 1)
  })
})
