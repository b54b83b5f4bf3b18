import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { estimateChangedShare, prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

const WIDTH = 12
const COLUMNS = Array.from({ length: WIDTH }, (_, column) => column)

/** Rows of normal columns that share a part; the first `changed` rows moved by `shift` in the first column. */
function rows(
  count: number,
  random: Random,
  { changed = 0, shift = 0 }: { readonly changed?: number; readonly shift?: number } = {},
): Float32Array {
  const values = new Float32Array(count * WIDTH)
  for (let row = 0; row < count; row++) {
    const shared = random.normal()
    for (let column = 0; column < WIDTH; column++) {
      values[row * WIDTH + column] = 0.6 * shared + 0.8 * random.normal()
    }
    if (row < changed) values[row * WIDTH] += shift
  }
  return values
}

const reference = prepareOmnibusReference(rows(2000, createRandom(1)), WIDTH)

const estimate = (window: Float32Array, seed = 2, against = reference) =>
  estimateChangedShare(against, window, { columns: COLUMNS, random: createRandom(seed), draws: 99 })

describe('the share of rows that changed', () => {
  it('counts a few rows far out nearly exactly', () => {
    for (const [count, changed] of [
      [100, 10],
      [400, 8],
      [200, 20],
    ]) {
      const window = rows(count, createRandom(count), { changed, shift: 50 })
      const { atLeast, estimate: about } = estimate(window)
      assert.ok(atLeast <= changed / count, `at least ${atLeast} of ${changed / count}`)
      assert.ok(atLeast >= (changed - 4) / count, `at least ${atLeast} of ${changed / count}`)
      assert.ok(Math.abs(about - changed / count) <= 3 / count, `about ${about}`)
    }
  })

  it('is nearly all where all moved, by more the farther they did', () => {
    const [mild, plain, far] = [0.5, 1, 20].map((shift) =>
      estimate(rows(500, createRandom(5), { changed: 500, shift })),
    )
    assert.ok(mild.atLeast > 0.05 && mild.atLeast < plain.atLeast)
    assert.ok(plain.atLeast > 0.3 && plain.atLeast < far.atLeast)
    assert.ok(far.atLeast > 0.98 && far.estimate >= far.atLeast)
  })

  it('names the column that changed, and no other', () => {
    const { columns, atLeast } = estimate(rows(300, createRandom(8), { changed: 60, shift: -30 }))
    assert.equal(columns[0], atLeast)
    assert.ok(atLeast > 0.17)
    assert.deepEqual(
      columns.slice(1),
      Array.from({ length: WIDTH - 1 }, () => 0),
    )
  })

  it('is above the truth in no more than one batch of twenty, whatever the share, over all columns at once', () => {
    const random = createRandom(11)
    let tooHigh = 0
    const batches = 120
    for (let i = 0; i < batches; i++) {
      // A reference of its own each time: the level is that of reference and batch together.
      const known = prepareOmnibusReference(rows(400, random), WIDTH)
      const changed = [0, 0, 2, 10][i % 4]
      const { columns } = estimate(rows(100, random, { changed, shift: 1.5 }), i, known)
      if (Math.max(...columns) > changed / 100) tooHigh++
    }
    // 99.9% point of a binomial of 120 trials at 0.05.
    assert.ok(tooHigh <= 14, `${tooHigh} of ${batches}`)
  })

  it('estimates something in about half of the batches in which nothing changed', () => {
    const random = createRandom(13)
    let something = 0
    for (let i = 0; i < 100; i++) if (estimate(rows(100, random), i).estimate > 0) something++
    assert.ok(something >= 33 && something <= 67, `${something} of 100`)
  })

  it('exchanges blocks whole: sessions that differ by chance are no change', () => {
    const random = createRandom(17)
    const sessions = (count: number, first: number) => {
      const values = rows(20 * count, random)
      for (let session = 0; session < count; session++) {
        const own = 3 * random.normal()
        for (let row = 20 * session; row < 20 * (session + 1); row++) values[row * WIDTH] += own
      }
      const labels = Uint32Array.from(
        { length: 20 * count },
        (_, row) => first + Math.floor(row / 20),
      )
      return { values, labels }
    }
    let [blind, aware] = [0, 0]
    for (let i = 0; i < 20; i++) {
      const [known, own] = [sessions(40, 0), sessions(5, 40)]
      const prepared = prepareOmnibusReference(known.values, WIDTH)
      const share = (blocks: boolean) =>
        estimateChangedShare(prepared, own.values, {
          columns: COLUMNS,
          random: createRandom(i),
          draws: 99,
          ...(blocks && { blocks: { reference: known.labels, window: own.labels } }),
        }).atLeast
      if (share(false) > 0) blind++
      if (share(true) > 0) aware++
    }
    assert.ok(blind >= 10, `${blind} of 20 without blocks`)
    // 99.9% point of a binomial of 20 trials at 0.05.
    assert.ok(aware <= 5, `${aware} of 20 with them`)
  })

  it('sees a category that became frequent, and several that did together', () => {
    const codes = (weights: readonly number[], count: number, random: Random) =>
      Float32Array.from({ length: count }, () => {
        let place = random.uniform() * weights.reduce((sum, weight) => sum + weight)
        return weights.findIndex((weight) => (place -= weight) < 0)
      })
    const even = Array.from({ length: 10 }, () => 1)
    const known = prepareOmnibusReference(codes(even, 3000, createRandom(3)), 1)
    const share = (weights: readonly number[]) =>
      estimateChangedShare(known, codes(weights, 500, createRandom(4)), {
        columns: [0],
        categories: new Set([0]),
        random: createRandom(5),
        draws: 99,
      }).atLeast
    const one = share(even.map((_, i) => (i === 3 ? 6 : 1)))
    assert.ok(one > 0.2 && one <= 1 / 3, String(one))
    // Half of the classes twice as frequent as the others: no single one stands out as much.
    const several = share(even.map((_, i) => (i % 2 === 0 ? 2 : 1)))
    assert.ok(several > 0.1 && several <= 0.5, String(several))
    assert.equal(share(even), 0)
  })

  it('takes constant columns, ties and a window larger than the reference', () => {
    const random = createRandom(19)
    const tied = (count: number, changed: number) =>
      Float32Array.from({ length: 2 * count }, (_, i) =>
        i % 2 === 0 ? 7 : i / 2 < changed ? 9 : random.integer(3),
      )
    const known = prepareOmnibusReference(tied(150, 0), 2)
    const { columns, atLeast } = estimateChangedShare(known, tied(600, 60), {
      columns: [0, 1],
      random,
      draws: 99,
    })
    assert.equal(columns[0], 0)
    assert.ok(atLeast > 0.07 && atLeast <= 0.1, String(atLeast))
  })
})
