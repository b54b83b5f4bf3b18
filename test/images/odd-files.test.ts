import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { pack } from 'tar-stream'
import { openImages, type SkippedImage } from '../../src/images/index.ts'
import { describeForeign } from '../../src/images/foreign-format.ts'
import { collect } from '../contracts/image-source.ts'
import {
  png,
  referenceBytes,
  tarOf,
  temporaryFolder,
  writeFolder,
  writeOne,
  zipOf,
} from './stored-images.ts'

const picture = await png(referenceBytes(1, 3), 3)

type Read = { readonly ids: string[]; readonly skipped: SkippedImage[] }

async function read(path: string): Promise<Read> {
  const skipped: SkippedImage[] = []
  const batches = await collect(await openImages(path), { onSkip: (one) => skipped.push(one) })
  return { ids: batches.flatMap(({ records }) => records.map(({ id }) => id)), skipped }
}

describe('a folder', () => {
  it('gives pictures whatever they are called, and no other files', async () => {
    const files = new Map<string, Uint8Array>([
      ['a', picture],
      ['b.png_large', picture],
      ['c.mpo', picture],
      ['notes.md', Buffer.from('# Notes')],
      ['empty', new Uint8Array()],
    ])
    assert.deepEqual(await read(await writeFolder(files)), {
      ids: ['a', 'b.png_large', 'c.mpo'],
      skipped: [],
    })
  })

  it('names links to themselves, pipes and folders called as pictures, and ends', async () => {
    const folder = await writeFolder(new Map([['a.png', picture]]))
    symlinkSync('self.png', join(folder, 'self.png'))
    symlinkSync('gone.png', join(folder, 'lost.png'))
    symlinkSync('.', join(folder, 'loop'))
    execFileSync('mkfifo', [join(folder, 'pipe.png'), join(folder, 'pipe')])
    const { ids, skipped } = await read(folder)
    assert.deepEqual(ids, ['a.png'])
    const words = skipped.map(({ id, message }) => `${id}: ${message}`)
    assert.equal(words.length, 3)
    assert.match(words[0], /lost\.png: .*ENOENT/)
    assert.match(words[1], /pipe\.png: expected a file, got a pipe/)
    assert.match(words[2], /self\.png: expected a file, got a link to itself/)
  })

  it('gives pictures whose names are no UTF-8', async () => {
    const folder = await writeFolder(new Map([['a.png', picture]]))
    const name = Buffer.from('caf\xe9.png', 'latin1')
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), picture)
    assert.deepEqual((await read(folder)).ids, ['a.png', 'café.png'])
  })

  it('of archives and tables is read shard by shard', async () => {
    const files = new Map([
      ['x.png', picture],
      ['y.png', picture],
    ])
    const folder = await writeFolder(
      new Map<string, Uint8Array>([
        ['1.tar', await tarOf(files)],
        ['2.zip', zipOf(files)],
        ['README', Buffer.from('Shards.')],
      ]),
    )
    assert.deepEqual((await read(folder)).ids, [
      '1.tar/x.png',
      '1.tar/y.png',
      '2.zip/x.png',
      '2.zip/y.png',
    ])
    assert.deepEqual(
      (await collect(await openImages(folder))).flatMap(({ places }) => places),
      [0, 1, 2, 3],
    )
  })
})

describe('a pipe', () => {
  it('is refused as a source, and as an image of a table', { timeout: 20_000 }, async () => {
    const pipe = join(temporaryFolder(), 'pipe.png')
    execFileSync('mkfifo', [pipe])
    await assert.rejects(openImages(pipe), { code: 'source.unreadable', message: /got a pipe/ })
    const { skipped } = await read(await writeOne('l.csv', `path\n${pipe}\n/dev/null`))
    assert.match(skipped[0].message, /got a pipe/)
    assert.match(skipped[1].message, /got a device/)
  })
})

describe('a zip archive', () => {
  const files = new Map([
    ['x.png', picture],
    ['y', picture],
    ['z.txt', Buffer.from('text')],
  ])

  it('is read with bytes behind its end', async () => {
    const bytes = Buffer.concat([
      zipOf(files),
      Buffer.from('PK\x05\x06 appended by a careless tool'),
    ])
    const path = await writeOne('a.zip', bytes)
    assert.deepEqual(await read(path), { ids: ['x.png', 'y'], skipped: [] })
  })

  it('is refused once where it is encrypted or packed in a way that is not read', async () => {
    for (const [field, value, words] of [
      ['flags', 1, /is encrypted/],
      ['method', 9, /is packed with Deflate64/],
      ['method', 77, /is packed with method 77/],
    ] as const) {
      const path = await writeOne(
        'a.zip',
        patched(zipOf(new Map([['x.png', picture]])), field, value),
      )
      await assert.rejects(openImages(path), { code: 'source.unreadable', message: words })
    }
  })
})

/** The archive with a field of every entry's header set, in the entry and in the directory. */
function patched(zip: Uint8Array, field: 'flags' | 'method', value: number): Uint8Array {
  const bytes = Buffer.from(zip)
  for (const [signature, offset] of [
    ['PK\x03\x04', field === 'flags' ? 6 : 8],
    ['PK\x01\x02', field === 'flags' ? 8 : 10],
  ] as const) {
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 1)) {
      bytes.writeUInt16LE(value, at + offset)
    }
  }
  return bytes
}

describe('a tar archive', () => {
  it('gives hard links as the files they are names of, and names those that lead nowhere', async () => {
    const archive = pack()
    archive.entry({ name: 'a.png' }, Buffer.from(picture))
    archive.entry({ name: 'b.png', type: 'link', linkname: './a.png' })
    archive.entry({ name: 'c.png', type: 'link', linkname: 'gone.png' })
    archive.entry({ name: 'd' }, Buffer.from(picture))
    archive.finalize()
    const chunks: Buffer[] = []
    for await (const chunk of archive) chunks.push(chunk as Buffer)
    const { ids, skipped } = await read(await writeOne('a.tar', Buffer.concat(chunks)))
    assert.deepEqual(ids, ['a.png', 'b.png', 'd'])
    assert.match(skipped[0].message, /link to "gone.png"/)
  })
})

describe('a TIFF', () => {
  const page = (value: number) =>
    sharp({ create: { width: 4, height: 4, channels: 3, background: { r: value, g: 0, b: 0 } } })
      .png()
      .toBuffer()

  it('of several pages is as many pictures', async () => {
    const pages = await Promise.all([10, 20, 30].map(page))
    const bytes = await sharp(pages, { join: { animated: true } })
      .tiff()
      .toBuffer()
    const path = await writeOne('a.tif', bytes)
    const [{ pixels, records }] = await collect(await openImages(path))
    assert.deepEqual(
      records.map(({ id }) => id),
      ['a.tif', 'a.tif#2', 'a.tif#3'],
    )
    assert.deepEqual(
      [0, 1, 2].map((i) => Math.round(255 * pixels.data[i * 48])),
      [10, 20, 30],
    )
  })

  it('leaves a band out that is no alpha, and composites one that is', async () => {
    const bytes = Uint8Array.from({ length: 4 * 64 }, (_, i) => [100, 60, 20, 128][i % 4])
    const tiff = await sharp(bytes, { raw: { width: 8, height: 8, channels: 4 } })
      .tiff({ compression: 'none' })
      .toBuffer()
    const first = async (file: Uint8Array, options = {}) => {
      const source = await openImages(await writeOne('a.tif', file))
      const [{ pixels }] = await collect(source, options)
      return [0, 1, 2].map((c) => Math.round(255 * pixels.data[(c * pixels.data.length) / 3]))
    }
    assert.deepEqual(await first(tiff), [50, 30, 10])
    const unspecified = withExtraSample(tiff, 0)
    assert.deepEqual(await first(unspecified), [100, 60, 20])
    const small = { shape: { channels: 3, height: 4, width: 4 } }
    assert.deepEqual(await first(unspecified, small), [100, 60, 20])
    const deep = await sharp(
      Uint16Array.from(bytes, (value) => 257 * value),
      {
        raw: { width: 8, height: 8, channels: 4 },
      },
    )
      .toColourspace('rgb16')
      .tiff({ compression: 'none' })
      .toBuffer()
    assert.deepEqual(await first(withExtraSample(deep, 0)), [100, 60, 20])
    assert.deepEqual(await first(withExtraSample(deep, 0), small), [100, 60, 20])
    const grey = await sharp(
      Uint16Array.from({ length: 128 }, (_, i) => 257 * [90, 40][i % 2]),
      { raw: { width: 8, height: 8, channels: 2 } },
    )
      .toColourspace('grey16')
      .tiff({ compression: 'none' })
      .toBuffer()
    assert.deepEqual(await first(withExtraSample(grey, 0), small), [90, 90, 90])
    const single = { shape: { ...small.shape, channels: 1 } }
    assert.equal((await first(withExtraSample(grey, 0), single))[0], 90)
  })
})

/** The TIFF with another meaning of its fourth band. */
function withExtraSample(tiff: Uint8Array, meaning: number): Uint8Array {
  const bytes = Buffer.from(tiff)
  const directory = bytes.readUInt32LE(4)
  for (let i = 0; i < bytes.readUInt16LE(directory); i++) {
    const entry = directory + 2 + 12 * i
    if (bytes.readUInt16LE(entry) === 338) bytes.writeUInt16LE(meaning, entry + 8)
  }
  return bytes
}

describe('a file that is no picture', () => {
  const begins: Record<string, [bytes: string, words: RegExp]> = {
    bmp: ['BM\x36\0\0\0', /BMP/],
    ppm: ['P6\n4 4\n255\n', /PNM/],
    heic: ['\0\0\0\x18ftypheic\0\0\0\0', /HEIC/],
    jp2: ['\0\0\0\x0cjP  \r\n\x87\n', /JPEG 2000/],
    jxl: ['\xff\x0a\0\0', /JPEG XL/],
    svg: ['<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="x">', /SVG/],
    html: ['\n<!DOCTYPE html><html><body>404', /HTML page.*download/],
    lfs: ['version https://git-lfs.github.com/spec/v1\noid sha256:', /LFS pointer.*git lfs pull/],
    zip: ['PK\x03\x04', /zip archive/],
    zeros: ['\0'.repeat(64), /zero bytes.*power failure/],
  }
  for (const [name, [bytes, words]] of Object.entries(begins)) {
    it(`is named for what it is: ${name}`, async () => {
      const files = new Map([
        ['a.png', picture],
        ['b.jpg', Buffer.from(bytes, 'latin1')],
      ])
      const { ids, skipped } = await read(await writeFolder(files))
      assert.deepEqual(ids, ['a.png'])
      assert.match(skipped[0].message, words)
    })
  }

  it('is not taken for another kind when it is a picture', () => {
    assert.equal(describeForeign(picture), undefined)
  })
})

describe('a JPEG', () => {
  const noise = sharp({
    create: {
      width: 48,
      height: 32,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  })

  it('with bytes between its segments, and turned after fill bytes, is read as others read it', async () => {
    const jpeg = await noise.jpeg().toBuffer()
    const turned = await sharp(jpeg).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const exif = turned.indexOf(Buffer.from([0xff, 0xe1]))
    const filled = Buffer.concat([
      turned.subarray(0, exif),
      Buffer.from([0xff, 0xff]),
      turned.subarray(exif),
    ])
    const tables = jpeg.indexOf(Buffer.from([0xff, 0xc4]))
    const vendor = Buffer.concat([
      jpeg.subarray(0, tables),
      Buffer.from([1, 2, 3]),
      jpeg.subarray(tables),
    ])
    const shapeOf = async (bytes: Uint8Array) => {
      const [{ pixels }] = await collect(await openImages(await writeOne('a.jpg', bytes)), {
        strict: true,
      })
      return pixels.shape.slice(2)
    }
    assert.deepEqual(await shapeOf(vendor), [32, 48])
    assert.deepEqual(await shapeOf(filled), [48, 32])
  })

  it('that is cut short is refused', async () => {
    const jpeg = await noise.jpeg().toBuffer()
    for (const share of [0.3, 0.6, 0.95]) {
      const path = await writeOne('a.jpg', jpeg.subarray(0, Math.floor(share * jpeg.length)))
      const { skipped } = await read(path)
      assert.match(skipped[0].message, /damaged or truncated/)
    }
  })
})
