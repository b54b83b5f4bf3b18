/** Small files of the usual kinds are read by decoders of their own, which must give what libvips gives. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/codec/decode.ts'
import { decodeAtOnce } from '../../src/images/codec/decode-at-once.ts'
import type { RawPixels } from '../../src/images/raw-pixels.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { golden, goldenJpegs } from './golden-jpegs.ts'

/** Per file the digest of Pillow's pixels. */
const digests = JSON.parse(golden('jpegs.json').toString()) as Record<string, string>

const digest = (data: RawPixels['data']): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')

/** What libvips reads, or undefined where it refuses. */
async function byLibvips(bytes: Uint8Array): Promise<RawPixels | undefined> {
  return decodeImage(bytes, 'file').catch(() => undefined)
}

/** Samplings for which the fast decoder's interface has no name. */
const UNNAMED = /-(?:1x4|4x2|2x4|3x1|1x3|1x1-2x2-1x1)-/

describe('JPEGs of every sampling, coding and size', async () => {
  const files = await goldenJpegs()

  it('are at least five hundred', () => assert.ok(files.size >= 500))

  it("have libvips' and Pillow's pixels, whichever decoder reads them", async () => {
    for (const [name, bytes] of files) {
      const expected = await byLibvips(bytes)
      assert.equal(digest(expected?.data ?? new Uint8Array()), digests[name], name)
      const fast = decodeAtOnce(bytes)
      assert.equal(fast === undefined, UNNAMED.test(name), name)
      if (fast !== undefined) assert.deepEqual(fast, expected, name)
    }
  })

  it('are left to libvips where they are cut or damaged, unless both find the same pixels', async () => {
    const below = drawBelow(5)
    let read = 0
    for (const [name, bytes] of [...files].filter((_, i) => i % 5 === 0)) {
      for (const damage of [cut, overwrite, insert]) {
        const damaged = damage(bytes, below)
        const fast = decodeAtOnce(damaged)
        if (fast === undefined) continue
        read++
        assert.deepEqual(fast, await byLibvips(damaged), `${damage.name} of ${name}`)
      }
    }
    assert.ok(read > 20, `${read} were read`)
  })
})

type Below = (limit: number) => number

function drawBelow(seed: number): Below {
  const random = createRandom(seed)
  return (limit) => random.integer(limit)
}

const cut = (bytes: Uint8Array, below: Below): Uint8Array => bytes.subarray(0, below(bytes.length))

function overwrite(bytes: Uint8Array, below: Below): Uint8Array {
  const damaged = Uint8Array.from(bytes)
  damaged[below(bytes.length)] = below(256)
  return damaged
}

function insert(bytes: Uint8Array, below: Below): Uint8Array {
  const at = below(bytes.length)
  return Buffer.concat([bytes.subarray(0, at), Uint8Array.of(below(256)), bytes.subarray(at)])
}

describe('JPEGs that are not usual', () => {
  const source = sharp({ create: { width: 9, height: 7, channels: 3, background: '#c81e28' } })
  const unusual: Record<string, () => Promise<Buffer>> = {
    'with a colour profile': () => source.clone().withIccProfile('p3').jpeg().toBuffer(),
    'with EXIF': () => source.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'in CMYK': () => source.clone().toColourspace('cmyk').jpeg().toBuffer(),
    'of more pixels than are worth it': () =>
      sharp({ create: { width: 300, height: 300, channels: 3, background: '#123' } })
        .jpeg({ progressive: true })
        .toBuffer(),
  }
  for (const [name, make] of Object.entries(unusual)) {
    it(`${name} are left to libvips`, async () => {
      const bytes = await make()
      assert.ok(decodeAtOnce(bytes) === undefined)
      assert.notEqual(await byLibvips(bytes), undefined)
    })
  }

  it('are left to libvips, which refuses them, beyond the pixel limit', async () => {
    const bytes = await source.clone().jpeg().toBuffer()
    assert.notEqual(decodeAtOnce(bytes, { pixelLimit: 63 }), undefined)
    assert.equal(decodeAtOnce(bytes, { pixelLimit: 62 }), undefined)
  })
})

type Png = {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly type: 0 | 2 | 3
  readonly filter: (row: number) => number
  readonly parts?: number
  readonly extra?: readonly (readonly [string, Uint8Array])[]
  readonly colours?: number
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A PNG whose filtered bytes are random: any bytes are some picture. */
function randomPng(
  { width, height, bits, type, filter, parts = 1, extra = [], colours = 1 << bits }: Png,
  below: Below,
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([bits, type], 8)
  const rowBytes = Math.ceil((width * bits * (type === 2 ? 3 : 1)) / 8)
  const rows = Uint8Array.from({ length: (rowBytes + 1) * height }, (_, i) =>
    i % (rowBytes + 1) === 0 ? filter(Math.floor(i / (rowBytes + 1))) : below(256),
  )
  const packed = deflateSync(rows)
  const size = Math.ceil(packed.length / parts)
  const palette = Uint8Array.from({ length: 3 * colours }, () => below(256))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...extra.map(([name, data]) => chunk(name, data)),
    ...(type === 3 ? [chunk('PLTE', palette)] : []),
    ...Array.from({ length: parts }, (_, i) =>
      chunk('IDAT', packed.subarray(i * size, (i + 1) * size)),
    ),
    chunk('IEND', new Uint8Array()),
  ])
}

const LAYOUTS = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [2, 8],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
] as const

describe('PNGs without alpha', () => {
  const below = drawBelow(7)

  for (const [type, bits] of LAYOUTS) {
    it(`of ${bits} bits and colour type ${type} have libvips' pixels, through every filter`, async () => {
      for (let i = 0; i < 12; i++) {
        const [width, height] = [1 + below(40), 1 + below(30)]
        const filter = (row: number): number => (i < 5 ? i : (row * 7 + i) % 5)
        const bytes = randomPng({ width, height, bits, type, filter, parts: 1 + (i % 3) }, below)
        const fast = decodeAtOnce(bytes)
        assert.notEqual(fast, undefined)
        assert.deepEqual(fast, await byLibvips(bytes))
      }
    })
  }

  it('are read beside chunks that change no pixel, and left to libvips beside others', async () => {
    const gamma = Buffer.alloc(4)
    gamma.writeUInt32BE(100_000)
    const read = (extra: Png['extra'] = []): RawPixels | undefined =>
      decodeAtOnce(
        randomPng({ width: 5, height: 4, bits: 8, type: 2, filter: () => 1, extra }, below),
      )
    assert.notEqual(read([['gAMA', gamma]]), undefined)
    assert.equal(read([['tRNS', new Uint8Array(6)]]), undefined)
    assert.equal(read([['eXIf', new Uint8Array(6)]]), undefined)
    const withGamma = randomPng(
      { width: 5, height: 4, bits: 8, type: 2, filter: () => 4, extra: [['gAMA', gamma]] },
      below,
    )
    assert.deepEqual(decodeAtOnce(withGamma), await byLibvips(withGamma))
  })

  it('are left to libvips where they are cut, damaged or point beyond their palette', () => {
    const make = (colours = 256): Buffer =>
      randomPng({ width: 9, height: 8, bits: 8, type: 3, filter: () => 0, colours }, below)
    assert.equal(decodeAtOnce(make(3)), undefined)
    const whole = make()
    for (let i = 0; i < whole.length; i++) {
      const damaged = Buffer.from(whole)
      damaged[i] ^= 1
      assert.equal(decodeAtOnce(damaged), undefined, `byte ${i}`)
      assert.equal(decodeAtOnce(whole.subarray(0, i)), undefined, `${i} bytes`)
    }
  })
})
