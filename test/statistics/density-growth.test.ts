import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { densityGrowth, prepareOmnibusReference } from '../../src/statistics/index.ts'

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`)

const growthOf = (known: readonly number[], own: readonly number[], isCategory = false) =>
  densityGrowth(prepareOmnibusReference(Float32Array.from(known), 1), Float32Array.from(own), {
    column: 0,
    isCategory,
  })

/** The definition, with counts done by hand: others of the window in the bin, rows of the reference there, bins. */
const expected = (
  others: number,
  known: number,
  of: { own: number; known: number; bins: number },
) => {
  const share = (known + 0.5) / (of.known + 0.5 * of.bins)
  return Math.log((others + share) / of.own / share)
}

describe('the growth of density', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i)

  it('compares the window without the row itself with the reference, in bins that end at 2, 10, 50, 90 and 98%', () => {
    // Bins end at 2, 10, 50, 90, 98 and hold 3, 8, 40, 40, 8 and 1 rows.
    const growth = growthOf(hundred, [0, 2, 3, 10, 11, 50, 51, 90, 91, 98, 99])
    const of = { own: 11, known: 100, bins: 6 }
    const bins = [
      [1, 3],
      [1, 3],
      [1, 8],
      [1, 8],
      [1, 40],
      [1, 40],
      [1, 40],
      [1, 40],
      [1, 8],
      [1, 8],
      [0, 1],
    ]
    growth.forEach((value, row) => near(value, expected(bins[row][0], bins[row][1], of)))
  })

  it('is low for a row alone, however far out it is', () => {
    const [alone, , , many] = growthOf(hundred, [-1000, 30, 70, 99, 99, 99])
    near(alone, expected(0, 3, { own: 6, known: 100, bins: 4 + 2 }))
    assert.ok(alone < 0 && many > 3)
  })

  it('keeps a value that many of the reference share apart from its neighbours on both sides', () => {
    const known = [...Array.from({ length: 98 }, () => 5), 6, 7]
    const [below, common, above] = growthOf(known, [4, 5, 5.5, 4, 5, 5.5])
    // 5 ends every bin but the last, which ends at 6: below 5, 5 itself, up to 6, beyond.
    const of = { own: 6, known: 100, bins: 4 }
    near(below, expected(1, 0, of))
    near(common, expected(1, 98, of))
    near(above, expected(1, 1, of))
  })

  it('takes one column of several', () => {
    const reference = prepareOmnibusReference(
      Float32Array.from(hundred.flatMap((value) => [0, value])),
      2,
    )
    const window = Float32Array.from([1, 2, 3].flatMap((value) => [7, value]))
    assert.deepEqual(
      densityGrowth(reference, window, { column: 1, isCategory: false }),
      growthOf(hundred, [1, 2, 3]),
    )
  })

  it('counts each category by itself, new ones too', () => {
    const growth = growthOf([0, 0, 0, 1, 1, 1], [0, 1, 9, 9], true)
    const of = { own: 4, known: 6, bins: 3 }
    near(growth[0], expected(0, 3, of))
    near(growth[1], expected(0, 3, of))
    near(growth[2], expected(1, 0, of))
  })
})
