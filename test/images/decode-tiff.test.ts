import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/codec/decode.ts'

type Page = {
  readonly bits: 8 | 16 | 32
  readonly samples: number
  /** TIFF 6.0: 1 grey, 2 RGB, 5 CMYK. */
  readonly photometric: 1 | 2 | 5
  /** What the samples behind the colour are: 0 unspecified, 1 and 2 alpha. */
  readonly extra?: readonly number[]
  /** 1 unsigned, 2 signed, 3 floats. */
  readonly sampleFormat?: number
  readonly height: number
  readonly width: number
  readonly values: readonly number[]
}

/** A TIFF without compression, one strip a page, the little end first. */
function tiffOf(pages: readonly Page[]): Buffer {
  const parts: Buffer[] = [Buffer.from('II*\0\x08\0\0\0', 'latin1')]
  let at = 8
  pages.forEach((page, i) => {
    const { bits, samples, photometric, extra = [], sampleFormat = 1, height, width } = page
    const size = bits / 8
    const pixels = Buffer.alloc(page.values.length * size)
    page.values.forEach((value, k) => pixels.writeUIntLE(value, k * size, size))
    const short = (tag: number, ...values: readonly number[]) => ({ tag, values })
    const fields = [
      short(256, width),
      short(257, height),
      short(258, ...Array.from({ length: samples }, () => bits)),
      short(259, 1),
      short(262, photometric),
      short(273, 0),
      short(277, samples),
      short(278, height),
      short(279, pixels.length),
      ...(extra.length > 0 ? [short(338, ...extra)] : []),
      short(339, ...Array.from({ length: samples }, () => sampleFormat)),
    ]
    const head = Buffer.alloc(2 + 12 * fields.length + 4)
    const longer: Buffer[] = []
    let free = at + head.length
    head.writeUInt16LE(fields.length)
    const lists = fields.filter(({ values }) => values.length > 2)
    const strip = free + lists.reduce((sum, { values }) => sum + 2 * values.length, 0)
    fields.forEach(({ tag, values }, k) => {
      const entry = 2 + 12 * k
      head.writeUInt16LE(tag, entry)
      head.writeUInt16LE(tag === 273 ? 4 : 3, entry + 2)
      head.writeUInt32LE(values.length, entry + 4)
      if (tag === 273) head.writeUInt32LE(strip, entry + 8)
      else if (values.length <= 2) {
        values.forEach((value, j) => head.writeUInt16LE(value, entry + 8 + 2 * j))
      } else {
        head.writeUInt32LE(free, entry + 8)
        longer.push(Buffer.from(Uint16Array.from(values).buffer))
        free += 2 * values.length
      }
    })
    const end = strip + pixels.length
    head.writeUInt32LE(i + 1 < pages.length ? end : 0, head.length - 4)
    parts.push(head, ...longer, pixels)
    at = end
  })
  return Buffer.concat(parts)
}

const read = async (pages: readonly Page[], page?: number) => {
  const { shape, data } = await decodeImage(tiffOf(pages), 'a.tif', { page })
  return { channels: shape.channels, size: [shape.height, shape.width], values: [...data] }
}

const infrared: Page = {
  bits: 8,
  samples: 4,
  photometric: 2,
  extra: [0],
  height: 1,
  width: 2,
  values: [10, 20, 30, 99, 40, 50, 60, 98],
}

describe('samples of a TIFF that are no part of the colour', () => {
  it('are left out, each other as it is, at 8 and at 16 bits', async () => {
    const colours = [10, 20, 30, 40, 50, 60]
    const size = [1, 2]
    assert.deepEqual(await read([infrared]), { channels: 3, size, values: colours })
    const deep = { ...infrared, bits: 16, values: infrared.values.map((one) => 301 * one) } as const
    const deeper = colours.map((one) => 301 * one)
    assert.deepEqual(await read([deep]), { channels: 3, size, values: deeper })
    const more = { ...infrared, samples: 5, extra: [2, 0], width: 1, values: [1, 2, 3, 4, 5] }
    assert.deepEqual(await read([more]), { channels: 3, size: [1, 1], values: [1, 2, 3] })
  })

  it('are left out of greys too', async () => {
    const grey = { ...infrared, samples: 2, photometric: 1, values: [7, 99, 8, 98] } as const
    const size = [1, 2]
    assert.deepEqual(await read([grey]), { channels: 1, size, values: [7, 8] })
    const deep = { ...grey, bits: 16, values: [700, 9, 65_000, 9] } as const
    assert.deepEqual(await read([deep]), { channels: 1, size, values: [700, 65_000] })
  })

  it('are left out of the page that is asked for', async () => {
    const second = { ...infrared, width: 1, height: 2, values: [1, 2, 3, 4, 5, 6, 7, 8] }
    assert.deepEqual((await read([infrared, second], 1)).values, [1, 2, 3, 5, 6, 7])
    assert.deepEqual((await read([infrared, second], 0)).values, [10, 20, 30, 40, 50, 60])
    assert.deepEqual((await read([infrared, second])).values, [10, 20, 30, 40, 50, 60])
  })

  it('are not left out where they are alpha, which is laid on black', async () => {
    const alpha = { ...infrared, extra: [2], values: [10, 20, 30, 255, 40, 50, 60, 0] }
    assert.deepEqual((await read([alpha])).values, [10, 20, 30, 0, 0, 0])
  })

  it('are refused beside CMYK', async () => {
    const inks = { ...infrared, photometric: 5, samples: 5, values: Array(10).fill(9) } as const
    await assert.rejects(read([inks]), {
      code: 'image.undecodable',
      message: 'expected CMYK without further samples, got a TIFF with some in a.tif',
    })
  })

  it('count towards the pixel limit like any', async () => {
    const bytes = tiffOf([infrared])
    await assert.rejects(decodeImage(bytes, 'a.tif', { pixelLimit: 1 }), {
      code: 'image.too-large',
      message: 'expected at most 1 pixels, got more in a.tif',
    })
    assert.equal((await decodeImage(bytes, 'a.tif', { pixelLimit: 2 })).data.length, 6)
  })
})

describe('a TIFF', () => {
  const plain = { ...infrared, samples: 3, extra: [], values: [1, 2, 3, 4, 5, 6] }

  it('is read page by page, each with its own depth', async () => {
    const deep = { ...plain, bits: 16, values: [100, 200, 300, 400, 500, 600] } as const
    assert.deepEqual((await read([plain, deep], 0)).values, plain.values)
    assert.deepEqual((await read([plain, deep], 1)).values, deep.values)
  })

  it('of floats is refused by name, on the page that is asked for', async () => {
    const floats = { ...plain, bits: 32, sampleFormat: 3 } as const
    await assert.rejects(read([plain, floats], 1), {
      code: 'image.undecodable',
      message:
        'expected a TIFF of 8- or 16-bit unsigned integers without compression or with LZW or deflate, got a TIFF of 32-bit floats in a.tif',
    })
    assert.deepEqual((await read([plain, floats])).values, plain.values)
  })
})

describe('a file of 16 bits with an sRGB profile', () => {
  it('keeps its numbers to the last bit', async () => {
    const values = Uint16Array.from({ length: 3 * 64 }, (_, i) => (i * 997) % 65_536)
    const raw = { width: 8, height: 8, channels: 3 } as const
    const image = sharp(values, { raw }).toColourspace('rgb16').withIccProfile('srgb')
    for (const bytes of [
      await image.clone().png().toBuffer(),
      await image.clone().tiff({ compression: 'none' }).toBuffer(),
    ]) {
      const stored = await sharp(bytes, { ignoreIcc: true })
        .toColourspace('rgb16')
        .raw({ depth: 'ushort' })
        .toBuffer()
      const { data } = await decodeImage(bytes, 'a')
      assert.deepEqual(data, new Uint16Array(new Uint8Array(stored).buffer))
    }
  })
})
