import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { openImages, type BatchOptions } from '../../src/images/index.ts'
import { collect } from '../contracts/image-source.ts'
import { writeOne } from './stored-images.ts'

const RED = [200, 30, 40]
const WIDTH = 16
const HEIGHT = 8

function flat(colour: readonly number[], space: 'srgb' | 'b-w' = 'srgb'): Sharp {
  const channels = colour.length as 1 | 2 | 3 | 4
  const bytes = Uint8Array.from(
    { length: WIDTH * HEIGHT * channels },
    (_, i) => colour[i % channels],
  )
  return sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels } }).toColourspace(space)
}

/** First pixel of the only image, one value per channel, in 0..255. */
async function firstPixel(bytes: Uint8Array, options: BatchOptions = {}): Promise<number[]> {
  const source = await openImages(await writeOne('image.bin', bytes))
  const [{ pixels }] = await collect(source, { strict: true, ...options })
  const [, channels, height, width] = pixels.shape
  return Array.from(
    { length: channels },
    (_, channel) => pixels.data[channel * height * width] * 255,
  )
}

function assertPixel(
  actual: readonly number[],
  expected: readonly number[],
  tolerance = 1e-4,
): void {
  assert.equal(actual.length, expected.length)
  actual.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected[i]) <= tolerance,
      `got ${actual.join()}, expected ${expected.join()}`,
    )
  })
}

const colour = { channels: 3, height: HEIGHT, width: WIDTH }
const grey = { ...colour, channels: 1 }

describe('decoding', () => {
  const encodings: Record<string, () => Sharp> = {
    PNG: () => flat(RED).png(),
    JPEG: () => flat(RED).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    WebP: () => flat(RED).webp({ lossless: true }),
    TIFF: () => flat(RED).tiff({ compression: 'lzw' }),
    GIF: () => flat(RED).gif(),
    AVIF: () => flat(RED).avif({ lossless: true }),
  }
  for (const [name, encode] of Object.entries(encodings)) {
    it(`reads ${name} whatever the file is called`, async () => {
      const tolerance = name === 'PNG' ? 0 : 2
      assertPixel(await firstPixel(await encode().toBuffer()), RED, tolerance + 1e-4)
    })
  }

  it('turns colour to grey by Rec. 601 luma', async () => {
    const luma = 0.299 * 200 + 0.587 * 30 + 0.114 * 40
    assertPixel(await firstPixel(await flat(RED).png().toBuffer(), { shape: grey }), [luma])
  })

  it('repeats grey in every channel, and gives the same grey from a colour file of it', async () => {
    const stored = await flat([77], 'b-w').png().toBuffer()
    assertPixel(await firstPixel(stored, { shape: colour }), [77, 77, 77])
    const asColour = await flat([77, 77, 77]).png().toBuffer()
    assert.deepEqual(
      await firstPixel(asColour, { shape: grey }),
      await firstPixel(stored, { shape: grey }),
    )
  })

  it('keeps a grey file at one channel when no shape is asked for', async () => {
    assertPixel(await firstPixel(await flat([77], 'b-w').png().toBuffer()), [77])
    assertPixel(await firstPixel(await flat([77], 'b-w').jpeg({ quality: 100 }).toBuffer()), [77])
  })

  it('composites transparency on black', async () => {
    assertPixel(
      await firstPixel(await flat([200, 100, 50, 128]).png().toBuffer()),
      [100, 50, 25],
      1,
    )
    assertPixel(
      await firstPixel(await flat([200, 100, 50, 0]).webp({ lossless: true }).toBuffer()),
      [0, 0, 0],
    )
  })

  for (const profile of ['srgb', 'p3']) {
    it(`brings the colours of 16-bit files with a profile (${profile}) to sRGB`, async () => {
      const values = new Uint16Array(WIDTH * HEIGHT * 3).map(
        (_, i) => [40_000, 20_000, 9_000][i % 3],
      )
      const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
      const bytes = await sharp(values, { raw })
        .toColourspace('rgb16')
        .withIccProfile(profile)
        .png()
        .toBuffer()
      // sharp takes raw 16-bit values for Display P3; in sRGB they are (matrix of the two primaries):
      assertPixel(await firstPixel(bytes), [167.3, 72.2, 18.4], 0.5)
    })
  }

  it('keeps the depth of 16-bit files', async () => {
    const values = new Uint16Array(WIDTH * HEIGHT).fill(1000)
    const image = (): Sharp =>
      sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('grey16')
    const expected = (1000 / 65535) * 255
    assertPixel(await firstPixel(await image().png().toBuffer()), [expected])
    assertPixel(await firstPixel(await image().tiff({ compression: 'lzw' }).toBuffer()), [expected])
    assertPixel(await firstPixel(await image().png().toBuffer(), { shape: colour }), [
      expected,
      expected,
      expected,
    ])
  })

  it('brings CMYK to sRGB', async () => {
    const [r, g, b] = await firstPixel(
      await flat(RED).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
    )
    assert.ok(r > 130 && g < 90 && b < 90, `got ${r}, ${g}, ${b}`)
  })

  it('applies the EXIF orientation', async () => {
    const bytes = new Uint8Array(WIDTH * HEIGHT * 3)
    bytes.fill(255, 0, WIDTH * 3 * 2)
    const upright = sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    const turned = await upright.withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer()
    const source = await openImages(await writeOne('turned.jpg', turned))
    const [{ pixels }] = await collect(source)
    assert.deepEqual(pixels.shape, [1, 3, WIDTH, HEIGHT])
    assert.ok(pixels.data[HEIGHT - 1] > 0.9 && pixels.data[0] < 0.1)
  })

  it('reads the first frame of an animation', async () => {
    const frames = await Promise.all(
      [RED, [0, 0, 255]].map(async (value) => flat(value).png().toBuffer()),
    )
    const animated = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    assertPixel(await firstPixel(animated), RED, 2)
  })

  it('stretches, crops or pads to another shape', async () => {
    // Left half white, right half black, twice as wide as high.
    const bytes = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      i % WIDTH < WIDTH / 2 ? 255 : 0,
    )
    const image = sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    const source = await openImages(
      await writeOne('half.png', await image.toColourspace('b-w').png().toBuffer()),
    )
    const rowsOf = async (resize: 'stretch' | 'cover' | 'contain'): Promise<number[][]> => {
      const shape = { channels: 1, height: 4, width: 4 }
      const [{ pixels }] = await collect(source, { shape, resize })
      return [0, 1, 2, 3].map((y) => Array.from(pixels.data.subarray(4 * y, 4 * y + 4), Math.round))
    }
    const half = [1, 1, 0, 0]
    const black = [0, 0, 0, 0]
    assert.deepEqual(await rowsOf('stretch'), [half, half, half, half])
    assert.deepEqual(await rowsOf('cover'), [half, half, half, half])
    assert.deepEqual(await rowsOf('contain'), [black, half, half, black])
  })

  it('refuses an image beyond the pixel limit', async () => {
    const path = await writeOne('large.png', await flat(RED).png().toBuffer())
    const refused = await openImages(path, { pixelLimit: WIDTH * HEIGHT - 1 })
    await assert.rejects(collect(refused, { strict: true }), {
      code: 'image.too-large',
      message: /127 pixels/,
    })
    assert.equal((await collect(await openImages(path, { pixelLimit: WIDTH * HEIGHT }))).length, 1)
  })

  it('refuses more than a hundred million pixels unless told otherwise, before it reads them', async () => {
    const claiming = async (width: number, height: number): Promise<Uint8Array> => {
      const bytes = Buffer.from(await flat([9], 'b-w').png().toBuffer())
      bytes.writeUInt32BE(width, 16)
      bytes.writeUInt32BE(height, 20)
      bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
      return bytes
    }
    const read = async (width: number, height: number) => {
      const path = await writeOne('claims.png', await claiming(width, height))
      return collect(await openImages(path), { strict: true })
    }
    await assert.rejects(read(10_000, 10_001), {
      code: 'image.too-large',
      message: /100,000,000 pixels/,
    })
    await assert.rejects(read(10_000, 10_000), { code: 'image.undecodable' })
  })

  it('names an empty, a truncated and a foreign file', async () => {
    const whole = await flat(RED).jpeg().toBuffer()
    const failures: [Uint8Array, RegExp][] = [
      [new Uint8Array(), /got an empty file in image.jpg/],
      [whole.subarray(0, whole.length - 20), /damaged or truncated.*image.jpg/],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /PNG, JPEG, WebP.*image.jpg/],
    ]
    for (const [bytes, message] of failures) {
      const source = await openImages(await writeOne('image.jpg', bytes))
      await assert.rejects(collect(source, { strict: true }), {
        code: 'image.undecodable',
        message,
      })
      const skipped: string[] = []
      assert.deepEqual(await collect(source, { onSkip: ({ code }) => skipped.push(code) }), [])
      assert.deepEqual(skipped, ['image.undecodable'])
    }
  })
})
