import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit, type FitOptions } from '../../../src/detector/index.ts'
import { arrayImages } from '../../../src/images/index.ts'
import { fitAutoencoder } from '../../../src/representations/index.ts'
import { createRandom, sliceRows, tensor, type Tensor } from '../../../src/tensor/index.ts'

type Case = {
  readonly count?: number
  readonly shape: readonly [number, number, number]
  readonly options?: FitOptions
}

/** Slanted shades, cheap to draw and with something to learn. */
function pixelsOf({ count = 100, shape: [channels, height, width] }: Case, seed: number): Tensor {
  const random = createRandom(seed)
  const data = new Float32Array(count * channels * height * width)
  let at = 0
  for (let image = 0; image < count; image++) {
    const [x, y, base] = [random.uniform() / width, random.uniform() / height, random.uniform() / 3]
    for (let channel = 0; channel < channels; channel++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          data[at++] = base + (x * column + y * row) / 3 + 0.01 * random.uniform()
  }
  return tensor([count, channels, height, width], data)
}

const images = (one: Case, seed: number) => arrayImages(pixelsOf(one, seed))

const cases: readonly Case[] = [
  { shape: [1, 4, 4] },
  { shape: [3, 5, 5] },
  { shape: [1, 3, 31], options: { workingSide: 31 } },
  { shape: [3, 105, 20], options: { workingSide: 105 } },
  { shape: [1, 224, 30], options: { workingSide: 224 } },
  { shape: [3, 224, 224], options: { workingSide: 224 } },
  { shape: [1, 64, 64], options: { preset: 'recipe' } },
  { shape: [3, 8, 224], options: { preset: 'recipe', workingSide: 224 } },
]

describe('working sizes', () => {
  it('3×224×224 can be trained on in batches whose noise is more than the usual bank', async () => {
    // From 512 rows on there are batches of 32: 4.8 million values of noise.
    const training = pixelsOf({ count: 512, shape: [3, 224, 224] }, 1)
    const validation = sliceRows(training, 0, 8)
    const autoencoder = await fitAutoencoder({ training, validation, epochs: 1, seed: 1 })
    assert.equal(autoencoder.history.length, 1)
    const { trainingLoss } = autoencoder.history[0]
    assert.ok(trainingLoss > 0 && trainingLoss < 0.8, String(trainingLoss))
    await autoencoder.close()
  })

  for (const one of cases) {
    const { count = 100, shape, options } = one
    it(`${count} images of ${shape.join('×')}${options?.preset === 'recipe' ? ' in the recipe' : ''} can be fitted and checked`, async () => {
      const detector = await fit(images(one, 1), { epochs: 1, ...options })
      assert.deepEqual(detector.manifest.shape, shape)
      const verdict = await detector.check(images({ ...one, count: 10 }, 2))
      assert.equal(verdict.judgement.count, 10)
      assert.ok(Number.isFinite(verdict.judgement.loss?.mean))
      await detector.close()
    })
  }
})
