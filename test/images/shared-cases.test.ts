/** Small files that went wrong somewhere, kept outside the repository; each of their kinds has a test of its own too. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openImages, type SkippedImage } from '../../src/images/index.ts'
import { collect, joined } from '../contracts/image-source.ts'

const CASES = fileURLToPath(new URL('../../../shared/cases/', import.meta.url))
const skip = existsSync(CASES) ? false : `there is no ${CASES}`

type Read = {
  readonly ids: string[]
  readonly pixels: number[]
  readonly shape: readonly number[]
  readonly skipped: SkippedImage[]
  readonly notes: string[]
}

const SIZE = { channels: 3, height: 32, width: 48 }

async function read(path: string, shape: typeof SIZE | null = SIZE): Promise<Read> {
  const skipped: SkippedImage[] = []
  const notes: string[] = []
  const batches = await collect(await openImages(join(CASES, path)), {
    onSkip: (one) => skipped.push(one),
    onNote: (note) => notes.push(note),
    ...(shape && { shape }),
  })
  const ids = batches.flatMap(({ records }) => records.map(({ id }) => id))
  return { ids, pixels: joined(batches), shape: batches[0]?.pixels.shape ?? [], skipped, notes }
}

describe('cases', { skip }, () => {
  const counts: Record<string, number> = {
    'mixed-extensions': 9,
    nas: 9,
    shards: 8,
    'three-pages.tif': 3,
    'trailing-bytes.zip': 6,
    'hard-links.tar': 12,
    'nfc.csv': 9,
    'paths-only.parquet': 0,
    'samsung-sos.jpg': 1,
    'picture.bmp': 1,
    'cctv-extra-bytes.jpg': 1,
    'object-labels.npz': 8,
  }
  for (const [path, count] of Object.entries(counts)) {
    it(`${path} gives ${count} pictures`, async () => {
      const { ids, skipped } = await read(path)
      assert.equal(ids.length, count, JSON.stringify(skipped))
      assert.equal(new Set(ids).size, count)
    })
  }

  for (const name of [
    'backslash',
    'cr',
    'semicolon',
    'sep',
    'spaces-trail',
    'time-epoch',
    'utf16',
  ]) {
    it(`manifests/${name}.csv is read`, async () => {
      const { ids, skipped } = await read(`manifests/${name}.csv`)
      assert.deepEqual(skipped, [])
      assert.equal(ids.length, name === 'sep' ? 8 : 9)
    })
  }

  const refusals: Record<string, RegExp> = {
    'manifests/dup-col.csv': /different names, got "path" twice/,
    'manifests/empty.csv': /found none/,
    'manifests/head-only.csv': /found none/,
    'encrypted.zip': /is encrypted/,
    'deflate64.zip': /is packed with Deflate64/,
  }
  for (const [path, message] of Object.entries(refusals)) {
    it(`${path} is refused once, and says why`, async () => {
      await assert.rejects(read(path), { message })
    })
  }

  const named: Record<string, RegExp> = {
    'page-named.jpg': /HTML page/,
    'lfs-pointer.jpg': /Git LFS pointer.*git lfs pull/,
    'zstd.tif': /zstd compression/,
    'float32.tif': /floats/,
    'manifests/urls.csv': /nothing is fetched/,
    'paths-only.parquet': /only the path "000.png"/,
  }
  for (const [path, words] of Object.entries(named)) {
    it(`${path} is named for what it is`, async () => {
      assert.match((await read(path)).skipped[0].message, words)
    })
  }

  it('imagenet-normalised.npy is told to undo mean and spread', async () => {
    await assert.rejects(read('imagenet-normalised.npy', null), { hint: /Undo the normalisation/ })
  })

  it('float16.npy has the pixels of same-as-uint8.npy', async () => {
    assert.deepEqual(
      (await read('float16.npy', null)).pixels,
      (await read('same-as-uint8.npy', null)).pixels,
    )
  })

  it('uint16-holding-0-255.npy gets a note', async () => {
    assert.match((await read('uint16-holding-0-255.npy', null)).notes.join(), /of 65,535/)
  })

  it('one-image-hwc.npy is one picture', async () => {
    assert.deepEqual((await read('one-image-hwc.npy', null)).shape.slice(0, 2), [1, 3])
  })

  it('rgb-nir.tif and rgb-extra-band-zero.tif keep their colours', async () => {
    const [infrared, zero] = [await read('rgb-nir.tif'), await read('rgb-extra-band-zero.tif')]
    assert.deepEqual(infrared.pixels, zero.pixels)
    assert.ok(Math.max(...zero.pixels) > 0.5)
  })

  it('exif6-after-fill-bytes.jpg is turned', async () => {
    assert.deepEqual((await read('exif6-after-fill-bytes.jpg', null)).shape.slice(2), [48, 32])
  })

  it('names in Latin-1 are read from an unpacked archive', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-cases-'))
    execFileSync('tar', ['xf', join(CASES, 'unpack-me-latin1-names.tar'), '-C', folder])
    const [{ records }] = await collect(await openImages(folder), { strict: true })
    assert.equal(records.length, 9)
  })

  it('same-pixels.jpg, .png and .tif have the same pixels, also made smaller', async () => {
    for (const side of [64, 500]) {
      const shape = { channels: 3, height: side, width: side }
      const jpeg = await read('same-pixels.jpg', shape)
      assert.deepEqual((await read('same-pixels.png', shape)).pixels, jpeg.pixels)
      assert.deepEqual((await read('same-pixels.tif', shape)).pixels, jpeg.pixels)
    }
  })

  it('16bit-srgb-profile.png has the pixels of 16bit-no-profile.png', async () => {
    const [profiled, plain] = [
      await read('16bit-srgb-profile.png'),
      await read('16bit-no-profile.png'),
    ]
    assert.deepEqual(profiled.pixels, plain.pixels)
  })
})
