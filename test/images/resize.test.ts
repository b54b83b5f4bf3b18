import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { decodeImage, resizePixels } from '../../src/images/codec/decode.ts'
import { enlarge, grows } from '../../src/images/codec/enlarge.ts'
import type { ImageShape, ResizePolicy } from '../../src/images/image-source.ts'
import type { RawPixels } from '../../src/images/raw-pixels.ts'

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

/** Of Pillow between its two passes, and of the result. */
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
      // Only libvips' way of making smaller differs, by rounding and its first halving in boxes.
      const isLarger = size[0] >= height && size[1] >= width
      const tolerance = isLarger ? ROUNDING : size[0] < 10 ? 2 : 1.1
      it(`gives Pillow's bilinear filter from ${height}×${width} to ${size.join('×')}, files and arrays`, async () => {
        const shape = toShape(size, channels)
        const decoded = await decodeImage(await pngOf(picture), 'picture', { shape })
        const resized = await resizePixels(rawPicture(picture), shape)
        const planar = await resizePixels(asPlanar(rawPicture(picture)), shape)
        assert.deepEqual({ ...decoded.shape, channels }, shape)
        near(distance(planesAsked(decoded, channels), bilinear), tolerance)
        near(distance(resized.data, bilinear), tolerance)
        const values = planar.layout === 'CHW' ? asInterleaved(planar) : planar.data
        near(distance(values, bilinear), tolerance)
        for (const [filter, away] of Object.entries(distances)) {
          assert.ok(away > 1.4 * tolerance, `${filter} would pass, ${away} away`)
        }
      })
    }

    for (const { size, ...policies } of picture.fitted) {
      for (const [policy, expected] of Object.entries(policies)) {
        it(`crops or pads what it enlarges to ${size.join('×')}: ${policy}`, async () => {
          const shape = toShape(size, channels)
          const resize = policy as ResizePolicy
          const resized = await resizePixels(rawPicture(picture), shape, resize)
          assert.deepEqual(resized.shape, shape)
          near(distance(resized.data, expected), ROUNDING)
          const decoded = await decodeImage(await pngOf(picture), 'picture', { shape, resize })
          near(distance(planesAsked(decoded, channels), expected), ROUNDING)
        })
      }
    }
  })
}

describe('resizing', () => {
  it('keeps 16 bits, and brings floats to 16 bits', async () => {
    const data = Uint16Array.from([0, 1000, 2000, 65535])
    const raw: RawPixels = { shape: { channels: 1, height: 1, width: 4 }, layout: 'HWC', data }
    const shape = { channels: 1, height: 1, width: 8 }
    const expected = [0, 250, 750, 1250, 1750, 17884, 49651, 65535]
    const wide = await resizePixels(raw, shape)
    assert.ok(wide.data instanceof Uint16Array)
    assert.deepEqual([...wide.data], expected)
    const floats = { ...raw, data: Float32Array.from(data, (value) => value / 65535) }
    assert.deepEqual((await resizePixels(floats, shape)).data, wide.data)
    const beyond = { ...raw, data: Float32Array.of(1 + 1e-6, 1, 0, -1e-6) }
    const clipped = [65535, 65535, 65535, 49151, 16384, 0, 0, 0]
    assert.deepEqual([...(await resizePixels(beyond, shape)).data], clipped)
  })

  it('enlarges floats without rounding them', () => {
    const raw: RawPixels = {
      shape: { channels: 1, height: 1, width: 2 },
      layout: 'CHW',
      data: Float32Array.of(0.25, 0.75),
    }
    const { data } = enlarge(raw, { channels: 1, height: 1, width: 4 }, 'stretch')
    assert.deepEqual(data, Float32Array.of(0.25, 0.375, 0.625, 0.75))
  })

  it('enlarges each plane of planar pixels by itself', () => {
    const data = Uint8Array.of(0, 100, 50, 250)
    const raw: RawPixels = { shape: { channels: 2, height: 1, width: 2 }, layout: 'CHW', data }
    const enlarged = enlarge(raw, { channels: 2, height: 2, width: 4 }, 'stretch')
    const rows = [
      [0, 25, 75, 100],
      [50, 100, 200, 250],
    ]
    assert.deepEqual([...enlarged.data], [rows[0], rows[0], rows[1], rows[1]].flat())
    assert.deepEqual(enlarged.shape, { channels: 2, height: 2, width: 4 })
    assert.equal(enlarged.layout, 'CHW')
    const framed = enlarge(raw, { channels: 2, height: 4, width: 4 }, 'contain')
    const black = [0, 0, 0, 0]
    assert.deepEqual(
      [...framed.data],
      [black, rows[0], rows[0], black, black, rows[1], rows[1], black].flat(),
    )
  })

  it('knows when a picture grows: along any axis, or along all where it must fit in', () => {
    const from = { height: 10, width: 20 }
    const grown = (height: number, width: number) =>
      (['stretch', 'cover', 'contain'] as const).map((policy) =>
        grows(from, { height, width }, policy),
      )
    assert.deepEqual(grown(10, 20), [false, false, false])
    assert.deepEqual(grown(11, 20), [true, true, false])
    assert.deepEqual(grown(10, 21), [true, true, false])
    assert.deepEqual(grown(11, 21), [true, true, true])
    assert.deepEqual(grown(9, 19), [false, false, false])
  })
})
