import assert from 'node:assert/strict'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { parquetWriteBuffer } from 'hyparquet-writer'
import sharp from 'sharp'
import { type BatchOptions, type ImageSource, openImages } from '../../src/images/index.ts'
import { describeImageSource } from '../contracts/image-source.ts'
import { BUCKET, startS3Server } from '../storage/s3-server.ts'
import {
  allReferenceBytes,
  COLOUR_SHAPE,
  gzip,
  npyOf,
  png,
  referenceBytes,
  referenceFiles,
  referencePixels,
  tarOf,
  writeFolder,
  zipOf,
} from './stored-images.ts'

const server = await startS3Server()
const { objects, requests } = server
const at = (key: string): string => `s3://${BUCKET}/${key}`

/** A TIFF of three pages. */
const blank = await Promise.all([1, 2, 3].map(async (row) => png(referenceBytes(row, 3), 3)))
const pages = await sharp(blank, { join: { animated: true } })
  .tiff()
  .toBuffer()

function putAll(prefix: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) objects.set(prefix + name, bytes)
}

async function parquet(): Promise<Uint8Array> {
  const data = [...(await referenceFiles()).values()]
  const columnData = [{ name: 'picture', data, type: 'BYTE_ARRAY' as const }]
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 3 }))
}

type Read = { readonly ids: string[]; readonly skipped: string[]; readonly pixels: number[] }

async function read(source: ImageSource, options: BatchOptions = {}): Promise<Read> {
  const skipped: string[] = []
  const ids: string[] = []
  const values: number[] = []
  const onSkip: BatchOptions['onSkip'] = ({ id }) => skipped.push(id)
  for await (const { records, pixels } of source.batches({ ...options, onSkip })) {
    ids.push(...records.map(({ id }) => id))
    for (const value of pixels.data) values.push(value)
  }
  return { ids, skipped, pixels: values }
}

beforeEach(() => {
  objects.clear()
  requests.length = 0
  server.fault = () => undefined
})

const stored: Readonly<Record<string, () => Promise<Uint8Array> | Uint8Array>> = {
  'images.tar': async () => tarOf(await referenceFiles()),
  'images.tgz': async () => gzip(await tarOf(await referenceFiles())),
  'images.zip': async () => zipOf(await referenceFiles()),
  'images.npy': () => npyOf(COLOUR_SHAPE, allReferenceBytes(3)),
  'images.npz': () => zipOf(new Map([['images.npy', npyOf(COLOUR_SHAPE, allReferenceBytes(3))]])),
  'images.parquet': parquet,
}

describeImageSource('prefix of a bucket', async () => {
  putAll('photos/', await referenceFiles())
  return { source: await openImages(at('photos')), pixels: referencePixels(3) }
})
for (const [name, bytes] of Object.entries(stored)) {
  describeImageSource(`${name} in a bucket`, async () => {
    objects.set(`in/${name}`, await bytes())
    return { source: await openImages(at(`in/${name}`)), pixels: referencePixels(3) }
  })
}

describe('images in a bucket', () => {
  it('are those of the same files in a folder, in the same order', async () => {
    const files = new Map(await referenceFiles())
    const [first] = files.values()
    for (const name of ['cats.png', 'cats-2/x.png', 'Cats/ä %41+&.png', 'dogs/no-name', 'é/ü.png'])
      files.set(name, first)
    files.set('notes.txt', Buffer.from('no picture'))
    files.set('dogs/.hidden.png', first)
    files.set('dogs/broken.jpg', Buffer.from('no picture'))
    files.set('a.tif', pages)
    files.set('pages', pages)
    putAll('set/', files)
    const shape = { channels: 3, height: 4, width: 6 }
    const local = await openImages(await writeFolder(files))
    for (const location of ['set', 'set/']) {
      const source = await openImages(at(location))
      assert.equal(source.count, local.count)
      assert.deepEqual(await read(source, { shape }), await read(local, { shape }))
      for (const part of [0, 1, 2]) {
        const options = { shape, batchSize: 2, isChosen: (batch: number) => batch % 3 === part }
        assert.deepEqual(await read(source, options), await read(local, options))
      }
    }
  })

  it('whose batches are not chosen are not asked for', async () => {
    const file = await png(referenceBytes(0, 3), 3)
    for (let i = 0; i < 40; i++) objects.set(`many/${String(i).padStart(2, '0')}.png`, file)
    const source = await openImages(at('many'))
    const listing = requests.length
    const { ids } = await read(source, { batchSize: 4, isChosen: (batch) => batch % 5 === 2 })
    assert.deepEqual(
      ids,
      ['08', '09', '10', '11', '28', '29', '30', '31'].map((id) => `${id}.png`),
    )
    assert.equal(requests.length - listing, 8)
  })

  it('of all kinds of names are read, and those that no request can name are skipped by name', async () => {
    const file = await png(referenceBytes(0, 3), 3)
    const names = [
      'a b.png',
      '50%.png',
      '%2e.png',
      'a+b=c&d?e#f.png',
      "(it's*)!.png",
      '日本 🎉.png',
    ]
    const strange = [...names, 'x//y.png', 'line\nbreak.png', '"<&>.png']
    for (const name of strange) objects.set(`odd/${name}`, file)
    objects.set('odd/', new Uint8Array())
    objects.set('odd/folder/', new Uint8Array())
    objects.set('odd/../up.png', file)
    objects.set('other/z.png', file)
    const { ids, skipped } = await read(await openImages(at('odd')))
    assert.deepEqual(ids.toSorted(), strange.toSorted())
    assert.deepEqual(skipped, ['../up.png'])
  })

  it('may be a single one, or archives and tables side by side', async () => {
    objects.set('one.png', await png(referenceBytes(0, 3), 3))
    assert.deepEqual((await read(await openImages(at('one.png')))).ids, ['one.png'])
    objects.set('shards/1.tar', await tarOf(await referenceFiles()))
    objects.set('shards/2.parquet', await parquet())
    const { ids } = await read(await openImages(at('shards')))
    assert.equal(ids.length, 14)
    assert.deepEqual([ids[0], ids[7]], ['1.tar/cats/0.png', '2.parquet/0'])
  })

  it('of a large archive are read by ranges, each byte about once', async () => {
    const file = await png(referenceBytes(0, 3), 3)
    const padding = Buffer.alloc(300_000, 7)
    const files = new Map<string, Uint8Array>()
    for (let i = 0; i < 60; i++) files.set(`${i}.png`, Buffer.concat([file, padding]))
    const tar = await tarOf(files)
    objects.set('large.tar', tar)
    const source = await openImages(at('large.tar'))
    requests.length = 0
    assert.equal((await read(source)).ids.length, 60)
    assert.deepEqual(
      requests.map((line) => line.split(' ').at(-1)),
      [
        `bytes=0-${(8 << 20) - 1}`,
        `bytes=${8 << 20}-${(16 << 20) - 1}`,
        `bytes=${16 << 20}-${tar.length - 1}`,
      ],
    )
  })

  it('that are paths in a table are refused, and a table in a bucket names no file here', async () => {
    objects.set('list.csv', Buffer.from('path\n/etc/hostname\n'))
    await assert.rejects(openImages(at('list.csv')), { code: 'source.unreadable' })
    const folder = await writeFolder(await referenceFiles())
    const paths = [join(folder, 'cats/0.png')]
    const columnData = [{ name: 'path', data: paths, type: 'STRING' as const }]
    objects.set('paths.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
    await assert.rejects(read(await openImages(at('paths.parquet')), { strict: true }), {
      message: /not followed from a bucket/,
    })
  })

  it('that change or go while they are read are never read half', async () => {
    const tar = await tarOf(await referenceFiles())
    objects.set('a.tar', tar)
    const source = await openImages(at('a.tar'))
    objects.set('a.tar', Buffer.concat([tar, tar]))
    await assert.rejects(read(source), { message: /changed while it was read/ })
    putAll('photos/', await referenceFiles())
    const photos = await openImages(at('photos'))
    objects.delete('photos/cats/1.png')
    const { ids, skipped } = await read(photos)
    assert.deepEqual([ids.length, skipped], [6, ['cats/1.png']])
  })

  it('are sampled from all over', async () => {
    for (let i = 0; i < 30; i++) {
      const side = i < 15 ? 2 : 4
      const bytes = referenceBytes(0, 3).subarray(0, side * side * 3)
      objects.set(`s/${String(i).padStart(2, '0')}.png`, await png(bytes, 3, side))
    }
    const source = await openImages(at('s'))
    const heights: unknown[] = []
    for await (const one of source.sample?.(4, {}) ?? []) {
      heights.push('shape' in one ? one.shape.height : one.error)
    }
    assert.deepEqual(heights, [2, 2, 4, 4])
  })
})

describe('a bucket that cannot be read', () => {
  const refusals: readonly (readonly [string, () => void, RegExp])[] = [
    ['nothing of that name', () => {}, /found none at s3/],
    [
      'no such bucket',
      () => (server.fault = () => ({ status: 404, code: 'NoSuchBucket' })),
      /NoSuchBucket/,
    ],
    [
      'no right',
      () => (server.fault = () => ({ status: 403, code: 'AccessDenied' })),
      /AccessDenied/,
    ],
    [
      'another region',
      () => (server.fault = () => ({ status: 301, code: 'PermanentRedirect' })),
      /region there, asked for in here/,
    ],
    [
      'an old token',
      () => (server.fault = () => ({ status: 400, code: 'ExpiredToken' })),
      /ExpiredToken/,
    ],
  ]
  for (const [name, arrange, message] of refusals) {
    it(`says so: ${name}`, async () => {
      arrange()
      await assert.rejects(openImages(at('photos')), { code: 'source.unreadable', message })
      assert.ok(requests.length <= 2, 'it is not asked again')
    })
  }

  it('says which credentials are missing, and what is no location', async () => {
    const { AWS_SECRET_ACCESS_KEY } = process.env
    process.env['AWS_SECRET_ACCESS_KEY'] = ''
    try {
      await assert.rejects(openImages(at('photos')), { message: /no AWS_SECRET_ACCESS_KEY/ })
    } finally {
      process.env['AWS_SECRET_ACCESS_KEY'] = AWS_SECRET_ACCESS_KEY
    }
    await assert.rejects(openImages('s3://'), { code: 'config.invalid' })
    await assert.rejects(openImages('s3:///key'), { code: 'config.invalid' })
    await assert.rejects(openImages('gs://bucket/photos'), { code: 'source.unreadable' })
    assert.deepEqual(requests, [])
  })

  it('for a moment is asked again, and what was broken off is read whole', async () => {
    putAll('photos/', await referenceFiles())
    const asked = new Map<string, number>()
    server.fault = ({ url = '' }) => {
      const times = (asked.get(url) ?? 0) + 1
      asked.set(url, times)
      return times > 1
        ? undefined
        : asked.size % 2 === 0
          ? 'cut'
          : { status: 503, code: 'SlowDown' }
    }
    const { pixels, skipped } = await read(await openImages(at('photos')))
    assert.deepEqual(skipped, [])
    assert.deepEqual(pixels, [...referencePixels(3).data])
  })

  it('is left when the reader is told to stop', async () => {
    const stop = new AbortController()
    server.fault = () => {
      setImmediate(() => stop.abort())
      return 'hang'
    }
    await assert.rejects(openImages(at('photos'), { signal: stop.signal }), { code: 'cancelled' })
    putAll('photos/', await referenceFiles())
    server.fault = () => undefined
    const later = new AbortController()
    const source = await openImages(at('photos'), { signal: later.signal })
    server.fault = () => {
      setImmediate(() => later.abort())
      return 'hang'
    }
    await assert.rejects(read(source), { code: 'cancelled' })
  })
})
