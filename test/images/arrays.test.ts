import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { openImages, type ImageRecord, type OpenOptions } from '../../src/images/index.ts'
import { collect, joined } from '../contracts/image-source.ts'
import { allReferenceBytes, GREY_SHAPE, gzip, idxOf, npyOf, writeOne } from './stored-images.ts'

type Golden = {
  arrays: Record<string, { file: string; pixels: number[] }>
  npz: { plain: string; compressed: string; keras: string }
  grey: number[]
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/image-arrays.json', import.meta.url), 'utf8'),
) as Golden

async function read(
  name: string,
  bytes: Uint8Array,
  options: OpenOptions = {},
): Promise<{ pixels: number[]; records: ImageRecord[] }> {
  const batches = await collect(await openImages(await writeOne(name, bytes), options))
  return { pixels: joined(batches), records: batches.flatMap(({ records }) => records) }
}

function assertPixels(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length)
  const largest = expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - actual[i])),
    0,
  )
  assert.ok(largest < 2e-7, `largest difference ${largest}`)
}

const grey = allReferenceBytes(1)

describe('NPY arrays', () => {
  for (const [name, { file, pixels }] of Object.entries(golden.arrays)) {
    it(`reads ${name} as NumPy wrote it`, async () => {
      assertPixels((await read('images.npy', Buffer.from(file, 'base64'))).pixels, pixels)
    })
  }

  it('reads a gzip-packed array', async () => {
    const { file, pixels } = golden.arrays['uint8']
    assertPixels((await read('images.npy.gz', gzip(Buffer.from(file, 'base64')))).pixels, pixels)
  })

  it('asks for the layout where the axes leave it open, and takes it', async () => {
    const bytes = npyOf(
      [2, 3, 2, 3],
      new Uint8Array(36).map((_, i) => i),
    )
    await assert.rejects(read('images.npy', bytes), { code: 'image.shape', message: /2×3×2×3/ })
    const first = await read('images.npy', bytes, { layout: 'NCHW' })
    const last = await read('images.npy', bytes, { layout: 'NHWC' })
    assert.deepEqual(
      first.pixels.slice(0, 2).map((v) => Math.round(v * 255)),
      [0, 1],
    )
    assert.deepEqual(
      last.pixels.slice(0, 2).map((v) => Math.round(v * 255)),
      [0, 3],
    )
  })

  it('refuses axes that are no images', async () => {
    const bytes = npyOf([4, 6], new Uint8Array(24))
    await assert.rejects(read('images.npy', bytes), { code: 'image.shape', message: /got 4×6/ })
  })

  it('refuses floats on another scale and says what to do', async () => {
    const values = Float32Array.of(0, 17, 255, 3)
    const bytes = npyOf([1, 2, 2], new Uint8Array(values.buffer), { descr: '<f4' })
    await assert.rejects(read('images.npy', bytes), {
      code: 'image.values',
      message: /expected floats in \[0, 1\], got 17/,
      hint: /Divide by 255/,
    })
    const standardised = new Uint8Array(Float32Array.of(0, -1.2, 0.3, 1).buffer)
    await assert.rejects(read('images.npy', npyOf([1, 2, 2], standardised, { descr: '<f4' })), {
      code: 'image.values',
      hint: /Undo the normalisation/,
    })
  })

  it('leaves out an image with NaN and keeps the others', async () => {
    const values = new Uint8Array(Float32Array.of(0, 0.5, NaN, 1, 0.25, 1).buffer)
    const path = await writeOne('images.npy', npyOf([3, 1, 2], values, { descr: '<f4' }))
    const skipped: string[] = []
    const source = await openImages(path)
    const batches = await collect(source, { onSkip: ({ id, code }) => skipped.push(id, code) })
    assert.deepEqual(joined(batches), [0, 0.5, 0.25, 1])
    assert.deepEqual(skipped, ['1', 'image.values'])
    await assert.rejects(collect(source, { strict: true }), {
      code: 'image.values',
      message: /NaN/,
    })
  })

  it('refuses integers that are no grey levels', async () => {
    const values = new Uint8Array(Int32Array.of(0, 300, 2, 3).buffer)
    await assert.rejects(read('images.npy', npyOf([1, 2, 2], values, { descr: '<i4' })), {
      code: 'image.values',
      message: /int32 pixels in 0..255, got 300/,
    })
  })

  it('refuses pickled objects, text and headers that are none', async () => {
    const objects = npyOf([1, 1, 1], new Uint8Array(8), { descr: '|O' })
    await assert.rejects(read('images.npy', objects), {
      code: 'source.unreadable',
      hint: /pickled/,
    })
    const text = npyOf([1, 1, 1], new Uint8Array(8), { descr: '<U2' })
    await assert.rejects(read('images.npy', text), { code: 'source.unreadable' })
    const broken = Buffer.from(npyOf([1, 1, 1], new Uint8Array(1)))
    broken.write('xxxxx', 12, 'latin1')
    await assert.rejects(read('images.npy', broken), {
      code: 'source.unreadable',
      message: /header/,
    })
  })

  it('notices a truncated file when it is opened, a truncated gzip when it gets there', async () => {
    const bytes = npyOf(GREY_SHAPE, grey)
    await assert.rejects(read('images.npy', bytes.subarray(0, -3)), {
      code: 'source.unreadable',
      message: /truncated/,
    })
    await assert.rejects(read('images.npy.gz', gzip(bytes.subarray(0, -30))), {
      code: 'source.unreadable',
      message: /expected 7 images, got 5/,
    })
    const packed = gzip(bytes)
    await assert.rejects(read('images.npy.gz', packed.subarray(0, packed.length - 20)), {
      code: 'source.unreadable',
    })
  })

  it('converts a channel count it knows and refuses the others for the source as a whole', async () => {
    const path = await writeOne('images.npy', npyOf([2, 2, 2, 4], new Uint8Array(32)))
    const source = await openImages(path, { layout: 'NHWC' })
    const shape = { channels: 3, height: 2, width: 2 }
    await assert.rejects(collect(source, { shape }), { code: 'image.shape', message: /got 4 in/ })
    assert.equal((await collect(source))[0].pixels.shape[1], 4)
  })
})

describe('NPZ arrays', () => {
  for (const name of ['plain', 'compressed'] as const) {
    it(`reads images and what is beside them from a ${name} file of NumPy's`, async () => {
      const { pixels, records } = await read('data.npz', Buffer.from(golden.npz[name], 'base64'))
      assertPixels(pixels, golden.grey)
      assert.deepEqual(records[3], {
        id: 'i3',
        label: 'ü',
        timestamp: '2026-11-23T10:03:00.000Z',
        prediction: '3',
        attributes: { camera: 'b' },
      })
    })
  }

  it("pairs Keras' x_test with y_test when it is named, and asks when it is not", async () => {
    const bytes = Buffer.from(golden.npz.keras, 'base64')
    const { pixels, records } = await read('mnist.npz', bytes, { column: 'x_test' })
    assertPixels(pixels, golden.grey)
    assert.deepEqual(
      records.map(({ label }) => label),
      ['0', '2', '4', '6', '8'],
    )
    await assert.rejects(read('mnist.npz', bytes), {
      code: 'source.unreadable',
      message: /x_train \(3×6×4\).*x_test \(5×6×4\)/,
    })
  })

  it('that can not be followed to its arrays is refused by name', async () => {
    const misled = Buffer.from(golden.npz.plain, 'base64')
    misled.writeUInt16LE(0xffff, 26)
    await assert.rejects(read('misled.npz', misled), {
      code: 'source.unreadable',
      message: /misled\.npz, entry /,
    })
  })
})

describe('IDX arrays', () => {
  it('takes labels from a second file, gzip-packed or not', async () => {
    const labels = await writeOne('labels.gz', gzip(idxOf([7], Uint8Array.of(5, 0, 4, 1, 9, 2, 1))))
    const { records } = await read('images', idxOf(GREY_SHAPE, grey), { labels })
    assert.deepEqual(records.slice(0, 2), [
      { id: '0', label: '5' },
      { id: '1', label: '0' },
    ])
  })

  it('refuses labels of another number', async () => {
    const labels = await writeOne('labels', idxOf([3], Uint8Array.of(1, 2, 3)))
    await assert.rejects(read('images', idxOf(GREY_SHAPE, grey), { labels }), {
      code: 'source.unreadable',
      message: /expected 7 values, one per image, got 3/,
    })
  })

  it('refuses a truncated file and one with bytes left over', async () => {
    const bytes = Buffer.from(idxOf(GREY_SHAPE, grey))
    await assert.rejects(read('images', bytes.subarray(0, -1)), { message: /truncated/ })
    await assert.rejects(read('images', Buffer.concat([bytes, bytes])), { message: /longer/ })
    await assert.rejects(read('images', bytes.subarray(0, 9)), { message: /header/ })
  })

  it('reports an array without images as empty', async () => {
    await assert.rejects(read('images', idxOf([0, 4, 6], new Uint8Array())), {
      code: 'source.empty',
    })
  })
})
