import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Baseline } from '../../../src/judging/index.ts'
import { createStreamReference, weightsOf } from '../../../src/judging/stream/stream-reference.ts'
import { type FeatureColumn, pickRows } from '../../../src/measuring/values/index.ts'
import { binRows, fitRankBins } from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { baselineOfNumbers, CELLS, MAPS } from './stream-of-numbers.ts'

const column = (name: string, group: FeatureColumn['group']): FeatureColumn => ({
  name,
  group,
  title: name,
})

const columns = [
  column('loss', 'reconstruction'),
  column('file-bytes', 'file'),
  column('brightness', 'property'),
  column('excess-loss', 'reconstruction'),
]
const WIDTH = columns.length
/** Groups stand in the order they are reported in, whatever the order of the columns. */
const WATCHED = [2, 0, 3]
const SEED = 3

/** Row 7 is 7.25, 1007.25, 2007.25, 3007.25. */
const valueOf = (row: number, k: number) => row + 0.25 + 1000 * k

function baselineOf(rows: number, blocks?: readonly number[]): Baseline {
  const values = Float32Array.from({ length: rows * WIDTH }, (_, i) =>
    valueOf(Math.floor(i / WIDTH), i % WIDTH),
  )
  return {
    table: { columns, rows, values },
    settings: { columns, features: ['file', 'reconstruction', 'property'], seed: SEED },
    ...(blocks && { blocks: Uint32Array.from(blocks) }),
  } as unknown as Baseline
}

/** Rows in the order in which they are drawn, the first `aside` of them set aside for the bins. */
function drawn(rows: number, aside: number) {
  const order = [...createRandom(SEED).permutation(rows)]
  const take = (of: readonly number[]) =>
    Float32Array.from(of.flatMap((row) => WATCHED.map((k) => valueOf(row, k))))
  return { bins: take(order.slice(0, aside)), values: take(order.slice(aside)) }
}

describe('the reference of a stream', () => {
  it('is what images show, groups and the columns of a group alike', () => {
    const { columns: watched, width, weights } = createStreamReference(baselineOf(10))
    assert.deepEqual(watched, WATCHED)
    assert.equal(width, WIDTH)
    assert.deepEqual([...weights], [0.5, 0.25, 0.25])
    const groups = [[0, 1, 2], [5], [4, 3]].map((own) => ({
      name: '',
      kind: 'rank' as const,
      columns: own,
    }))
    const third = 1 / 3
    assert.deepEqual(
      [...weightsOf(groups)],
      [third / 3, third / 3, third / 3, third, third / 2, third / 2],
    )
  })

  it('has a fifth of its rows set aside for the bins, one at least and 2,000 at most', () => {
    for (const [rows, aside] of [
      [2, 1],
      [9, 1],
      [14, 2],
      [15, 3],
      [9999, 1999],
      [10_005, 2000],
    ]) {
      const { bins, rows: binned } = createStreamReference(baselineOf(rows))
      const expected = drawn(rows, aside)
      assert.deepEqual(bins, fitRankBins(expected.bins, WATCHED.length), `${rows}`)
      assert.deepEqual(binned, binRows(bins, expected.values))
    }
  })

  it('has what is at each place of the same rows, as one group among the others', () => {
    const baseline = baselineOfNumbers(1, { rows: 60, hasPlaces: true })
    const { places } = createStreamReference(baseline)
    assert.ok(places)
    assert.deepEqual(places.maps, MAPS)
    assert.deepEqual(places.ranges, [
      { start: 0, end: 32 },
      { start: 32, end: 36 },
    ])
    // Beside reconstruction, properties and unusualness.
    assert.equal(places.share, 1 / 4)
    const order = [...createRandom(0).permutation(60)]
    const { maps: all } = baseline.comparison.prepared
    assert.ok(all)
    const rowsOf = (rows: readonly number[]) => pickRows(all, rows, CELLS)
    assert.deepEqual(places.aside, rowsOf(order.slice(0, 12)))
    assert.deepEqual(places.rows, rowsOf(order.slice(12)))
  })

  it('has no places where there are none, they are not tested, or images depend on each other', () => {
    const placesOf = (change: Partial<Baseline>) =>
      createStreamReference({ ...baselineOfNumbers(1, { rows: 60, hasPlaces: true }), ...change })
        .places
    const { settings } = baselineOfNumbers(1, { rows: 60, hasPlaces: true })
    assert.equal(placesOf({ maps: undefined }), undefined)
    assert.equal(placesOf({ settings: { ...settings, features: ['property'] } }), undefined)
    const blocks = Uint32Array.from({ length: 60 }, (_, i) => i % 30)
    assert.equal(placesOf({ blocks }), undefined)
  })

  it('of blocks is their means', () => {
    // Three blocks of rows 1, 3, 6 and 0, 4 and 2, 5.
    const { bins, rows } = createStreamReference(baselineOf(7, [8, 5, 9, 5, 8, 9, 5]))
    const means = [2, 10 / 3, 3.5]
    const order = [...createRandom(SEED).permutation(3)]
    const rowsOf = (blocks: readonly number[]) =>
      Float32Array.from(
        blocks.flatMap((block) => WATCHED.map((k) => means[block] + 0.25 + 1000 * k)),
      )
    assert.deepEqual(bins, fitRankBins(rowsOf(order.slice(0, 1)), WATCHED.length))
    assert.deepEqual(rows, binRows(bins, rowsOf(order.slice(1))))
  })
})
