import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  splitImages,
  type SplitInput,
  splitLearning,
  splitSizes,
} from '../../../src/detector/fitting/splits.ts'
import { DriftError } from '../../../src/errors.ts'
import { tensor } from '../../../src/tensor/index.ts'

/** Images of one pixel that holds their number. */
function numbered(count: number): SplitInput {
  const values = Float32Array.from({ length: count }, (_, i) => i)
  const pixels = tensor([count, 1, 1, 1], values)
  return { pixels, sideInputs: {}, hashes: Float64Array.from(values) }
}

describe('splits', () => {
  for (const count of [100, 101, 333, 2500]) {
    it(`puts each of ${count} images into exactly one part`, () => {
      const { learning, reference } = splitImages(numbered(count), 'memory')
      const parts = [learning.training, learning.validation, reference]
      const numbers = parts.flatMap(({ pixels }) => [...pixels.data])
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        [...numbered(count).pixels.data],
      )
      assert.ok(parts.every(({ pixels }) => pixels.shape[0] >= 10))
    })
  }

  it('holds out about a third, and no more than 10,000, for the reference', () => {
    assert.deepEqual(splitSizes(1000), { training: 600, validation: 100, reference: 300 })
    assert.deepEqual(splitSizes(100_000), { training: 88_000, validation: 2000, reference: 10_000 })
  })

  it('refuses copies of a few images, and says so', () => {
    const copies = (different: number): SplitInput => {
      const images = numbered(200)
      return { ...images, hashes: images.hashes.map((hash) => hash % different) }
    }
    assert.throws(() => splitImages(copies(2), 'photos/'), {
      code: 'data.insufficient',
      message: 'expected at least 20 different reference images, got 2 among 200 in photos/',
    })
    assert.throws(() => splitLearning(copies(19), 'photos/'), { code: 'data.insufficient' })
    assert.equal(splitImages(copies(20), 'photos/').reference.hashes.length, 60)
  })

  it('refuses fewer images than three parts need', () => {
    assert.throws(
      () => splitImages(numbered(99), 'photos/'),
      (error) =>
        error instanceof DriftError &&
        error.code === 'data.insufficient' &&
        error.message === 'expected at least 100 readable reference images, got 99 in photos/',
    )
  })
})
