import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { decodeAtOnce } from '../../src/images/codec/decode-at-once.ts'

type Chunk = readonly [name: string, data: Uint8Array]

function encodeChunk([name, data]: Chunk): Buffer {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length)
  bytes.write(name, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8)
  return bytes
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const pngOf = (...chunks: readonly Chunk[]): Buffer =>
  Buffer.concat([signature, ...chunks.map(encodeChunk)])

type Header = {
  readonly width?: number
  readonly height?: number
  readonly bits?: number
  readonly type?: number
  /** Compression, filter method and interlacing. */
  readonly rest?: readonly [number, number, number]
}

function ihdr({ width = 2, height = 2, bits = 8, type = 0, rest = [0, 0, 0] }: Header): Chunk {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  data.set([bits, type, ...rest], 8)
  return ['IHDR', data]
}

const idat = (...rows: readonly number[]): Chunk => ['IDAT', deflateSync(Uint8Array.from(rows))]
const iend: Chunk = ['IEND', new Uint8Array()]
const palette = (...colours: readonly number[]): Chunk => ['PLTE', Uint8Array.from(colours)]

/** Two rows of two grey pixels: 1 and 2, 3 and 4. */
const grey = idat(0, 1, 2, 0, 3, 4)
const decode = (...chunks: readonly Chunk[]) => decodeAtOnce(pngOf(...chunks))
const pixelsOf = (header: Header, ...chunks: readonly Chunk[]) => {
  const found = decode(ihdr(header), ...chunks, iend)
  return found && [found.shape.channels, found.shape.height, found.shape.width, ...found.data]
}

describe('the pixels of a usual PNG', () => {
  it('are greys, colours, or those of a palette', () => {
    assert.deepEqual(pixelsOf({}, grey), [1, 2, 2, 1, 2, 3, 4])
    const colour = { type: 2, height: 1 }
    assert.deepEqual(pixelsOf(colour, idat(0, 1, 2, 3, 4, 5, 6)), [3, 1, 2, 1, 2, 3, 4, 5, 6])
    const indexed = { type: 3, height: 1, width: 3 }
    const colours = palette(9, 8, 7, 6, 5, 4)
    assert.deepEqual(
      pixelsOf(indexed, colours, idat(0, 1, 0, 1)),
      [3, 1, 3, 6, 5, 4, 9, 8, 7, 6, 5, 4],
    )
    assert.equal(decode(ihdr({}), grey, iend)?.layout, 'HWC')
  })

  it('are whole bytes where fewer bits are stored, greys over all of the range', () => {
    const bits = { height: 1, width: 5 }
    assert.deepEqual(
      pixelsOf({ ...bits, bits: 1 }, idat(0, 0b10110000)),
      [1, 1, 5, 255, 0, 255, 255, 0],
    )
    assert.deepEqual(
      pixelsOf({ ...bits, bits: 2 }, idat(0, 0b00011011, 0b01000000)),
      [1, 1, 5, 0, 85, 170, 255, 85],
    )
    assert.deepEqual(
      pixelsOf({ ...bits, bits: 4 }, idat(0, 0x0f, 0x12, 0x30)),
      [1, 1, 5, 0, 255, 17, 34, 51],
    )
    const colours = palette(...Array.from({ length: 12 }, (_, i) => i))
    const two = { height: 2, width: 1, type: 3, bits: 2 }
    assert.deepEqual(
      pixelsOf(two, colours, idat(0, 0b11000000, 0, 0b01000000)),
      [3, 2, 1, 9, 10, 11, 3, 4, 5],
    )
  })

  it('are what is left when the filters are undone', () => {
    const colour = { type: 2, width: 2, height: 2 }
    const first = [0, 10, 20, 30, 40, 50, 60]
    const undone = (filter: number, ...row: readonly number[]) =>
      pixelsOf(colour, idat(...first, filter, ...row))?.slice(9)
    assert.deepEqual(undone(1, 1, 2, 3, 4, 5, 6), [1, 2, 3, 5, 7, 9])
    assert.deepEqual(undone(2, 1, 2, 3, 4, 5, 6), [11, 22, 33, 44, 55, 66])
    // Half of above; then half of left and above.
    assert.deepEqual(undone(3, 1, 2, 3, 4, 5, 6), [6, 12, 18, 27, 36, 45])
    // Above; then of left (11), above (40) and corner (10) the nearest to 11 + 40 − 10.
    assert.deepEqual(undone(4, 1, 2, 3, 4, 5, 6), [11, 22, 33, 44, 55, 66])
    assert.equal(undone(5, 1, 2, 3, 4, 5, 6), undefined)
    // The first row has nothing above it, and bytes wrap.
    assert.deepEqual(pixelsOf({ width: 3, height: 1 }, idat(2, 250, 1, 2)), [1, 1, 3, 250, 1, 2])
    assert.deepEqual(pixelsOf({ width: 3, height: 1 }, idat(1, 250, 7, 2)), [1, 1, 3, 250, 1, 3])
  })

  it('are taken for above, left and corner as the specification says where these are as near', () => {
    const paeth = (left: number, up: number, corner: number) =>
      pixelsOf({}, idat(0, corner, up, 4, left - corner, 0))?.[6]
    assert.deepEqual([paeth(7, 7, 7), paeth(5, 9, 9), paeth(9, 5, 9)], [7, 5, 5])
    // Of 4, 8 and 6 all are near 6 by two, two and none; of 2, 8 and 5 the corner.
    assert.deepEqual([paeth(4, 8, 6), paeth(8, 4, 6), paeth(2, 8, 5)], [6, 6, 5])
    // As near by left, or by above, as by the corner: two.
    assert.deepEqual([paeth(6, 12, 10), paeth(12, 6, 10)], [6, 6])
    assert.deepEqual([paeth(10, 20, 13), paeth(20, 10, 13), paeth(1, 200, 100)], [20, 20, 100])
  })
})

describe('a PNG that is not usual', () => {
  const isLeft = (header: Header, ...chunks: readonly Chunk[]) =>
    assert.equal(pixelsOf(header, ...chunks), undefined)

  it('has another colour type, depth, packing or interlacing', () => {
    for (const type of [1, 4, 5, 6, 7]) isLeft({ type }, grey)
    for (const bits of [0, 3, 16]) isLeft({ bits }, grey)
    for (const bits of [1, 2, 4, 16]) isLeft({ bits, type: 2 }, grey)
    for (const rest of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const)
      isLeft({ rest }, grey)
  })

  it('has more pixels than 262,144, or none', () => {
    const rows = (width: number, height: number): Chunk => [
      'IDAT',
      deflateSync(new Uint8Array((width + 1) * height)),
    ]
    assert.equal(pixelsOf({ width: 512, height: 512 }, rows(512, 512))?.length, 262_144 + 3)
    isLeft({ width: 513, height: 512 }, rows(513, 512))
    isLeft({ width: 0 }, idat(0, 0))
    isLeft({ height: 0 }, idat(0, 0))
  })

  it('has more or fewer rows than it says', () => {
    isLeft({}, idat(0, 1, 2, 0, 3))
    isLeft({}, idat(0, 1, 2, 0, 3, 4, 0))
    isLeft({}, ['IDAT', Uint8Array.of(1, 2, 3)])
  })

  it('has a palette beside greys, none beside indices, or one that is too small', () => {
    isLeft({}, palette(1, 2, 3), grey)
    isLeft({ type: 3 }, idat(0, 0, 0, 0, 0, 0))
    isLeft({ type: 3 }, palette(1, 2, 3), idat(0, 0, 0, 0, 0, 1))
    isLeft({ type: 3 }, palette(1, 2, 3, 4), idat(0, 0, 0, 0, 0, 0))
    assert.ok(pixelsOf({ type: 3 }, palette(1, 2, 3), idat(0, 0, 0, 0, 0, 0)))
  })

  it('has its chunks in another order, or twice', () => {
    const indexed = idat(0, 0, 0, 0, 0, 0)
    isLeft({ type: 3 }, indexed, palette(1, 2, 3))
    isLeft({ type: 3 }, palette(1, 2, 3), palette(1, 2, 3), indexed)
    isLeft({}, ihdr({}), grey)
    assert.equal(decode(grey, ihdr({}), iend), undefined)
    assert.equal(decode(['gAMA', new Uint8Array(13)], ihdr({}), grey, iend), undefined)
    assert.equal(decode(ihdr({}), iend), undefined)
    assert.equal(decode(ihdr({}), grey), undefined)
  })

  it('has its pixels in parts that are not one behind the other', () => {
    const packed = grey[1]
    const parts = [packed.subarray(0, 5), packed.subarray(5)].map((data): Chunk => ['IDAT', data])
    assert.deepEqual(pixelsOf({}, ...parts), [1, 2, 2, 1, 2, 3, 4])
    isLeft({}, parts[0], ['gAMA', new Uint8Array(4)], parts[1])
  })

  it('has chunks that may change pixels; those that do not are passed over', () => {
    for (const name of ['bKGD', 'cHRM', 'gAMA', 'hIST', 'pHYs', 'sBIT', 'sRGB', 'tIME']) {
      assert.ok(pixelsOf({}, [name, new Uint8Array(4)], grey), name)
      assert.ok(pixelsOf({}, grey, [name, new Uint8Array(4)]), name)
    }
    for (const name of ['tRNS', 'iCCP', 'eXIf', 'acTL', 'abcd']) {
      isLeft({}, [name, new Uint8Array(4)], grey)
    }
  })

  it('has a header of another length, or ends within a chunk', () => {
    const [, header] = ihdr({})
    assert.equal(decode(['IHDR', Buffer.concat([header, header])], grey, iend), undefined)
    const whole = pngOf(ihdr({}), grey, iend)
    for (let length = 0; length < whole.length; length++) {
      assert.equal(decodeAtOnce(whole.subarray(0, length)), undefined)
    }
    assert.ok(
      decodeAtOnce(Buffer.concat([whole, Buffer.of(1, 2, 3)])),
      'what follows is no part of it',
    )
    assert.ok(decodeAtOnce(Buffer.concat([Buffer.alloc(3), whole]).subarray(3)))
  })
})
