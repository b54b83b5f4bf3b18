import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { readBmp } from '../../src/images/codec/bmp.ts'
import { decodeImage } from '../../src/images/codec/decode.ts'

type Golden = {
  readonly file: string
  readonly shape: readonly number[]
  readonly pixels: number[]
}

/** Bitmaps made by test/golden/bitmaps.py with Pillow. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/bitmaps.json', import.meta.url), 'utf8'),
) as Record<string, Golden>

type Made = {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly compression?: number
  readonly masks?: readonly number[]
  readonly headerBytes?: 12 | 40 | 56 | 108
  /** Bytes of its colours as they are stored, and how many it says there are. */
  readonly palette?: readonly number[]
  readonly colours?: number
  readonly data: readonly number[]
}

/** A bitmap written by hand; data is bytes as they are stored. */
function bitmap({ masks = [], palette = [], headerBytes = 40, data, ...fields }: Made) {
  const between = Math.max(headerBytes, 40 * Number(masks.length > 0) + 4 * masks.length)
  const file = Buffer.alloc(14 + between)
  file.write('BM')
  file.writeUInt32LE(file.length + palette.length, 10)
  file.writeUInt32LE(headerBytes, 14)
  const { width, height, bits, compression = 0, colours = 0 } = fields
  if (headerBytes === 12) {
    file.writeUInt16LE(width, 18)
    file.writeInt16LE(height, 20)
    file.writeUInt16LE(1, 22)
    file.writeUInt16LE(bits, 24)
  } else {
    file.writeInt32LE(width, 18)
    file.writeInt32LE(height, 22)
    file.writeUInt16LE(1, 26)
    file.writeUInt16LE(bits, 28)
    file.writeUInt32LE(compression, 30)
    file.writeUInt32LE(colours, 46)
  }
  masks.forEach((mask, i) => file.writeUInt32LE(mask, 54 + 4 * i))
  return Buffer.concat([file, Uint8Array.from(palette), Uint8Array.from(data)])
}

/** Rows of indices or bytes as a bitmap stores them: the first pixel in the highest bits, four bytes at a time. */
function pack(rows: readonly (readonly number[])[], bits: number): number[] {
  return rows.flatMap((row) => {
    const text = row.map((value) => value.toString(2).padStart(bits, '0')).join('')
    const padded = text.padEnd(Math.ceil(text.length / 32) * 32, '0')
    return Array.from({ length: padded.length / 8 }, (_, i) =>
      Number.parseInt(padded.slice(8 * i, 8 * i + 8), 2),
    )
  })
}

const read = async (bytes: Uint8Array): Promise<number[]> => [
  ...(await decodeImage(bytes, 'a.bmp')).data,
]

describe('bitmaps', () => {
  for (const [name, { file, shape, pixels }] of Object.entries(golden)) {
    it(`have Pillow's pixels: ${name}`, async () => {
      const found = await decodeImage(Buffer.from(file, 'base64'), 'a.bmp')
      const { channels, height, width } = found.shape
      assert.deepEqual([channels, height, width], shape)
      assert.deepEqual([...found.data], pixels)
    })
  }

  it('of 16 bits have five bits a channel, or what masks say, rows padded to four bytes', async () => {
    const five = { width: 1, height: 1, bits: 16, data: [0x1f, 0x7c, 0, 0] }
    assert.deepEqual(await read(bitmap(five)), [255, 0, 255])
    const six = { ...five, compression: 3, masks: [0xf800, 0x07e0, 0x1f], data: [0xe0, 0x07, 0, 0] }
    assert.deepEqual(await read(bitmap(six)), [0, 255, 0])
  })

  it('of 16 bits have the nearest of 256 levels', async () => {
    const levels = (count: number) => Array.from({ length: count }, (_, level) => level)
    const scaled = (count: number) =>
      levels(count).flatMap((level) => {
        const value = Math.floor((2 * level * 255 + count - 1) / (2 * (count - 1)))
        return [value, value, value]
      })
    const bytes = (value: number) => [value & 255, value >> 8]
    const five = levels(32).flatMap((level) => bytes((level << 10) | (level << 5) | level))
    assert.deepEqual(await read(bitmap({ width: 32, height: 1, bits: 16, data: five })), scaled(32))
    // The same six bits for every colour.
    const six = levels(64).flatMap((level) => bytes(level << 4))
    const masks = [0x03f0, 0x03f0, 0x03f0]
    assert.deepEqual(
      await read(bitmap({ width: 64, height: 1, bits: 16, compression: 3, masks, data: six })),
      scaled(64),
    )
  })

  it('have any bits of a pixel for a colour, or none', async () => {
    const pixel = { width: 1, height: 1, bits: 32, compression: 3, data: [0x11, 0x22, 0x33, 0xc4] }
    const at = async (...masks: number[]) => read(bitmap({ ...pixel, masks }))
    assert.deepEqual(await at(0xff00_0000, 0xff_0000, 0xff), [0xc4, 0x33, 0x11])
    assert.deepEqual(await at(0, 0xff00, 0xc000_0000), [0, 0x22, 255])
    assert.deepEqual(await at(0xff00, 0, 0x8000_0000), [0x22, 0, 255])
    assert.deepEqual(await at(0x4000_0000, 0x0800_0000, 0), [255, 0, 0])
    const short = { ...pixel, bits: 16, data: [0xff, 0xff, 0, 0] }
    const beyond = bitmap({ ...short, masks: [0x1_0000, 0xffff, 0x8000] })
    assert.deepEqual(await read(beyond), [0, 255, 255])
    const three = bitmap({ ...pixel, bits: 24, masks: [0xff, 0xff00, 0xff_0000] })
    assert.deepEqual(await read(three), [0x11, 0x22, 0x33])
  })

  it('have their colours looked up, whatever their width, blue first where they are stored', async () => {
    for (const bits of [1, 4, 8]) {
      const count = 1 << bits
      const palette = Array.from({ length: 4 * count }, (_, i) => (37 * i + 11) % 256)
      const colour = (index: number) => [2, 1, 0].map((byte) => palette[4 * index + byte])
      for (let width = 1; width <= 9; width++) {
        const rows = [0, 1, 2].map((y) =>
          Array.from({ length: width }, (_, x) => (31 * y + 7 * x + 5 * x * y) % count),
        )
        const made = { width, height: -3, bits, palette, data: pack(rows, bits) }
        assert.deepEqual(await read(bitmap(made)), rows.flat().flatMap(colour), `${bits}, ${width}`)
      }
    }
  })

  it('are grey where all their colours are, used or not', async () => {
    const levels = [10, 200].flatMap((level) => [level, level, level, 0])
    const two = { width: 2, height: 1, bits: 1, palette: levels, data: pack([[1, 0]], 1) }
    assert.deepEqual((await decodeImage(bitmap(two), 'a.bmp')).shape, {
      channels: 1,
      height: 1,
      width: 2,
    })
    assert.deepEqual(await read(bitmap(two)), [200, 10])
    for (const other of [0, 1, 2]) {
      const palette = [...levels, ...levels].map((level, i) => (i === 8 + other ? 11 : level))
      const unused = bitmap({ ...two, bits: 4, palette, colours: 4, data: pack([[1, 0]], 4) })
      assert.deepEqual(await read(unused), [200, 200, 200, 10, 10, 10])
    }
  })

  it('are black where their colour is beyond those there are', async () => {
    const palette = [1, 2, 3, 77, 4, 5, 6, 77, 7, 8, 9, 77]
    const four = { width: 4, height: 1, bits: 4, palette, data: pack([[0, 1, 2, 15]], 4) }
    assert.deepEqual(
      await read(bitmap({ ...four, colours: 2 })),
      [3, 2, 1, 6, 5, 4, 0, 0, 0, 0, 0, 0],
    )
    assert.deepEqual(
      await read(bitmap({ ...four, colours: 3 })),
      [3, 2, 1, 6, 5, 4, 9, 8, 7, 0, 0, 0],
    )
    // It says that there are more than there can be; the file ends within them.
    const many = { ...four, bits: 8, data: [0, 1, 2, 3], colours: 1000 }
    assert.deepEqual((await read(bitmap(many))).slice(0, 9), [3, 2, 1, 6, 5, 4, 9, 8, 7])
  })

  it('of the first version have a short header, and colours of three bytes', async () => {
    const old = { width: 3, headerBytes: 12 } as const
    const rows = [
      [0, 1, 1],
      [1, 0, 1],
    ]
    for (const bits of [1, 4, 8]) {
      const palette = Array.from({ length: 3 * (1 << bits) }, (_, i) => (i * 40) % 251)
      const made = { ...old, bits, palette, data: pack(rows, bits) }
      const [first, second] = [
        [80, 40, 0],
        [200, 160, 120],
      ]
      const up = [second, first, second, first, second, second].flat()
      const down = [first, second, second, second, first, second].flat()
      assert.deepEqual(await read(bitmap({ ...made, height: 2 })), up, `${bits}`)
      assert.deepEqual(await read(bitmap({ ...made, height: -2 })), down, `${bits}`)
    }
    const colours = { ...old, height: 1, bits: 24, data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0] }
    assert.deepEqual(await read(bitmap(colours)), [3, 2, 1, 6, 5, 4, 9, 8, 7])
  })

  it('are read from the part of a larger array they stand in', async () => {
    const whole = bitmap({ width: 1, height: 1, bits: 24, data: [1, 2, 3, 0] })
    const larger = Buffer.concat([Buffer.alloc(5, 9), whole])
    assert.deepEqual(await read(larger.subarray(5)), [3, 2, 1])
  })

  it('lie from the bottom up, or from the top down where the height is negative', async () => {
    const rows = { width: 1, bits: 24, data: [1, 2, 3, 0, 4, 5, 6, 0] }
    assert.deepEqual(await read(bitmap({ ...rows, height: 2 })), [6, 5, 4, 3, 2, 1])
    assert.deepEqual(await read(bitmap({ ...rows, height: -2 })), [3, 2, 1, 6, 5, 4])
  })

  it('have their alpha laid on black, unless all of it is nothing', async () => {
    const masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000]
    const common = {
      width: 2,
      height: 1,
      bits: 32,
      compression: 3,
      masks,
      headerBytes: 108,
    } as const
    const half = bitmap({ ...common, data: [255, 255, 255, 128, 10, 20, 30, 255] })
    assert.deepEqual(await read(half), [128, 128, 128, 30, 20, 10])
    const rows = [10, 20, 30, 255, 40, 50, 60, 0, 70, 80, 90, 255, 200, 200, 200, 51]
    assert.deepEqual(
      await read(bitmap({ ...common, height: 2, data: rows })),
      [90, 80, 70, 40, 40, 40, 30, 20, 10, 0, 0, 0],
    )
    const none = bitmap({ ...common, data: [255, 255, 255, 0, 10, 20, 30, 0] })
    assert.deepEqual(await read(none), [255, 255, 255, 30, 20, 10])
  })

  it('have alpha by the header of version 3 or the sixth compression, not by what lies behind three masks', async () => {
    const pixel = { width: 1, height: 1, bits: 32, data: [200, 100, 3, 128] }
    const masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000]
    const laid = [2, 50, 100]
    const plain = [3, 100, 200]
    const at = async (headerBytes: 40 | 56, compression: number, count = 4) =>
      read(bitmap({ ...pixel, headerBytes, compression, masks: masks.slice(0, count) }))
    assert.deepEqual(await at(40, 6), laid)
    assert.deepEqual(await at(56, 3), laid)
    assert.deepEqual(await at(40, 3), plain)
    assert.deepEqual(await at(40, 3, 3), plain)
    assert.deepEqual(await at(56, 3, 3), plain)
    // Masks do not count where the header says that there are none.
    assert.deepEqual(await at(56, 0), plain)
  })

  it('that are compressed, cut or too large are refused by name', async () => {
    const whole = { width: 3, height: 2, bits: 8, data: Array.from({ length: 1024 + 8 }, () => 0) }
    assert.equal((await read(bitmap(whole))).length, 6)
    const cases: readonly (readonly [Partial<Made>, RegExp])[] = [
      [{ compression: 1 }, /without compression, got a BMP with run-length compression in a\.bmp/],
      [{ compression: 2 }, /a BMP with run-length compression/],
      [{ compression: 4 }, /a BMP with a JPEG inside/],
      [{ compression: 5 }, /a BMP with a PNG inside/],
      [{ compression: 7 }, /a BMP with compression 7/],
      [{ compression: 3 }, /a BMP with compression 3/],
      [{ compression: 6 }, /a BMP with compression 6/],
      [{ bits: 5 }, /a BMP of 5 bits/],
      [{ bits: 2 }, /a BMP of 2 bits/],
      [{ bits: 64 }, /a BMP of 64 bits/],
      [{ data: [1, 2, 3] }, /truncated BMP in a\.bmp/],
      [{ width: 0 }, /truncated BMP/],
      [{ width: -3 }, /truncated BMP/],
      [{ height: 0 }, /truncated BMP/],
    ]
    for (const [change, message] of cases) {
      await assert.rejects(read(bitmap({ ...whole, ...change })), {
        code: 'image.undecodable',
        message,
      })
    }
    await assert.rejects(read(bitmap({ ...whole, compression: 5 })), {
      message: 'expected a whole BMP without compression, got a BMP with a PNG inside in a.bmp',
      hint: 'Convert it to PNG.',
    })
    assert.equal((await decodeImage(bitmap(whole), 'a.bmp', { pixelLimit: 6 })).data.length, 6)
    await assert.rejects(decodeImage(bitmap(whole), 'a.bmp', { pixelLimit: 5 }), {
      code: 'image.too-large',
    })
  })

  it('are whole without the padding of their last row, and not with a byte less', async () => {
    for (const bits of [1, 4, 8, 16, 24, 32]) {
      const palette = Array.from({ length: bits > 8 ? 0 : 4 << bits }, () => 1)
      const [row, last] = [Math.ceil((3 * bits) / 32) * 4, Math.ceil((3 * bits) / 8)]
      const bytes = bitmap({
        width: 3,
        height: 2,
        bits,
        palette,
        data: Array.from({ length: row + last }, () => 0),
      })
      const { shape } = await decodeImage(bytes, 'a.bmp')
      assert.deepEqual([shape.height, shape.width], [2, 3])
      await assert.rejects(read(bytes.subarray(0, -1)), /truncated BMP/, `${bits}`)
    }
  })

  it('are refused by name where they end within their header, whichever it is', async () => {
    const made = { width: 1, height: 1, bits: 24, data: [1, 2, 3, 0] }
    for (const headerBytes of [12, 40, 56, 108] as const) {
      const bytes = bitmap({ ...made, headerBytes })
      for (let length = 14; length < bytes.length - 1; length++) {
        assert.equal(readBmp(bytes.subarray(0, length)), 'a damaged or truncated BMP')
      }
      assert.deepEqual(await read(bytes), [3, 2, 1])
      const other = Buffer.from(bytes)
      for (const size of [0, 11, 13, 39, bytes.length - 13]) {
        other.writeUInt32LE(size, 14)
        assert.equal(readBmp(other), 'a damaged or truncated BMP', `${size}`)
      }
    }
  })
})
