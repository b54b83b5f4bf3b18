import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fitExtractor, parseFitOptions } from '../../../src/detector/index.ts'
import type { Extractor } from '../../../src/measuring/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'

/** Two sorts of images that differ in their ground: what was learned from which can be told. */
const images = (seed: number, background: number, count = 120) =>
  blobImages({ count, seed, side: 8, background })
const [DARK, LIGHT] = [0.1, 0.25]
const validation = images(2, LIGHT)

let extractor: Extractor

before(async () => {
  extractor = await fitExtractor(
    { training: { pixels: images(1, DARK, 300) }, validation: { pixels: validation } },
    parseFitOptions({ epochs: 6, seed: 3 }),
    {},
  )
})
after(() => extractor.close())

async function meanOf(name: string, pixels: ReturnType<typeof images>): Promise<number> {
  const values = await extractor.transform(pixels)
  const at = extractor.columns.findIndex((column) => column.name === name)
  const [rows] = pixels.shape
  const width = extractor.columns.length
  return Array.from({ length: rows }, (_, i) => values[i * width + at]).reduce(
    (sum, value) => sum + value / rows,
    0,
  )
}

describe('what a extractor learns from validation images', () => {
  it('is which of them are usual: the outlier score is theirs, not that of the training images', async () => {
    const own = await meanOf('outlier-distance', images(5, LIGHT))
    const trained = await meanOf('outlier-distance', images(6, DARK))
    assert.ok(own < trained, `${own} for images as in validation, ${trained} as in training`)
  })

  it('is which epoch is kept: the losses of the history are of these images', async () => {
    const { history, bestEpoch } = extractor.autoencoder
    const losses = history.map(({ validationLoss }) => validationLoss)
    assert.equal(bestEpoch, losses.indexOf(Math.min(...losses)) + 1)
    const measured = await meanOf('loss', validation)
    assert.ok(Math.abs(measured - Math.min(...losses)) < 1e-4, `${measured}, ${losses.join()}`)
  })
})
