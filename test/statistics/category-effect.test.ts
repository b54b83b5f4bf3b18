import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  categoryEffect,
  columnEffects,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'

const { categoryEffects } = JSON.parse(
  readFileSync(new URL('../golden/label-shift.json', import.meta.url), 'utf8'),
) as {
  readonly categoryEffects: readonly {
    readonly reference: readonly number[]
    readonly window: readonly number[]
    readonly shares: readonly (readonly [category: number, reference: number, window: number])[]
    readonly totalVariation: number
    readonly pValue: number
  }[]
}

describe('the effect of categories', () => {
  categoryEffects.forEach((golden, i) => {
    it(`agrees with SciPy in case ${i + 1}`, () => {
      const effect = categoryEffect(golden.reference, golden.window)
      assert.equal(effect.shares.length, golden.shares.length)
      effect.shares.forEach(({ category, reference, window }, c) => {
        assert.equal(category, golden.shares[c][0])
        assertClose(reference, golden.shares[c][1])
        assertClose(window, golden.shares[c][2])
      })
      assertClose(effect.totalVariation, golden.totalVariation)
      assertClose(effect.pValue, golden.pValue, 1e-8)
    })
  })

  it('has p-values that are at most as small by chance as they say, also of rare categories', () => {
    const random = createRandom(3)
    const draw = (count: number) =>
      Array.from({ length: count }, () => (random.uniform() < 0.9 ? 0 : 1 + random.integer(20)))
    const reference = draw(500)
    let small = 0
    for (let i = 0; i < 400; i++) {
      if (categoryEffect(reference, draw(50)).pValue <= 0.05) small++
    }
    assert.ok(small <= 32, `${small} of 400 at 0.05`)
  })

  it('stands beside the effects of numbers, adjusted together with them', () => {
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
    assertClose(category.adjustedPValue, Math.min(1, 2 * category.pValue))
  })
})
