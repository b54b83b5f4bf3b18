import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { isCutShort } from '../../src/images/index.ts'

const [WIDTH, HEIGHT] = [24, 16]
const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 37) % 251)
const picture = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })

const FILES: readonly (readonly [name: string, file: () => Promise<Buffer>])[] = [
  ['PNG', () => picture().png().toBuffer()],
  ['JPEG', () => picture().jpeg().toBuffer()],
  ['progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
  ['JPEG with a thumbnail', withThumbnail],
  ['WebP', () => picture().webp().toBuffer()],
  ['GIF', () => picture().gif().toBuffer()],
  ['TIFF', () => picture().tiff({ compression: 'lzw' }).toBuffer()],
  ['tiled TIFF', () => picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer()],
  ['AVIF', () => picture().avif().toBuffer()],
  ['BMP', async () => bitmap()],
]

/** An application's segment that holds a whole JPEG. */
async function withThumbnail(): Promise<Buffer> {
  const [whole, small] = [await picture().jpeg().toBuffer(), await picture().jpeg().toBuffer()]
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(small.length + 2, 2)
  return Buffer.concat([whole.subarray(0, 2), head, small, whole.subarray(2)])
}

function bitmap(): Buffer {
  const file = Buffer.alloc(54 + WIDTH * HEIGHT * 3)
  file.write('BM', 0)
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  return file
}

describe('a file of an image that is cut short', () => {
  for (const [name, make] of FILES) {
    it(`is told from a whole one wherever it ends: ${name}`, async () => {
      const file = await make()
      assert.equal(isCutShort(file), false)
      // What is behind the end, as phones leave it, changes nothing.
      assert.equal(isCutShort(Buffer.concat([file, Buffer.alloc(9)])), false)
      // From its first bytes on, by which its format is known, to all but the last.
      for (let length = 16; length < file.length; length++) {
        assert.equal(isCutShort(file.subarray(0, length)), true, `${length} of ${file.length}`)
      }
    })
  }

  it('is not told of a format that does not say where it ends, nor of what is no image', () => {
    assert.equal(isCutShort(Buffer.from('P6 4 4 255 ')), false)
    assert.equal(isCutShort(new Uint8Array()), false)
    // A bitmap without its size.
    const file = bitmap()
    file.writeUInt32LE(0, 2)
    assert.equal(isCutShort(file), false)
  })
})
