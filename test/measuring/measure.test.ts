import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Detector } from '../../src/detector/index.ts'
import { arrayImages, type ImageBatch, type ImageSource } from '../../src/images/index.ts'
import { type Extractor, measure } from '../../src/measuring/index.ts'
import { type Measurements, mergeMeasurements } from '../../src/measuring/values/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'

const COUNT = 1500

let detector: Detector
let extractor: Extractor
let images: ImageSource

before(async () => {
  detector = await fitTinyDetector()
  ;({ extractor } = detector)
  images = arrayImages(blobImages({ count: COUNT, seed: 3 }))
})
after(() => detector.close())

async function measured(
  source: ImageSource,
  isChosen?: (batch: number) => boolean,
): Promise<Measurements[]> {
  const parts: Measurements[] = []
  for await (const { number: _, ...part } of measure(extractor, source, { isChosen })) {
    parts.push(part)
  }
  return parts
}

function merged(parts: readonly Measurements[]): Measurements {
  return mergeMeasurements(parts, { extractorId: extractor.id, columns: extractor.columns })
}

describe('measuring', () => {
  it('in shards gives what one run gives, to the bit', async () => {
    const whole = merged(await measured(images))
    assert.equal(whole.count, COUNT)
    const shards: Measurements[] = []
    for (const shard of [2, 0, 3, 1]) {
      shards.push(merged(await measured(images, (batch) => batch % 4 === shard)))
    }
    assert.deepEqual(merged(shards), whole)
  })

  it('gives the numbers that the extractor gives, with record, place and hash of each image', async () => {
    const pixels = blobImages({ count: 20, seed: 4 })
    const [part] = await measured(arrayImages(pixels))
    assert.deepEqual(part.values, await extractor.transform(pixels))
    assert.deepEqual(
      part.images.map(({ place, record }) => [place, record.id]),
      Array.from({ length: 20 }, (_, i) => [i, String(i)]),
    )
    assert.equal(new Set(part.images.map(({ hash }) => hash)).size, 20)
    assert.equal(part.extractorId, detector.manifest.ids?.extractor)
  })

  it('keeps skipped images and notes, also of a source that ends with them', async () => {
    const [pixels] = [blobImages({ count: 3, seed: 4 })]
    const source: ImageSource = {
      kind: 'array',
      location: 'odd',
      batches: async function* batches({ onSkip, onNote }): AsyncGenerator<ImageBatch> {
        onNote?.('odd')
        onSkip?.({ id: 'x', code: 'image.undecodable', message: 'damaged', place: 0 })
        yield { pixels, records: ['a', 'b', 'c'].map((id) => ({ id })), places: [1, 2, 3] }
        onSkip?.({ id: 'y', code: 'image.shape', message: 'odd', place: 4 })
      },
    }
    const all = merged(await measured(source))
    assert.equal(all.count, 3)
    assert.deepEqual(all.notes, ['odd'])
    assert.deepEqual(
      all.skipped.named.map(({ id }) => id),
      ['x', 'y'],
    )
    assert.deepEqual(
      all.sources.map(({ location }) => location),
      ['odd'],
    )
  })

  it('passes over what a source cannot: batches that are not chosen are not measured', async () => {
    const source: ImageSource = {
      kind: 'array',
      location: 'memory',
      batches: async function* batches(): AsyncGenerator<ImageBatch> {
        for (const seed of [1, 2, 3]) {
          yield { pixels: blobImages({ count: 5, seed }), records: range(5).map((id) => ({ id })) }
        }
      },
    }
    const parts = await measured(source, (batch) => batch === 1)
    assert.deepEqual(
      parts.flatMap((part) => part.images.map(({ place }) => place)),
      [5, 6, 7, 8, 9],
    )
  })

  it('stops when cancelled', async () => {
    const controller = new AbortController()
    await assert.rejects(
      async () => {
        for await (const _ of measure(extractor, images, { signal: controller.signal })) {
          controller.abort()
        }
      },
      { code: 'cancelled' },
    )
  })
})

function range(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i))
}

describe('judging what was measured', () => {
  it('gives the verdict of a check of the images', async () => {
    const now = () => new Date(0)
    for (const background of [0.1, 0.3]) {
      const batch = arrayImages(blobImages({ count: 40, seed: 5, background }))
      const measurements = merged(await measured(batch))
      assert.deepEqual(
        await detector.judge(measurements, { now, seed: 3 }),
        await detector.check(batch, { now, seed: 3 }),
      )
    }
  })

  it('refuses measurements by another extractor', async () => {
    const [part] = await measured(arrayImages(blobImages({ count: 10, seed: 5 })))
    await assert.rejects(detector.judge({ ...part, extractorId: 'other' }), {
      code: 'config.invalid',
      message: /of this detector, got some by other/,
    })
  })
})
