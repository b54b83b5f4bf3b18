import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  categoryEffect,
  columnEffects,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { assertClose } from './golden.ts'

const { categoryEffects } = JSON.parse(
  readFileSync(new URL('../golden/label-shift.json', import.meta.url), 'utf8'),
) as {
  readonly categoryEffects: readonly {
    readonly reference: readonly number[]
    readonly window: readonly number[]
    readonly shares: readonly (readonly [category: number, reference: number, window: number])[]
    readonly totalVariation: number
  }[]
}

describe('the effect of categories', () => {
  categoryEffects.forEach((golden, i) => {
    it(`agrees with NumPy in case ${i + 1}`, () => {
      const effect = categoryEffect(golden.reference, golden.window)
      assert.equal(effect.shares.length, golden.shares.length)
      effect.shares.forEach(({ category, reference, window }, c) => {
        assert.equal(category, golden.shares[c][0])
        assertClose(reference, golden.shares[c][1])
        assertClose(window, golden.shares[c][2])
      })
      assertClose(effect.totalVariation, golden.totalVariation)
    })
  })

  it('stands beside the effects of numbers', () => {
    const reference = prepareOmnibusReference(
      Float32Array.from({ length: 200 }, (_, i) => i % 4),
      2,
    )
    const window = Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 2 * (i % 4) : 1))
    const [quantity, category] = columnEffects(reference, window, new Set([1]))
    assert.ok('auc' in quantity && !('shares' in quantity))
    assert.ok('shares' in category && !('auc' in category) && !('windowMean' in category))
    assert.deepEqual(
      category.shares.map(({ category: code, window: share }) => [code, share]),
      [
        [1, 1],
        [3, 0],
      ],
    )
  })
})
