import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { DriftError } from '../../src/errors.ts'
import { type DecodePool, withDecodePool } from '../../src/images/decode-pool.ts'
import { type PreparedGroup, SEVERAL } from '../../src/images/prepare-group.ts'
import { type BatchOptions, openImages, type SkippedImage } from '../../src/images/index.ts'
import { writePixels } from '../../src/images/raw-pixels.ts'
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

/** More bytes than are worth starting threads for, with pages and damage behind them. */
async function manyFiles(): Promise<Map<string, Uint8Array>> {
  const pictures = await Promise.all([1, 2, 3].map(noisePicture))
  const bytes = pictures.reduce((sum, { length }) => sum + length, 0)
  const rounds = Math.ceil((12 * 1024 * 1024) / bytes)
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

/** Small ones: colour, a camera's, sixteen bits of grey, damaged, several pages, no picture, one frame. */
async function oddFiles(): Promise<Map<string, Uint8Array>> {
  const plain = sharp({ create: { width: 9, height: 7, channels: 3, background: '#c81e28' } })
  const deep = sharp(
    Uint16Array.from({ length: 63 }, (_, i) => 999 * i),
    { raw: { width: 9, height: 7, channels: 1 } },
  )
  const pages = await Promise.all([1, 2, 3].map(async () => plain.clone().png().toBuffer()))
  const jpeg = await plain.clone().jpeg().toBuffer()
  return new Map<string, Uint8Array>([
    ['0.jpg', jpeg],
    [
      '1.jpg',
      await plain
        .clone()
        .withExif({ IFD0: { Model: 'Pinhole 3' } })
        .jpeg()
        .toBuffer(),
    ],
    ['2.png', await deep.toColourspace('grey16').png().toBuffer()],
    ['3.jpg', jpeg.subarray(0, 200)],
    [
      '4.tif',
      await sharp(pages, { join: { animated: true } })
        .tiff()
        .toBuffer(),
    ],
    ['5.png', Buffer.from('<!doctype html>')],
    ['6.gif', await plain.clone().gif().toBuffer()],
    ['7.png', await plain.clone().png().toBuffer()],
  ])
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
  const files = batches.flatMap((batch) => [...(batch.files?.data ?? [])])
  const records = batches.flatMap((batch) => batch.records)
  const places = batches.flatMap((batch) => batch.places)
  return { values, files, records, places, skipped, counted }
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

  it('are all that one thread reads of small files of every kind', async (t) => {
    if (availableParallelism() < 2) return t.skip('one core alone')
    const location = await writeFolder(await oddFiles())
    async function* use(pool: DecodePool) {
      await pool.start()
      yield [await read(location, false), await read(location, true)]
    }
    const [[expected, found]] = await gather(withDecodePool(use))
    assert.equal(expected.records.length, 8)
    assert.equal(expected.records[1].camera, 'Pinhole 3')
    assert.deepEqual(
      expected.skipped.map(({ id }) => id),
      ['3.jpg', '5.png'],
    )
    assert.deepEqual(found, expected)
  })

  it('are decoded there as here, and here where one among them cannot be sent', async (t) => {
    if (availableParallelism() < 2) return t.skip('one core alone')
    const encoded = await noisePicture(1)
    const before = encoded.slice()
    const pages = (await oddFiles()).get('4.tif') ?? new Uint8Array()
    const form = { shape: { channels: 3, height: 16, width: 16 } }
    const sendable = [
      { record: { id: 'a', label: 'x' }, encoded },
      { record: { id: 'b' }, encoded: pages },
      { record: { id: 'c' }, encoded: pages, isSingle: true as const },
    ]
    const gone = new DriftError('image.undecodable', 'gone')
    async function* use(pool: DecodePool) {
      await pool.start()
      assert.ok(pool.size() >= 2)
      yield await pool.prepare(sendable, form)
      yield await pool.prepare([...sendable, { record: { id: 'd' }, error: gone }], form)
    }
    const [there, here] = await gather(withDecodePool(use))
    assert.deepEqual(encoded, before)
    assert.equal(there.read, encoded.length + 2 * pages.length)
    assert.equal(there.prepared[1], SEVERAL)
    assert.deepEqual(here.prepared.slice(0, 3).map(foundOf), there.prepared.map(foundOf))
    assert.deepEqual(foundOf(here.prepared[3]), { id: 'd', error: gone })
  })
})

/** What was found of an item, whatever memory holds it. */
function foundOf(prepared: PreparedGroup['prepared'][number]) {
  if (prepared === SEVERAL) return SEVERAL
  const { id } = prepared.record
  if ('error' in prepared) return { id, error: prepared.error }
  const row = 'row' in prepared ? prepared.row : new Float32Array(3 * 16 * 16)
  if ('pixels' in prepared) writePixels(prepared.pixels, 3, row)
  return { id, row: [...row], file: Array.from(prepared.file.row, Math.fround) }
}

async function gather<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}
