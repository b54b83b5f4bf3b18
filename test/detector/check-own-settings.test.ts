import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit } from '../../src/detector/index.ts'
import { arrayImages, type BatchOptions, type ImageSource } from '../../src/images/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'

/** The source, and what it was asked for. */
function watched(source: ImageSource): ImageSource & { readonly asked: BatchOptions[] } {
  const asked: BatchOptions[] = []
  return {
    ...source,
    asked,
    batches: (options) => {
      asked.push(options)
      return source.batches(options)
    },
  }
}

describe('a check', () => {
  for (const resize of ['cover', 'contain'] as const) {
    it(`brings images to the working shape as the reference was: ${resize}`, async () => {
      const detector = await fitTinyDetector({ resize, epochs: 1 })
      const batch = watched(arrayImages(blobImages({ count: 20, seed: 9 })))
      await detector.check(batch)
      assert.equal(batch.asked.length, 1)
      assert.equal(batch.asked[0].resize, resize)
      assert.deepEqual(batch.asked[0].shape, { channels: 1, height: 16, width: 16 })
      await detector.close()
    })
  }

  it('judges by the policy the detector was fitted with, unless another is given', async () => {
    const strange = { kind: 'relative', increase: 0.37 } as const
    const detector = await fitTinyDetector({ policy: strange, epochs: 1 })
    const check = async (options = {}) =>
      (await detector.check(arrayImages(blobImages({ count: 20, seed: 9 })), options)).judgement
        .threshold
    const own = await check()
    assert.deepEqual([own.policy, own.value], ['relative', 0.37])
    const other = await check({ policy: { kind: 'false-alarm-rate', rate: 0.03 } })
    assert.deepEqual([other.policy, other.value], ['false-alarm-rate', 0.03])
    const rated = await fitTinyDetector({
      policy: { kind: 'false-alarm-rate', rate: 0.07 },
      epochs: 1,
    })
    const {
      judgement: { threshold },
    } = await rated.check(arrayImages(blobImages({ count: 20, seed: 9 })))
    assert.deepEqual([threshold.policy, threshold.value], ['false-alarm-rate', 0.07])
    const few = await rated.check(arrayImages(blobImages({ count: 2, seed: 9 })))
    assert.deepEqual(
      [few.judgement.threshold.policy, few.judgement.threshold.value],
      ['false-alarm-rate', 0.07],
    )
    await Promise.all([detector.close(), rated.close()])
  })
})

describe('the blocks of a fitted detector', () => {
  it('are those of its reference rows', async () => {
    // Sessions of unequal length, each of a grey of its own: the mean of an image tells its session.
    const count = 300
    const side = 8
    const sessionOf = (image: number): number => Math.floor(2.5 * Math.sqrt(image))
    const noise = blobImages({ count, seed: 3, side })
    const pixels = tensor(
      noise.shape,
      noise.data.map(
        (value, i) => sessionOf(Math.floor(i / (side * side))) / 60 + 0.01 + (value - 0.5) * 1e-3,
      ),
    )
    const clipped = tensor(
      pixels.shape,
      pixels.data.map((value) => Math.min(1, Math.max(0, value))),
    )
    const records = Array.from({ length: count }, (_, i) => ({
      id: `${i}`,
      attributes: { session: `${sessionOf(i)}` },
    }))
    const detector = await fit(arrayImages(clipped, records), { epochs: 1, blockBy: 'session' })
    const { reference, blocks, manifest } = detector
    assert.ok(blocks)
    assert.equal(blocks.length, reference.rows)
    const mean = manifest.columns.findIndex(({ name }) => name === 'mean')
    const greys = new Map<number, number[]>()
    blocks.forEach((block, row) => {
      const grey = reference.values[row * manifest.columns.length + mean]
      greys.set(block, [...(greys.get(block) ?? []), Math.round(60 * grey)])
    })
    for (const own of greys.values())
      assert.equal(new Set(own).size, 1, `${own.join()} are one block`)
    assert.equal(new Set([...greys.values()].map(([grey]) => grey)).size, greys.size)
    await detector.close()
  })
})
