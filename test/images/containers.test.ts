/** The same pixels give the same numbers out of every container that can hold them, at any size. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import sharp, { type Sharp } from 'sharp'
import { openImages, type BatchOptions } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { collect, joined } from '../contracts/image-source.ts'
import { npyOf, tarOf, writeOne, zipOf } from './stored-images.ts'

type Size = { readonly height: number; readonly width: number }

/** A JPEG of waves and noise, and the pixels that it holds. */
async function photograph({ height, width }: Size) {
  const random = createRandom(height)
  const values = Uint8Array.from({ length: 3 * height * width }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    const wave = Math.sin(x / 5 + (i % 3)) * Math.cos(y / 7)
    return Math.min(255, Math.max(0, 128 + 90 * wave + 25 * random.normal()))
  })
  const raw = { width, height, channels: 3 } as const
  const jpeg = await sharp(values, { raw }).jpeg({ quality: 80 }).toBuffer()
  return { jpeg, bytes: new Uint8Array(await sharp(jpeg).raw().toBuffer()), height, width }
}

type Photograph = Awaited<ReturnType<typeof photograph>>

const shallow = ({ bytes, height, width }: Photograph): Sharp =>
  sharp(bytes, { raw: { width, height, channels: 3 } })

const deep = ({ bytes, height, width }: Photograph): Sharp =>
  sharp(
    Uint16Array.from(bytes, (value) => value * 257),
    { raw: { width, height, channels: 3 } },
  ).toColourspace('rgb16')

const array = (descr: string, convert: (bytes: Uint8Array) => ArrayBufferView) =>
  async function file(photo: Photograph): Promise<Uint8Array> {
    const { buffer, byteOffset, byteLength } = convert(photo.bytes)
    const values = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
    return npyOf([1, photo.height, photo.width, 3], values, { descr })
  }

/** Binary16 of a number in [0, 1]. */
function half(value: number): number {
  if (value === 0) return 0
  const exponent = Math.max(-14, Math.floor(Math.log2(value)))
  const steps = Math.round(value * 2 ** (10 - exponent))
  return steps + ((exponent + 14) << 10)
}

async function parquet(photo: Photograph): Promise<Uint8Array> {
  const writer = new ByteWriter()
  const data = [await shallow(photo).png().toBuffer()]
  await parquetWrite({ writer, columnData: [{ name: 'image', data, type: 'BYTE_ARRAY' }] })
  return new Uint8Array(writer.getBuffer())
}

const CONTAINERS: Readonly<Record<string, (photo: Photograph) => Promise<Uint8Array>>> = {
  'a.png': (photo) => shallow(photo).png().toBuffer(),
  'deep.png': (photo) => deep(photo).png().toBuffer(),
  'a.tif': (photo) => shallow(photo).tiff({ compression: 'lzw' }).toBuffer(),
  'deep.tif': (photo) => deep(photo).tiff({ compression: 'deflate' }).toBuffer(),
  'a.webp': (photo) => shallow(photo).webp({ lossless: true }).toBuffer(),
  'a.tar': async (photo) => tarOf(new Map([['a.jpg', photo.jpeg]])),
  'a.zip': async (photo) => zipOf(new Map([['a.png', await shallow(photo).png().toBuffer()]])),
  'a.parquet': parquet,
  'uint8.npy': array('|u1', (bytes) => bytes),
  'uint16.npy': array('<u2', (bytes) => Uint16Array.from(bytes, (value) => value * 257)),
  'int64.npy': array('<i8', (bytes) => BigInt64Array.from(bytes, BigInt)),
  'float16.npy': array('<f2', (bytes) => Uint16Array.from(bytes, (value) => half(value / 255))),
  'float32.npy': array('<f4', (bytes) => Float32Array.from(bytes, (value) => value / 255)),
  'float64.npy': array('<f8', (bytes) => Float64Array.from(bytes, (value) => value / 255)),
}

async function read(name: string, bytes: Uint8Array, options: BatchOptions): Promise<number[]> {
  const source = await openImages(await writeOne(name, bytes))
  return joined(await collect(source, { strict: true, ...options }))
}

const SIZES: readonly Size[] = [
  { height: 24, width: 24 },
  { height: 97, width: 61 },
  { height: 20, width: 13 },
  { height: 420, width: 500 },
]

const shape = { channels: 3, height: 24, width: 24 }

describe('the pixels of a JPEG', async () => {
  const photographs = await Promise.all(SIZES.map(photograph))
  for (const [name, write] of Object.entries(CONTAINERS)) {
    it(`are the same in ${name}, above, at and below the working size, at 8 bits and at 16`, async () => {
      for (const photo of photographs) {
        const bytes = await write(photo)
        for (const depth of [8, 16] as const) {
          for (const resize of ['stretch', 'cover', 'contain'] as const) {
            const options = { shape, depth, resize }
            const expected = await read('a.jpg', photo.jpeg, options)
            assert.deepEqual(await read(name, bytes, options), expected)
          }
        }
      }
    })
  }
})
