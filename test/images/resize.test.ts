import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/codec/decode.ts'
import { depthOf } from '../../src/images/pixel-depth.ts'
import { writePixels } from '../../src/images/raw-pixels.ts'
import { createRandom } from '../../src/tensor/index.ts'
import type { ImageShape, ResizePolicy } from '../../src/images/image-source.ts'
import type { RawPixels } from '../../src/images/raw-pixels.ts'
import { toWorkingForm } from '../../src/images/working-pixels.ts'

type Size = readonly [height: number, width: number]
type Values = readonly number[]

type GoldenPicture = {
  readonly shape: readonly [number, number, number]
  readonly data: Values
  readonly stretched: readonly {
    readonly size: Size
    readonly bilinear: Values
    /** How far Pillow's other filters are from it. */
    readonly distances: Readonly<Record<string, number>>
  }[]
  readonly fitted: readonly {
    readonly size: Size
    readonly cover: Values
    readonly contain: Values
  }[]
}

/** Reference pictures made by test/golden/resize.py with Pillow. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/resize.json', import.meta.url), 'utf8'),
) as Record<string, GoldenPicture>

/** Of Pillow between its two passes, and of the result; its small pictures are worst. */
const ROUNDING = 0.5

/** Root of the mean squared difference, in grey levels of 255. */
function distance(actual: ArrayLike<number>, expected: Values): number {
  assert.equal(actual.length, expected.length)
  return Math.sqrt(
    expected.reduce((sum, value, i) => sum + (actual[i] - value) ** 2, 0) / expected.length,
  )
}

const near = (away: number, tolerance: number): void =>
  assert.ok(away <= tolerance, `${away} away, at most ${tolerance} expected`)

const toShape = ([height, width]: Size, channels: number): ImageShape => ({
  channels,
  height,
  width,
})

function rawPicture({ shape: [height, width, channels], data }: GoldenPicture): RawPixels {
  return { shape: { channels, height, width }, layout: 'HWC', data: Uint8Array.from(data) }
}

async function pngOf({ shape: [height, width, channels], data }: GoldenPicture): Promise<Buffer> {
  const raw = { height, width, channels: channels as 1 | 3 }
  return sharp(Uint8Array.from(data), { raw })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer()
}

/** Every channel of a grey file decoded to a shape; the file's own channels of a colour file. */
function planesAsked({ data, shape }: RawPixels, channels: number): number[] {
  return [...data].filter((_, i) => i % shape.channels < channels)
}

const asPlanar = ({ shape, data }: RawPixels): RawPixels => {
  const area = shape.height * shape.width
  const planar = Uint8Array.from(
    data,
    (_, i) => data[(i % area) * shape.channels + Math.floor(i / area)],
  )
  return { shape, layout: 'CHW', data: planar }
}

const asInterleaved = ({ shape, data }: RawPixels): number[] => {
  const area = shape.height * shape.width
  return Array.from(
    data,
    (_, i) => data[(i % shape.channels) * area + Math.floor(i / shape.channels)],
  )
}

for (const [name, picture] of Object.entries(golden)) {
  const [height, width, channels] = picture.shape
  describe(`resizing ${name} pictures`, () => {
    for (const { size, bilinear, distances } of picture.stretched) {
      it(`gives Pillow's bilinear filter from ${height}×${width} to ${size.join('×')}, files and arrays`, async () => {
        const shape = toShape(size, channels)
        const decoded = await decodeImage(await pngOf(picture), 'picture', { shape })
        const resized = toWorkingForm(rawPicture(picture), { shape })
        const planar = toWorkingForm(asPlanar(rawPicture(picture)), { shape })
        assert.deepEqual({ ...decoded.shape, channels }, shape)
        near(distance(planesAsked(decoded, channels), bilinear), ROUNDING)
        near(distance(resized.data, bilinear), ROUNDING)
        const values = planar.layout === 'CHW' ? asInterleaved(planar) : planar.data
        near(distance(values, bilinear), ROUNDING)
        for (const [filter, away] of Object.entries(distances)) {
          assert.ok(away > 1.4 * ROUNDING, `${filter} would pass, ${away} away`)
        }
      })
    }

    for (const { size, ...policies } of picture.fitted) {
      for (const [policy, expected] of Object.entries(policies)) {
        it(`crops or pads what it brings to ${size.join('×')}: ${policy}`, async () => {
          const shape = toShape(size, channels)
          const resize = policy as ResizePolicy
          const resized = toWorkingForm(rawPicture(picture), { shape, resize })
          assert.deepEqual(resized.shape, shape)
          near(distance(resized.data, expected), ROUNDING)
          const decoded = await decodeImage(await pngOf(picture), 'picture', { shape, resize })
          near(distance(planesAsked(decoded, channels), expected), ROUNDING)
        })
      }
    }
  })
}

const grey = (data: RawPixels['data'], width = data.length): RawPixels => ({
  shape: { channels: 1, height: data.length / width, width },
  layout: 'HWC',
  data,
})

describe('resizing', () => {
  it('keeps 16 bits, and brings floats to 16 bits', () => {
    const shape = { channels: 1, height: 1, width: 8 }
    const data = Uint16Array.of(0, 1000, 2000, 65535)
    const wide = toWorkingForm(grey(data), { shape })
    const expected = [0, 250, 750, 1250, 1750, 17884, 49651, 65535]
    assert.deepEqual(wide.data, Uint16Array.from(expected))
    const floats = grey(Float32Array.from(data, (value) => value / 65535))
    assert.deepEqual(toWorkingForm(floats, { shape }), wide)
    const beyond = toWorkingForm(grey(Float32Array.of(1 + 1e-6, 1, 0, -1e-6)), { shape })
    assert.deepEqual([...beyond.data], [65535, 65535, 65535, 49151, 16384, 0, 0, 0])
  })

  it('brings each plane of planar pixels by itself, margins black', () => {
    const data = Uint8Array.of(0, 100, 50, 250)
    const raw: RawPixels = { shape: { channels: 2, height: 1, width: 2 }, layout: 'CHW', data }
    const enlarged = toWorkingForm(raw, { shape: { channels: 2, height: 2, width: 4 } })
    const rows = [
      [0, 25, 75, 100],
      [50, 100, 200, 250],
    ]
    assert.deepEqual([...enlarged.data], [rows[0], rows[0], rows[1], rows[1]].flat())
    assert.deepEqual(enlarged.shape, { channels: 2, height: 2, width: 4 })
    assert.equal(enlarged.layout, 'CHW')
    const shape = { channels: 2, height: 4, width: 4 }
    const framed = toWorkingForm(raw, { shape, resize: 'contain' })
    const black = [0, 0, 0, 0]
    assert.deepEqual(
      [...framed.data],
      [black, rows[0], rows[0], black, black, rows[1], rows[1], black].flat(),
    )
  })

  it('crops the middle, and of an odd number of pixels too many one more at the start', () => {
    const shape = { channels: 1, height: 1, width: 3 }
    const cover = toWorkingForm(grey(Uint8Array.of(1, 2, 3, 4, 5, 6)), { shape, resize: 'cover' })
    assert.deepEqual([...cover.data], [3, 4, 5])
  })

  it('averages a picture taller than what is held at once like any other', () => {
    const [height, width] = [3000, 1000]
    const pixels = grey(
      Uint8Array.from({ length: height * width }, (_, i) => (i % width) % 251),
      width,
    )
    const { data } = toWorkingForm(pixels, { shape: { channels: 1, height: 2, width } })
    assert.deepEqual(data.subarray(0, width), pixels.data.subarray(0, width))
    const tall = grey(
      Uint8Array.from({ length: height * width }, (_, i) => Math.floor(i / width) % 101),
      width,
    )
    const [first] = toWorkingForm(tall, { shape: { channels: 1, height: 1, width: 1 } }).data
    assert.ok(Math.abs(first - 50) <= 1, `${first}`)
  })

  it('never leaves the range of its numbers', () => {
    const white = { channels: 1, height: 7, width: 11 }
    for (const Numbers of [Uint8Array, Uint16Array]) {
      const largest = Numbers === Uint8Array ? 255 : 65_535
      const { data } = toWorkingForm(grey(new Numbers(900).fill(largest), 30), { shape: white })
      assert.ok(data.every((value) => value === largest))
    }
  })
})

/** The same picture of bytes as every type of numbers that can hold it. */
const HOLDERS: Readonly<Record<string, (bytes: Uint8Array) => RawPixels['data']>> = {
  bytes: (bytes) => bytes,
  shorts: (bytes) => Uint16Array.from(bytes, (value) => value * 257),
  floats: (bytes) => Float32Array.from(bytes, (value) => value / 255),
  halves: (bytes) => Float32Array.from(bytes, (value) => Math.round((value / 255) * 4096) / 4096),
}

describe('the depth of pixels', () => {
  const random = createRandom(3)
  const bytes = Uint8Array.from({ length: 3 * 40 * 30 }, () => random.integer(256))
  const shape = { channels: 3, height: 30, width: 40 }
  for (const [name, hold] of Object.entries(HOLDERS)) {
    const pixels: RawPixels = { shape, layout: 'HWC', data: hold(bytes) }
    for (const [height, width] of [
      [30, 40],
      [7, 9],
      [61, 55],
    ]) {
      it(`of 8 bits makes ${name} and bytes one, at ${height}×${width}`, () => {
        const form = { shape: { channels: 3, height, width }, depth: 8 } as const
        const expected = toWorkingForm({ ...pixels, data: bytes }, form)
        assert.deepEqual(toWorkingForm(pixels, form), expected)
      })

      it(`of 16 bits makes ${name} and bytes one, at ${height}×${width}`, () => {
        if (name === 'halves') return
        const form = { shape: { channels: 3, height, width }, depth: 16 } as const
        const values = (of: RawPixels): Float32Array => {
          const out = new Float32Array(3 * height * width)
          writePixels(toWorkingForm(of, form), 3, out)
          return out
        }
        assert.deepEqual(values(pixels), values({ ...pixels, data: bytes }))
      })
    }

    it(`is that of bytes where ${name} hold them`, () => {
      if (name !== 'halves') assert.equal(depthOf(pixels), 8)
    })
  }

  it('is 16 bits where one value lies between bytes', () => {
    assert.equal(depthOf(grey(Uint16Array.of(0, 257, 258))), 16)
    assert.equal(depthOf(grey(Float32Array.of(0, 1, 0.5))), 16)
  })

  it('of 16 bits leaves floats that keep their size as they are', () => {
    const pixels = grey(Float32Array.of(0.123456, 0.5))
    assert.equal(toWorkingForm(pixels, { depth: 16 }), pixels)
    assert.equal(toWorkingForm(pixels, {}), pixels)
  })
})
