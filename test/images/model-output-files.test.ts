import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  arrayImages,
  attachModelOutputs,
  type ImageSource,
  limitImages,
  openImages,
  type OpenImagesOptions,
} from '../../src/images/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { collect } from '../contracts/image-source.ts'
import {
  COUNT,
  gzip,
  npyOf,
  referenceFiles,
  referencePixels,
  temporaryFolder,
  writeFolder,
} from './stored-images.ts'
import {
  embeddings,
  floats,
  manifest,
  modelOutputs,
  probabilities,
  refused,
} from './stored-outputs.ts'

/** A folder of the reference images, with files beside it. */
async function folderWith(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<{ images: string; path: (name: string) => string }> {
  const images = await writeFolder(await referenceFiles())
  const beside = await writeFolder(new Map(Object.entries(files)))
  return { images, path: (name) => join(beside, name) }
}

describe('model outputs in NPY files beside the images', () => {
  it('are modelOutputs to images in reading order, batch by batch, whatever the source', async () => {
    const { images, path } = await folderWith({
      'p.npy': floats(probabilities),
      'e.npy.gz': gzip(floats(embeddings)),
    })
    const options = { probabilities: path('p.npy'), embeddings: path('e.npy.gz') }
    const source = await openImages(images, options)
    for (const batchSize of [1, 3, 100]) {
      assert.deepEqual(await modelOutputs(source, { batchSize }), { probabilities, embeddings })
    }
  })

  it('count images that can’t be read, so that these don’t shift the rest', async () => {
    const { images, path } = await folderWith({ 'e.npy': floats(embeddings) })
    for (const damaged of ['cats/1.png', 'dogs/small/6.png']) {
      writeFileSync(join(images, damaged), 'no picture')
    }
    const source = await openImages(images, { embeddings: path('e.npy') })
    const expected = embeddings.filter((_, i) => i !== 1 && i !== 6)
    for (const batchSize of [2, 100]) {
      assert.deepEqual((await modelOutputs(source, { batchSize })).embeddings, expected)
    }
    const few = await modelOutputs(limitImages(source, 3), { batchSize: 2 })
    assert.deepEqual(few.embeddings, expected.slice(0, 3))
  })

  it('may be double or half precision, in either order, or one number a row', async () => {
    const { images, path } = await folderWith({
      'double.npy': npyOf(
        [COUNT],
        new Uint8Array(Float64Array.of(...probabilities.map(([p]) => p)).buffer),
        {
          descr: '<f8',
        },
      ),
      'half.npy': npyOf(
        [COUNT, 1],
        new Uint8Array(Uint16Array.from({ length: COUNT }, () => 0x3800).buffer),
        {
          descr: '<f2',
        },
      ),
      'columns.npy': floats(embeddings, { fortranOrder: true }),
    })
    const read = async (options: OpenImagesOptions) =>
      modelOutputs(await openImages(images, options))
    assert.deepEqual(
      (await read({ probabilities: path('double.npy') })).probabilities,
      probabilities.map(([p]) => [p]),
    )
    assert.deepEqual((await read({ logits: path('half.npy') })).logits?.[6], [0.5])
    assert.deepEqual((await read({ embeddings: path('columns.npy') })).embeddings, embeddings)
  })

  it('of many rows are read piece by piece', async () => {
    const count = 3000
    const rows = tensor(
      [count, 200],
      Float32Array.from({ length: count * 200 }, (_, i) => i % 977),
    )
    const pixels = tensor([count, 1, 1, 1], new Float32Array(count))
    const file = join(temporaryFolder(), 'e.npy')
    writeFileSync(file, npyOf(rows.shape, new Uint8Array(rows.data.buffer), { descr: '<f4' }))
    const source = await attachModelOutputs(arrayImages(pixels), { embeddings: file })
    assert.deepEqual((await modelOutputs(source)).embeddings?.flat(), Array.from(rows.data))
  })

  const wrong: Record<string, [bytes: Uint8Array, message: RegExp]> = {
    'too few rows': [
      floats(probabilities.slice(2)),
      /expected 7 rows, one per image of .*, got 5 in .*p\.npy/,
    ],
    'too many rows': [
      floats([...probabilities, [1, 0, 0]]),
      /expected 7 rows, one per image of .*, got 8 in .*p\.npy/,
    ],
    'integers, such as class numbers': [
      npyOf([COUNT], new Uint8Array(8 * COUNT), { descr: '<i8' }),
      /expected float16, float32 or float64, got int64 in .*p\.npy/,
    ],
    text: [npyOf([COUNT], new Uint8Array(4 * COUNT), { descr: '<U1' }), /got text or dates in/],
    'three axes': [
      npyOf([COUNT, 1, 2], new Uint8Array(8 * COUNT), { descr: '<f4' }),
      /expected N×K numbers, a row per image, got 7×1×2 in .*p\.npy/,
    ],
    'a row that sums to another number': [
      floats(probabilities.map((row, i) => (i === 3 ? [1, 1, 1] : row))),
      /expected probabilities that sum to 1, got a sum of 3 in .*p\.npy, row 3/,
    ],
    NaN: [
      floats(probabilities.map((row, i) => (i === 2 ? [Number.NaN, 1, 0] : row))),
      /expected finite probabilities, got NaN in .*p\.npy, row 2/,
    ],
  }
  for (const [title, [bytes, message]] of Object.entries(wrong)) {
    it(`with ${title} are an error that says where`, async () => {
      const { images, path } = await folderWith({ 'p.npy': bytes })
      await refused(openImages(images, { probabilities: path('p.npy') }), message)
    })
  }

  it('of another number of rows are an error too where the images are counted only by reading', async () => {
    const lines = ['path', 'a.png', 'b.png', 'gone.png', 'c.png']
    const rows = (count: number) => tensor([count, 2], new Float32Array(2 * count))
    for (const [count, message] of [
      [3, /expected at least 4 rows, one per image of .*, got 3 in memory/],
      [5, /expected 4 rows, one per image of .*, got 5 in memory/],
    ] as const) {
      const source = await manifest('list.csv', lines)
      await refused(attachModelOutputs(source, { logits: rows(count) }), message, /reading|read in/)
    }
  })

  it('that are missing, cut short, or no NPY are an error', async () => {
    const bytes = floats(probabilities)
    const { images, path } = await folderWith({ 'cut.npy': bytes.subarray(0, -9), 'x.npy': 'x' })
    for (const [name, message] of [
      ['none.npy', /expected an NPY file of logits, got ENOENT at .*none\.npy/],
      ['cut.npy', /truncated/],
      ['x.npy', /expected an NPY array in .*x\.npy/],
      ['', /expected an NPY file of logits, got a folder or device at /],
    ] as const) {
      await assert.rejects(openImages(images, { logits: path(name) }), {
        code: 'source.unreadable',
        message,
      })
    }
    const packed = await folderWith({ 'cut.npy.gz': gzip(bytes.subarray(0, -9)) })
    const source = await openImages(images, { logits: packed.path('cut.npy.gz') })
    await assert.rejects(collect(source), { code: 'source.unreadable', message: /truncated/ })
  })

  it('are an error where they say twice what is said already', async () => {
    const rows = tensor([COUNT, 3], Float32Array.from(probabilities.flat()))
    const images = arrayImages(referencePixels(3))
    await refused(
      attachModelOutputs(images, { probabilities: rows, logits: rows }),
      /expected probabilities or logits, got both in what is given beside memory/,
    )
    const once = await attachModelOutputs(images, { probabilities: rows })
    await refused(
      attachModelOutputs(once, { probabilities: rows }),
      /expected probabilities once, got them in memory and in memory/,
    )
    await refused(
      attachModelOutputs(once, { logits: rows }),
      /expected probabilities or logits, got both in memory and beside it/,
    )
    assert.deepEqual(await modelOutputs(await attachModelOutputs(once, { embeddings: rows })), {
      probabilities,
      embeddings: probabilities,
    })
  })

  it('need the places of the images from a source of one’s own that skips some', async () => {
    const rows = tensor([2, 1], Float32Array.of(1, 2))
    const pixels = tensor([1, 1, 1, 1], Float32Array.of(0))
    const own = (places?: readonly number[]): ImageSource => ({
      kind: 'own',
      location: 'here',
      batches: async function* batches({ onSkip }) {
        onSkip?.({ id: 'a', code: 'image.undecodable', message: 'damaged' })
        yield { pixels, records: [{ id: 'b' }], ...(places && { places }) }
      },
    })
    const placed = await attachModelOutputs(own([1]), { logits: rows })
    assert.deepEqual(await modelOutputs(placed), { logits: [[2]] })
    const unplaced = await attachModelOutputs(own(), { logits: rows })
    await assert.rejects(collect(unplaced), TypeError)
  })
})
