import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Detector } from '../../src/detector/index.ts'
import { arrayImages, type ImageSource } from '../../src/images/index.ts'
import { keptPixels, rereadPixels } from '../../src/report/index.ts'
import { tensor } from '../../src/tensor/index.ts'

const COUNT = 12
const pixels = tensor(
  [COUNT, 1, 4, 4],
  Float32Array.from({ length: COUNT * 16 }, (_, i) => Math.floor(i / 16) / 20),
)
const detector = { manifest: { shape: [1, 4, 4], resize: 'stretch' } } as unknown as Detector

/** Images in batches of four, and how many of them were read. */
function counted(): { source: ImageSource; read: () => number } {
  let read = 0
  const source = arrayImages(pixels)
  return {
    source: {
      ...source,
      async *batches(options) {
        for await (const batch of source.batches({ ...options, batchSize: 4 })) {
          read += batch.records.length
          yield batch
        }
      },
    },
    read: () => read,
  }
}

describe('pictures read again', () => {
  it('are those of the numbers asked for, each a copy of its own', async () => {
    const { source } = counted()
    const found = await rereadPixels(detector, source)([9, 2])
    assert.deepEqual(new Set(found.keys()), new Set([2, 9]))
    for (const [place, picture] of found) {
      assert.deepEqual(picture.pixels.shape, [1, 1, 4, 4])
      assert.ok(Math.abs(picture.pixels.data[0] - place / 20) < 1e-6)
      assert.equal(picture.pixels.data.buffer.byteLength, 64)
    }
  })

  it('are read up to the last one, and not at all where none are asked for', async () => {
    const early = counted()
    await rereadPixels(detector, early.source)([0, 3])
    assert.equal(early.read(), 4)
    const none = counted()
    assert.equal((await rereadPixels(detector, none.source)([])).size, 0)
    assert.equal(none.read(), 0)
  })

  it('leave out what is no longer there', async () => {
    const found = await rereadPixels(detector, counted().source)([1, 99])
    assert.deepEqual([...found.keys()], [1])
  })
})

describe('pictures that were kept', () => {
  it('are given as far as there are any', async () => {
    const picture = { record: { id: 'a' }, pixels: tensor([1, 1, 1, 1], Float32Array.of(0.5)) }
    const found = await keptPixels(new Map([[7, picture]]))([3, 7])
    assert.deepEqual([...found], [[7, picture]])
  })
})
