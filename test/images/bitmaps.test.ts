import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
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
  readonly headerBytes?: 40 | 108
  readonly data: readonly number[]
}

/** A bitmap written by hand; data is bytes as they are stored. */
function bitmap({
  width,
  height,
  bits,
  compression = 0,
  masks = [],
  headerBytes = 40,
  data,
}: Made) {
  const between = Math.max(headerBytes, 40 + 4 * masks.length)
  const file = Buffer.alloc(14 + between)
  file.write('BM')
  file.writeUInt32LE(file.length, 10)
  file.writeUInt32LE(headerBytes, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(bits, 28)
  file.writeUInt32LE(compression, 30)
  masks.forEach((mask, i) => file.writeUInt32LE(mask, 54 + 4 * i))
  return Buffer.concat([file, Uint8Array.from(data)])
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
    const none = bitmap({ ...common, data: [255, 255, 255, 0, 10, 20, 30, 0] })
    assert.deepEqual(await read(none), [255, 255, 255, 30, 20, 10])
  })

  it('that are compressed, cut or too large are refused by name', async () => {
    const whole = { width: 3, height: 2, bits: 8, data: Array.from({ length: 1024 + 8 }, () => 0) }
    assert.equal((await read(bitmap(whole))).length, 6)
    await assert.rejects(read(bitmap({ ...whole, compression: 1 })), /a BMP with run-length/)
    await assert.rejects(read(bitmap({ ...whole, bits: 5 })), /a BMP of 5 bits/)
    await assert.rejects(read(bitmap({ ...whole, data: [1, 2, 3] })), /truncated BMP in a\.bmp/)
    await assert.rejects(decodeImage(bitmap(whole), 'a.bmp', { pixelLimit: 5 }), {
      code: 'image.too-large',
    })
  })
})
