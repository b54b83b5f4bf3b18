import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { DriftError } from '../../src/errors.ts'
import { type DecodePool, withDecodePool } from '../../src/images/decode-pool.ts'
import { type BatchOptions, openImages, type SkippedImage } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { collect } from '../contracts/image-source.ts'
import { tarOf, writeFolder } from './stored-images.ts'

/** A photograph-sized JPEG that is all noise, about 150 KB. */
async function noisePicture(seed: number): Promise<Uint8Array> {
  const [width, height] = [320, 280]
  const random = createRandom(seed)
  const pixels = new Uint8Array(width * height * 3).map(() => random.integer(256))
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer()
}

/** More bytes than are read before threads are started, with pages and damage behind them. */
async function manyFiles(): Promise<Map<string, Uint8Array>> {
  const pictures = await Promise.all([1, 2, 3].map(noisePicture))
  const bytes = pictures.reduce((sum, { length }) => sum + length, 0)
  const rounds = Math.ceil((24 * 1024 * 1024) / bytes)
  const files = new Map<string, Uint8Array>()
  for (let i = 0; i < 3 * rounds; i++) {
    files.set(`${String(i).padStart(4, '0')}.jpg`, pictures[i % 3])
  }
  const page = { create: { width: 40, height: 30, channels: 3 as const, background: 'red' } }
  const blank = await Promise.all([1, 2].map(async () => sharp(page).png().toBuffer()))
  const pages = await sharp(blank, { join: { animated: true } })
    .tiff()
    .toBuffer()
  const last = String(3 * rounds - 2).padStart(4, '0')
  files.set(`${last}-cut.jpg`, pictures[0].subarray(0, 5000))
  files.set(`${last}-pages.tif`, pages)
  return files
}

/** What is read is asked of one thread comes from the one that asks. */
async function read(location: string, isOnThreads: boolean, isChosen?: BatchOptions['isChosen']) {
  const skipped: SkippedImage[] = []
  let counted = 0
  const source = await openImages(location)
  const batches = await collect(source, {
    shape: { channels: 3, height: 16, width: 16 },
    batchSize: 8,
    isChosen,
    // libvips keeps one list of faults for all threads, so what it adds to the message can be another file's.
    onSkip: (image) => skipped.push({ ...image, message: image.message.replace(/: .*$/, '') }),
    onCounted: (images) => (counted = images),
    ...(!isOnThreads && { threads: 1 }),
  })
  const values = batches.flatMap(({ pixels }) => [...pixels.data])
  const records = batches.flatMap((batch) => batch.records)
  const places = batches.flatMap((batch) => batch.places)
  return { values, records, places, skipped, counted }
}

describe('pictures decoded on threads', () => {
  for (const [title, store] of Object.entries({
    'of a folder': writeFolder,
    'of an archive': async (files: Map<string, Uint8Array>) =>
      writeFolder(new Map([['all.tar', await tarOf(files)]])),
  })) {
    it(`${title} are those of one thread, in order, pages and damaged ones too`, async () => {
      const location = await store(await manyFiles())
      const expected = await read(location, false)
      assert.equal(expected.skipped.length, 1)
      assert.deepEqual(await read(location, true), expected)
      const isChosen = (batch: number) => batch % 5 === 4
      const shard = await read(location, true, isChosen)
      assert.ok(shard.places.length > 16)
      assert.deepEqual(shard, await read(location, false, isChosen))
    })
  }

  it('are decoded there, and what a thread cannot be sent here', async (t) => {
    if (availableParallelism() < 2) return t.skip('one core alone')
    async function* use(pool: DecodePool) {
      await pool.start()
      assert.ok(pool.size() >= 2)
      const encoded = await noisePicture(1)
      const before = encoded.slice()
      const form = { shape: { channels: 3, height: 16, width: 16 } }
      yield await pool.prepare([{ record: { id: 'a', label: 'x' }, encoded }], form)
      yield await pool.prepare(
        [
          { record: { id: 'a', label: 'x' }, encoded },
          { record: { id: 'b' }, error: new DriftError('image.undecodable', 'gone') },
        ],
        form,
      )
      assert.deepEqual(encoded, before)
    }
    const [there, here] = await gather(withDecodePool(use))
    assert.ok(there.read > 0)
    assert.equal(here.read, 0)
    assert.deepEqual(here.prepared[0], there.prepared[0])
    assert.equal(here.prepared.length, 2)
  })
})

async function gather<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}
