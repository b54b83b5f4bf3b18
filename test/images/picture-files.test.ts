import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  arrayImages,
  encodedImages,
  type ImageSource,
  openImages,
  openSent,
  pictureFiles,
} from '../../src/images/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { npyOf, referenceFiles, referencePixels, tarOf, writeOne } from './stored-images.ts'

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

async function reread(source: ImageSource) {
  const files = await listOf(pictureFiles(source))
  const encoded = files.map((file) => {
    assert.ok('bytes' in file)
    return { record: file.record, encoded: file.bytes }
  })
  const [batch] = await listOf(encodedImages(encoded).batches({}))
  return { batch, encoded }
}

describe('images of a source as files', () => {
  for (const channels of [1, 3] as const) {
    it(`are pixels of arrays without any loss, ${channels === 1 ? 'grey' : 'in colour'}`, async () => {
      const bytes = referencePixels(channels)
      const eight = await reread(arrayImages(bytes))
      assert.deepEqual(eight.batch.pixels.data, bytes.data)
      const fine = tensor(
        bytes.shape,
        bytes.data.map((value, i) =>
          Math.fround((Math.round(value * 60_000 + i) % 65_536) / 65_535),
        ),
      )
      const sixteen = await reread(arrayImages(fine))
      assert.deepEqual(sixteen.batch.pixels.data, fine.data)
      assert.deepEqual(
        sixteen.encoded.map(({ record }) => record.id),
        ['0', '1', '2', '3', '4', '5', '6'],
      )
    })
  }

  it('are those of an archive as they are, and of an array the ones that can be read', async () => {
    const files = await referenceFiles()
    const tar = await openImages(await writeOne('a.tar', await tarOf(files)))
    const found = await listOf(pictureFiles(tar))
    assert.deepEqual(
      found.map((file) => ['bytes' in file && Buffer.from(file.bytes).toString('hex')]),
      [...files.values()].map((bytes) => [Buffer.from(bytes).toString('hex')]),
    )
    const values = new Float32Array(3 * 4 * 4).fill(0.5)
    values[20] = Number.NaN
    const odd = await listOf(pictureFiles(arrayImages(tensor([3, 1, 4, 4], values))))
    assert.deepEqual(
      odd
        .map((file) => [file.record.id, 'error' in file && file.error.code])
        .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      [
        ['0', false],
        ['1', 'image.values'],
        ['2', false],
      ],
    )
    await assert.rejects(
      listOf(pictureFiles(arrayImages(tensor([1, 4, 4, 4], new Float32Array(64))))),
      { code: 'image.shape', message: /1 or 3 channels, got 4/ },
    )
  })
})

describe('what somebody sent', () => {
  it('is opened as what it was said to be, and its place is in no message', async () => {
    const path = await writeOne('body', npyOf([2, 4, 4], new Uint8Array(32)))
    const source = await openSent(path, ['npy'])
    assert.deepEqual([source.kind, source.count, source.isNamed], ['npy', 2, false])
    await assert.rejects(openSent(path, ['parquet', 'idx']), {
      code: 'source.unreadable',
      message:
        'expected Parquet table with a column of image bytes or IDX (MNIST) array, plain or .gz, got something else',
    })
    const short = await writeOne('body', npyOf([3, 4, 4], new Uint8Array(32)))
    await assert.rejects(openSent(short, ['npy']), /: body\.npy is truncated/)
  })
})
