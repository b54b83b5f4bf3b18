import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { FILE_COLUMNS, type FileFacts } from '../../src/file-properties.ts'
import { type FileHeader, readFileHeader } from '../../src/images/codec/file-header.ts'
import { openImages } from '../../src/images/index.ts'
import { writeFolder, zipOf, writeOne } from './stored-images.ts'

const golden = JSON.parse(
  readFileSync(new URL('../golden/file-headers.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly {
    readonly title: string
    readonly file: string
    readonly expected: Partial<FileFacts>
  }[]
  /** The brightness table of every quality from 1 on. */
  readonly tables: readonly string[]
}

const bytesOf = (title: string): Uint8Array => {
  const found = golden.cases.find((one) => one.title === title)
  assert.ok(found, title)
  return new Uint8Array(Buffer.from(found.file, 'base64'))
}

const known = (header: FileHeader): Partial<FileFacts> =>
  Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined))

/** A segment: marker, length with itself, body. */
const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
]

/** A TIFF whose first directory holds the camera's model, as far as the type of the entry; what stands behind its length. */
const BEGINNING = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x10, 1]
const BEHIND = [0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0]

const SCAN = segment(0xda, [1, 1, 0, 0, 63, 0])

/** A JPEG as far as its first scan; `samplings` of its components, whose table is the one of number 1. */
function jpegOf(samplings: readonly number[], ...segments: readonly number[][]): Uint8Array {
  const components = samplings.flatMap((sampling, i) => [i + 1, sampling, 1])
  const frame = segment(0xc0, [8, 0, 8, 0, 8, samplings.length, ...components])
  return Uint8Array.from([0xff, 0xd8, ...segments.flat(), ...frame, ...SCAN])
}

describe('what a file says beside its pixels', () => {
  for (const { title, file, expected } of golden.cases) {
    it(`is what Pillow wrote: ${title}`, () => {
      assert.deepEqual(known(readFileHeader(Buffer.from(file, 'base64'))), expected)
    })
  }

  it('is the quality that Pillow was asked for, of every one from 1 to 100', () => {
    const found = golden.tables.map((table) => {
      const dqt = segment(0xdb, [1, ...Buffer.from(table, 'base64')])
      return readFileHeader(jpegOf([0x11], dqt)).quality
    })
    assert.deepEqual(
      found,
      golden.tables.map((_, i) => i + 1),
    )
  })

  it('is the nearest quality where a table is another’s, of 16 bits and among others too', () => {
    const table = [...Buffer.from(golden.tables[84], 'base64')]
    const other = table.map((value, i) => value + (i % 7 === 0 ? 1 : 0))
    assert.equal(readFileHeader(jpegOf([0x11], segment(0xdb, [1, ...other]))).quality, 85)
    const wide = [0x11, ...other.flatMap((value) => [0, value])]
    const first = [0, ...Buffer.from(golden.tables[9], 'base64')]
    assert.equal(readFileHeader(jpegOf([0x11], segment(0xdb, [...first, ...wide]))).quality, 85)
    // Defined anew: what stands last counts.
    const twice = [segment(0xdb, [1, ...table]), segment(0xdb, [1, ...first.slice(1)])]
    assert.equal(readFileHeader(jpegOf([0x11], ...twice)).quality, 10)
    assert.equal(readFileHeader(jpegOf([0x11], segment(0xdb, first))).quality, undefined)
    assert.equal(readFileHeader(jpegOf([0x11], segment(0xdb, [1, 2, 3]))).quality, undefined)
  })

  it('is how brightness is sampled beside the colours', () => {
    const samplings = { 0x11: '4:4:4', 0x21: '4:2:2', 0x22: '4:2:0', 0x12: '4:4:0', 0x41: '4:1:1' }
    for (const [sampling, name] of Object.entries(samplings)) {
      assert.equal(readFileHeader(jpegOf([Number(sampling), 0x11, 0x11])).subsampling, name)
    }
    assert.equal(readFileHeader(jpegOf([0x22, 0x22, 0x22])).subsampling, '4:4:4')
    assert.equal(readFileHeader(jpegOf([0x31, 0x11, 0x11])).subsampling, 'other')
    assert.equal(readFileHeader(jpegOf([0x22])).subsampling, undefined)
  })

  it('is a name without control characters, and none where EXIF is damaged', () => {
    const tiff = (text: string, type = 2): number[] => [
      ...BEGINNING,
      type,
      0,
      text.length,
      ...BEHIND,
      ...Buffer.from(text, 'latin1'),
    ]
    const cameraOf = (exif: readonly number[]) =>
      readFileHeader(jpegOf([0x11], segment(0xe1, [...Buffer.from('Exif\0\0'), ...exif]))).camera
    assert.equal(cameraOf(tiff(' A\x1b[31m \n B\0rest')), 'A [31m B')
    assert.equal(cameraOf(tiff('x'.repeat(100))), 'x'.repeat(64))
    assert.equal(cameraOf(tiff(' \0')), undefined)
    assert.equal(cameraOf(tiff('A', 3)), undefined)
    for (const length of [0, 3, 9, 20])
      assert.equal(cameraOf(tiff('A').slice(0, length)), undefined)
    const xmp = segment(0xe1, [...Buffer.from('http://ns.adobe.com/')])
    assert.equal(readFileHeader(jpegOf([0x11], xmp)).camera, undefined)
  })

  it('has the camera of an AVIF too, wherever its data lie, and none where they are cut', async () => {
    const plain = sharp({ create: { width: 16, height: 16, channels: 3, background: '#456' } })
    const avif = await plain
      .clone()
      .withExif({ IFD0: { Model: 'Pinhole 3' } })
      .avif()
      .toBuffer()
    const { camera, ...rest } = readFileHeader(avif)
    assert.equal(camera, 'Pinhole 3')
    assert.deepEqual(
      { camera: undefined, ...rest },
      readFileHeader(await plain.clone().avif().toBuffer()),
    )
    const at = avif.indexOf('Pinhole')
    assert.equal(readFileHeader(avif.subarray(0, at)).camera, undefined)
    for (let i = 4; i < avif.length; i++) {
      const damaged = Buffer.from(avif)
      damaged[i] ^= 0xff
      assert.doesNotThrow(() => readFileHeader(damaged))
    }
  })

  it('is the format alone where the rest can’t be followed, and nothing of other files', () => {
    for (const { file, expected } of golden.cases) {
      const bytes = Buffer.from(file, 'base64')
      for (let length = 16; length < bytes.length; length += 7) {
        assert.equal(readFileHeader(bytes.subarray(0, length)).format, expected.format)
      }
    }
    assert.deepEqual(readFileHeader(Buffer.from('GIMP is no picture here')), {})
  })
})

describe('batches of files', () => {
  const files = new Map([
    ['a.jpg', bytesOf('JPEG of a camera')],
    ['b.png', bytesOf('PNG LA')],
    ['c.tif', bytesOf('TIFF I;16')],
  ])
  const wanted = [
    [12, 8, 1.5, 95, 1, 3, 8, 3],
    [12, 8, 1.5, 0, 2, 2, 8, 0],
    [12, 8, 1.5, 0, 5, 1, 16, 0],
  ]

  for (const [name, open] of Object.entries({
    folder: async () => openImages(await writeFolder(files)),
    zip: async () => openImages(await writeOne('files.zip', zipOf(files))),
  })) {
    it(`hold a row of what each says, by whatever way it comes: a ${name}`, async () => {
      const source = await open()
      for await (const { files: rows, records } of source.batches({
        shape: { channels: 1, height: 4, width: 4 },
      })) {
        const width = FILE_COLUMNS.length
        assert.deepEqual(rows?.shape, [3, width])
        const found = wanted.map((_, i) => [
          ...rows.data.subarray(i * width, i * width + width - 1),
        ])
        assert.deepEqual(found, wanted)
        const cameras = wanted.map((_, i) => rows.data[(i + 1) * width - 1])
        assert.ok(cameras[0] > 1)
        assert.deepEqual(cameras.slice(1), [1, 1])
        assert.deepEqual(
          records.map(({ camera }) => camera),
          ['Model X-1', undefined, undefined],
        )
      }
    })
  }
})
