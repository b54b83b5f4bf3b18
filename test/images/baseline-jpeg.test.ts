/** The most usual JPEGs are read by kernels of our own, which must give what libjpeg gives, or nothing. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp, { type JpegOptions } from 'sharp'
import { decodeBaselineJpeg } from '../../src/images/codec/baseline-jpeg.ts'
import { decodeByTurbo } from '../../src/images/codec/jpeg.ts'
import { readJpegHeader } from '../../src/images/codec/jpeg-header.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { goldenJpegs } from './golden-jpegs.ts'

/** What both decoders find; undefined where they refuse. */
function readBoth(bytes: Uint8Array) {
  const header = readJpegHeader(bytes)
  if (header === undefined || header.height * header.width > 65_536) return undefined
  const ours = decodeBaselineJpeg(bytes, header)
  return { ours, theirs: header.components === 4 ? undefined : decodeByTurbo(bytes, header) }
}

const USUAL = /^\d+-(?:1x1|2x1|2x2|grey)-(?:baseline|optimised|restarts)\./

/** Noise, so that every frequency is there. */
async function noise(width: number, height: number, options: JpegOptions): Promise<Buffer> {
  const random = createRandom(width * 1000 + height)
  const pixels = new Uint8Array(width * height * 3).map(() => random.integer(256))
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg(options)
    .toBuffer()
}

describe('baseline JPEGs', async () => {
  const files = await goldenJpegs()
  const usual = [...files].filter(([name]) => USUAL.test(name)).map(([, bytes]) => bytes)

  it("of the usual samplings have libjpeg's pixels, and no other file is read", () => {
    assert.equal(usual.length, 84)
    for (const [name, bytes] of files) {
      const both = readBoth(bytes)
      assert.equal(both?.ours !== undefined, USUAL.test(name), name)
      if (both?.ours !== undefined) assert.deepEqual(both.ours, both.theirs, name)
    }
  })

  it("have libjpeg's pixels at every size and quality, also where they are narrower than a block", async () => {
    for (let width = 1; width <= 35; width++) {
      const quality = [1, 20, 50, 90, 95, 100][width % 6]
      const chromaSubsampling = width % 2 === 0 ? '4:4:4' : '4:2:0'
      const height = 1 + ((width * 7) % 34)
      const both = readBoth(await noise(width, height, { quality, chromaSubsampling }))
      assert.notEqual(both?.ours, undefined)
      assert.deepEqual(both?.ours, both?.theirs, `${width}×${height}`)
    }
    const large = readBoth(await noise(256, 256, { quality: 95 }))
    assert.notEqual(large?.ours, undefined)
    assert.deepEqual(large?.ours, large?.theirs)
  })

  it('are not read where anything is odd, unless libjpeg finds the same pixels without a warning', () => {
    const random = createRandom(11)
    let read = 0
    let refused = 0
    for (let i = 0; i < 3000; i++) {
      const both = readBoth(damage(usual[i % usual.length], (limit) => random.integer(limit)))
      if (both?.ours === undefined) refused++
      else {
        read++
        assert.deepEqual(both.ours, both.theirs, `change ${i}`)
      }
    }
    assert.ok(read > 300 && refused > 300, `${read} read, ${refused} refused`)
  })

  it('are not read cut, or with bytes in front of the end of the picture', () => {
    for (const bytes of usual) {
      const header = readJpegHeader(bytes)
      assert.ok(header)
      const end = bytes.length - 2
      for (const length of [end, end - 1, end - 4, bytes.length - 1]) {
        assert.equal(decodeBaselineJpeg(bytes.subarray(0, length), header), undefined)
      }
      const longer = Buffer.concat([bytes.subarray(0, end), Buffer.of(1, 2), bytes.subarray(end)])
      assert.equal(decodeBaselineJpeg(longer, header), undefined)
    }
  })

  it('are not read as another size than theirs, or with other channels', () => {
    const [bytes] = usual
    const header = readJpegHeader(bytes)
    assert.ok(header)
    const { height, width } = header
    assert.equal(decodeBaselineJpeg(bytes, { ...header, height: height + 1 }), undefined)
    assert.equal(decodeBaselineJpeg(bytes, { ...header, width: width + 1 }), undefined)
    assert.equal(decodeBaselineJpeg(bytes, { ...header, components: 1 }), undefined)
    assert.notEqual(decodeBaselineJpeg(bytes, header), undefined)
  })
})

/** A byte changed, put in or left out, anywhere. */
function damage(bytes: Buffer, below: (limit: number) => number): Uint8Array {
  const at = 2 + below(bytes.length - 2)
  const kind = below(4)
  if (kind === 0)
    return Buffer.concat([bytes.subarray(0, at), Buffer.of(below(256)), bytes.subarray(at)])
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
  const changed = Buffer.from(bytes)
  if (kind === 2) changed[at] = below(256)
  else changed[at] ^= 1 << below(8)
  return changed
}
