import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { decodeAtOnce } from '../../src/images/codec/decode-at-once.ts'
import { jpegDecoder } from '../../src/images/codec/jpeg.ts'

const jpegOf = async (width: number, height: number, space: 'srgb' | 'b-w' = 'srgb') =>
  sharp({ create: { width, height, channels: 3, background: '#c81e28' } })
    .toColourspace(space)
    .jpeg()
    .toBuffer()

const progressiveOf = async (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c81e28' } })
    .jpeg({ progressive: true })
    .toBuffer()

/** A comparison that fails would print them. */
const isRead = (bytes: Uint8Array, pixelLimit?: number): boolean =>
  decodeAtOnce(bytes, { pixelLimit }) !== undefined

describe('the pixels of a usual JPEG', () => {
  it('are colours, or greys where it has one component, in rows from the top', async () => {
    const colour = decodeAtOnce(await jpegOf(5, 3))
    assert.deepEqual(colour?.shape, { channels: 3, height: 3, width: 5 })
    assert.equal(colour.layout, 'HWC')
    assert.equal(colour.data.length, 45)
    assert.ok(Math.abs(colour.data[0] - 0xc8) < 4 && Math.abs(colour.data[1] - 0x1e) < 4)
    const grey = decodeAtOnce(await jpegOf(5, 3, 'b-w'))
    assert.deepEqual(grey?.shape, { channels: 1, height: 3, width: 5 })
    assert.equal(grey.data.length, 15)
    const expected = await sharp(await jpegOf(5, 3, 'b-w'))
      .toColourspace('b-w')
      .raw()
      .toBuffer()
    assert.deepEqual([...grey.data], [...expected])
  })

  it('are its own, whatever is decoded after it', async () => {
    const first = decodeAtOnce(await jpegOf(4, 4))
    const before = first?.data.slice()
    decodeAtOnce(await jpegOf(4, 4, 'b-w'))
    assert.deepEqual(first?.data, before)
  })

  it('are read of 65,536 pixels at most, in one baseline scan of 4,194,304', async () => {
    assert.ok(isRead(await progressiveOf(256, 256)))
    assert.ok(isRead(await progressiveOf(1024, 64)))
    assert.ok(!isRead(await progressiveOf(257, 256)))
    assert.ok(isRead(await jpegOf(257, 256)))
    assert.ok(isRead(await jpegOf(65_500, 2, 'b-w')))
    assert.ok(isRead(await jpegOf(4096, 1024, 'b-w')))
    assert.ok(!isRead(await jpegOf(4096, 1025, 'b-w')))
    assert.ok(isRead(await jpegOf(30, 20), 600))
    assert.ok(!isRead(await jpegOf(30, 20), 599))
  })

  it('are none where a side is nothing', async () => {
    const whole = await jpegOf(4, 4)
    const frame = whole.indexOf(Buffer.of(0xff, 0xc0))
    for (const side of [5, 7]) {
      const empty = Buffer.from(whole)
      empty.writeUInt16BE(0, frame + side)
      assert.equal(decodeAtOnce(empty), undefined)
    }
  })

  for (const [title, make, limit] of [
    ['a mebibyte', progressiveOf, 1 << 20],
    ['eight mebibytes, in one baseline scan', jpegOf, 1 << 23],
  ] as const) {
    it(`are read of ${title} at most`, async () => {
      const whole = await make(9, 9)
      /** The same with comments in front that make it so long. */
      const padded = (length: number) => {
        const parts: Buffer[] = [whole.subarray(0, 2)]
        for (let left = length - whole.length; left > 0;) {
          const size = left > 65_537 ? Math.min(65_537, left - 4) : left
          const comment = Buffer.alloc(size)
          comment.set([0xff, 0xfe, (size - 2) >> 8, (size - 2) & 255])
          parts.push(comment)
          left -= size
        }
        return Buffer.concat([...parts, whole.subarray(2)])
      }
      const [most, more] = [padded(limit), padded(limit + 1)]
      assert.deepEqual([most.length, more.length], [limit, limit + 1])
      assert.deepEqual(decodeAtOnce(most), decodeAtOnce(whole))
      assert.ok(!isRead(more))
    })
  }

  it('are not read of a damaged file, nor is the next one spoilt by it', async () => {
    const whole = await jpegOf(30, 20)
    const expected = decodeAtOnce(whole)
    assert.equal(decodeAtOnce(whole.subarray(0, whole.length - 30)), undefined)
    assert.deepEqual(decodeAtOnce(whole), expected)
    const scan = whole.indexOf(Buffer.of(0xff, 0xda))
    const unknown = Buffer.from(whole)
    // Huffman tables that there are none of.
    unknown[scan + 6] = 0x77
    assert.equal(decodeAtOnce(unknown), undefined)
    assert.deepEqual(decodeAtOnce(whole), expected)
  })
})

describe('the decoder', () => {
  it('is named with its version', () => {
    assert.match(jpegDecoder(), /^@cwasm\/jpeg-turbo \d+\.\d+\.\d+/)
  })
})
