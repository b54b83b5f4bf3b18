import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit, type FitOptions } from '../../../src/detector/index.ts'
import { parseFitOptions } from '../../../src/detector/settings/options.ts'
import { readReference } from '../../../src/detector/fitting/read-reference.ts'
import { splitImages } from '../../../src/detector/fitting/splits.ts'
import { DriftError } from '../../../src/errors.ts'
import { arrayImages, type ImageSource, type SkippedImage } from '../../../src/images/index.ts'
import { tellFitNote } from '../../../src/wording/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { fitTinyDetector } from '../../fixtures/tiny-detector.ts'

const shape = { channels: 1, height: 16, width: 16 }

describe('fit', () => {
  it('measures its baseline on images that nothing was trained on', async () => {
    const detector = await fitTinyDetector({ seed: 3 })
    const settings = { ...parseFitOptions({ seed: 3 }), maxImages: 30_000, shape }
    const source = arrayImages(blobImages({ count: 400, seed: 1 }))
    const read = await readReference(source, settings)
    const { learning, reference } = splitImages(read, 'memory')
    const measured = await detector.extractor.transform(reference.pixels)
    assert.deepEqual(detector.reference.values, measured)

    const parts = [learning.training, learning.validation, reference]
    const sizes = parts.map(({ pixels }) => pixels.shape[0])
    const { counts } = detector.manifest
    assert.deepEqual([counts.training, counts.validation, counts.reference], sizes)
    const ids = read.records.map(({ id }) => id)
    assert.equal(new Set(ids).size, 400)

    const mean = [...detector.baseline.losses].reduce((sum, loss) => sum + loss, 0) / sizes[2]
    assert.ok(Math.abs(detector.baseline.loss.mean - mean) < 1e-6)
    await detector.close()
  })

  it('refuses batch sizes whose null it could not draw, before it trains', async () => {
    const records = Array.from({ length: 200 }, (_, i) => ({ id: `day-${i >> 3}/${i}` }))
    const source = arrayImages(blobImages({ count: 200, seed: 1 }), records)
    await assert.rejects(
      fit(source, { batchSizes: [10, 31] }),
      /expected batch sizes of at most 30, half of the 60 held-out images; got 31/,
    )
    await assert.rejects(
      fit(source, { batchSizes: [10], blockBy: 'folder' }),
      /expected batch sizes or blocks, got both/,
    )
  })

  it('gives the same detector for the same seed, another for another seed', async () => {
    const id = async (options: FitOptions) => {
      const detector = await fitTinyDetector(options)
      await detector.close()
      return detector.manifest.id
    }
    const first = await id({ seed: 7 })
    assert.match(first, /^[0-9a-f]{12}$/)
    assert.equal(await id({ seed: 7 }), first)
    assert.notEqual(await id({ seed: 8 }), first)
  })

  it('warns when there are few held-out images, and says how few', async () => {
    const detector = await fitTinyDetector()
    await detector.close()
    assert.match(
      detector.manifest.notes.map(tellFitNote).join('\n'),
      /only 120 held-out reference images/,
    )
  })

  it('hands on the images it had to leave out, and counts them', async () => {
    const skipped: SkippedImage[] = []
    const detector = await fit(withDamage(blobImages({ count: 200, seed: 1 })), {
      epochs: 1,
      onSkip: (image) => skipped.push(image),
    })
    await detector.close()
    assert.deepEqual(
      skipped.map(({ id, code }) => [id, code]),
      [['7', 'image.values']],
    )
    assert.equal(detector.manifest.counts.skipped, 1)
    assert.equal(detector.manifest.counts.available, 199)
    assert.match(
      detector.manifest.notes.map(tellFitNote).join('\n'),
      /1 of 200 reference images could not be read/,
    )
  })

  it('stops at the first image it cannot read when it is strict', async () => {
    await rejects(
      fit(withDamage(blobImages({ count: 200, seed: 1 })), { strict: true }),
      'image.values',
    )
  })

  for (const stage of ['reading', 'training', 'measuring'] as const) {
    it(`is cancelled while ${stage}`, async () => {
      const controller = new AbortController()
      const stages: string[] = []
      const running = fitTinyDetector(
        {
          signal: controller.signal,
          onProgress: (progress) => {
            stages.push(progress.stage)
            if (progress.stage === stage) controller.abort()
          },
        },
        { count: 4000, side: 8 },
      )
      await rejects(running, 'cancelled')
      assert.equal(stages.at(-1), stage)
    })
  }

  it('refuses sides that the published architecture cannot halve twice, and says which fit', async () => {
    const source = arrayImages(blobImages({ count: 120, seed: 1, side: 18 }))
    await rejects(fit(source, { preset: 'recipe', epochs: 1 }), 'config.invalid')
  })
})

/** The images, one of which holds a value that is no number. */
function withDamage(pixels: ReturnType<typeof blobImages>): ImageSource {
  pixels.data[7 * 16 * 16] = Number.NaN
  return arrayImages(pixels)
}

async function rejects(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof DriftError && error.code === code)
}
