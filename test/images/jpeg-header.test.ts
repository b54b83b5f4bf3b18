import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readJpegHeader } from '../../src/images/codec/jpeg-header.ts'

/** A segment: marker, length with itself, body. */
const segment = (marker: number, ...body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
]

/** A frame of 300 rows of 515 pixels, of three components unless told otherwise. */
const frame = (marker = 0xc0, { bits = 8, components = 3 } = {}): number[] =>
  segment(marker, bits, 1, 44, 2, 3, components, 1, 0x11, 0)

const scan = segment(0xda, 1, 1, 0, 0, 63, 0)
const read = (...parts: readonly (readonly number[])[]) =>
  readJpegHeader(Uint8Array.from([0xff, 0xd8, ...parts.flat()]))

const plain = {
  height: 300,
  width: 515,
  components: 3,
  hasUsualCoding: true,
  hasExif: false,
  hasProfile: false,
}

describe('the header of a JPEG', () => {
  it('is its frame, in front of the first scan', () => {
    assert.deepEqual(read(frame(), scan), plain)
    assert.deepEqual(read(frame(0xc0, { components: 1 }), scan), { ...plain, components: 1 })
    assert.deepEqual(read(segment(0xe0, 1, 2, 3), segment(0xdb, 0), frame(), scan), plain)
  })

  it('is of the first frame where there are several', () => {
    assert.deepEqual(read(frame(), frame(0xc0, { components: 4 }), scan), plain)
  })

  it('is usual for Huffman coding of 8 bits, be it sequential or progressive', () => {
    const usual = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]
    assert.deepEqual(
      usual.map((marker) => read(frame(marker), scan)?.hasUsualCoding),
      usual.map((marker) => marker <= 0xc2),
    )
    assert.equal(read(frame(0xc1, { bits: 12 }), scan)?.hasUsualCoding, false)
  })

  it('takes tables among the frames’ markers for none', () => {
    for (const marker of [0xc4, 0xc8, 0xcc, 0xbf, 0xd0]) {
      assert.equal(read(frame(marker), scan), undefined)
      assert.deepEqual(read(frame(marker, { components: 4 }), frame(), scan), plain)
    }
  })

  it('says whether there are EXIF and a profile', () => {
    assert.deepEqual(read(segment(0xe1, 1), frame(), scan), { ...plain, hasExif: true })
    assert.deepEqual(read(frame(), segment(0xe2, 1), scan), { ...plain, hasProfile: true })
    const both = [segment(0xe1, 1), segment(0xe2, 1), segment(0xe0, 1), segment(0xe3, 1)]
    assert.deepEqual(read(...both, frame(), scan), { ...plain, hasExif: true, hasProfile: true })
    assert.deepEqual(read(frame(), scan, segment(0xe1, 1)), plain)
  })

  it('is found behind fill bytes and bytes between segments', () => {
    assert.deepEqual(read([0xff, 0xff, 0xff], frame(), [7, 0, 9], scan), plain)
    assert.deepEqual(read([0xff, 0], frame(), [0xff], scan), plain)
    // What lies within a segment is not looked at.
    assert.deepEqual(read(segment(0xe0, ...segment(0xe1, 1)), frame(), scan), plain)
    const long = Array.from({ length: 300 }, () => 0xff)
    assert.deepEqual(read(segment(0xe0, ...long), frame(), scan), plain)
  })

  it('is none without a frame or a scan behind it', () => {
    assert.equal(read(scan), undefined)
    assert.equal(read(frame()), undefined)
    assert.equal(read(frame(), [0xff, 0xd9, 0, 0], scan), undefined)
    assert.equal(readJpegHeader(new Uint8Array()), undefined)
  })

  it('is none where it is cut', () => {
    const whole = Uint8Array.from([0xff, 0xd8, ...frame(), ...scan])
    const needed = whole.length - scan.length + 4
    for (let length = 0; length < whole.length; length++) {
      assert.equal(readJpegHeader(whole.subarray(0, length)) !== undefined, length >= needed)
    }
    // A frame whose length says less than it holds, at the very end.
    const short = [0xff, 0xc0, 0, 2, ...scan]
    assert.equal(read(short)?.width, scan[3] * 256 + scan[4])
    assert.equal(read([0xff, 0xc0, 0, 2], scan.slice(0, 5)), undefined)
  })
})
