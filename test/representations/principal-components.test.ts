import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  fitPrincipalComponents,
  loadPrincipalComponents,
  measureRows,
} from '../../src/representations/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { describeRepresentation } from '../contracts/representation.ts'
import { sampleImages } from './image-samples.ts'

const golden = JSON.parse(
  readFileSync(new URL('../golden/principal-components.json', import.meta.url), 'utf8'),
) as {
  readonly shape: readonly number[]
  readonly levels: readonly number[]
  readonly components: number
  readonly maxSide16: readonly number[]
  readonly maxSide4: readonly number[]
}

for (const shape of [
  { channels: 1, height: 28, width: 28 },
  { channels: 3, height: 32, width: 32 },
  { channels: 1, height: 17, width: 23 },
  { channels: 1, height: 2, width: 1 },
]) {
  const fitted = fitPrincipalComponents({
    training: sampleImages(40, shape),
    seed: 3,
    components: 8,
  })
  const name = `principal components of ${shape.channels}×${shape.height}×${shape.width}`
  describeRepresentation(
    name,
    async () => ({
      representation: fitted,
      inputs: { pixels: sampleImages(4, shape, 9) },
      load: loadPrincipalComponents,
    }),
    // Products of one row and of several add up in another order.
    { tolerance: 1e-5 },
  )
}

describe('principal components', () => {
  const images = tensor(
    golden.shape,
    Float32Array.from(golden.levels, (level) => level / 255),
  )
  const { components } = golden

  for (const [maxSide, expected] of [
    [16, golden.maxSide16],
    [4, golden.maxSide4],
  ] as const) {
    it(`agree with NumPy's SVD on images averaged to ${maxSide} pixels a side`, async () => {
      const fitted = fitPrincipalComponents({ training: images, seed: 1, components, maxSide })
      const values = await measureRows(fitted, { pixels: images })
      assert.equal(values.length, expected.length)
      values.forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) < 1e-4, `value ${i}: ${value}, ${expected[i]}`)
      })
    })
  }

  it('are 32 unless images or pixels are fewer', () => {
    const count = (rows: number, side: number): number => {
      const training = sampleImages(rows, { channels: 1, height: side, width: side })
      return fitPrincipalComponents({ training, seed: 1 }).columns.length
    }
    assert.equal(count(60, 8), 32)
    assert.equal(count(10, 8), 9)
    assert.equal(count(60, 3), 9)
  })

  it('are the same for the same seed, also from a sample of the images', () => {
    const training = sampleImages(80, { channels: 1, height: 12, width: 12 })
    const files = (seed: number): Uint8Array[] => [
      ...fitPrincipalComponents({ training, seed, sampleSize: 40 }).save().values(),
    ]
    assert.deepEqual(files(1), files(1))
    assert.notDeepEqual(files(1), files(2))
  })

  it('take 3×224×224 images in bounded memory: 16 pixels a side', () => {
    const shape = { channels: 3, height: 224, width: 224 }
    const fitted = fitPrincipalComponents({ training: sampleImages(6, shape), seed: 1 })
    assert.equal(fitted.save().get('principal-components.mean.f32')?.length, 4 * 3 * 16 * 16)
  })

  it('project the mean of training images of any size to the mean of their coordinates, 0', async () => {
    for (const shape of [
      { channels: 1, height: 50, width: 33 },
      { channels: 3, height: 224, width: 200 },
    ]) {
      const training = sampleImages(12, shape)
      const fitted = fitPrincipalComponents({ training, seed: 1, components: 8 })
      const values = await measureRows(fitted, { pixels: training })
      const width = fitted.columns.length
      for (let k = 0; k < width; k++) {
        let sum = 0
        let square = 0
        for (let i = k; i < values.length; i += width) {
          sum += values[i]
          square += values[i] ** 2
        }
        assert.ok(square > 1e-4, `component ${k + 1} of ${shape.height}×${shape.width}`)
        assert.ok(Math.abs(sum) < 1e-3, `component ${k + 1}: ${sum}`)
      }
      await fitted.close?.()
    }
  })

  it('are the same once closed', async () => {
    const fitted = fitPrincipalComponents({ training: images, seed: 1, components })
    const before = await measureRows(fitted, { pixels: images })
    await fitted.close?.()
    assert.deepEqual(await measureRows(fitted, { pixels: images }), before)
    await fitted.close?.()
  })

  it('need at least two training images', () => {
    const training = sampleImages(1, { channels: 1, height: 4, width: 4 })
    assert.throws(() => fitPrincipalComponents({ training, seed: 1 }), {
      code: 'data.insufficient',
    })
  })
})
