import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/codec/decode.ts'

/** An ICC profile of grey whose tones are powers of the light: 1 is linear. */
function greyProfile(gamma: number): Buffer {
  const tags = {
    desc: Buffer.concat([
      word('desc'),
      Buffer.alloc(3),
      Buffer.from([5]),
      Buffer.from('grey\0'),
      Buffer.alloc(79),
    ]),
    wtpt: Buffer.concat([word('XYZ '), WHITE]),
    kTRC: Buffer.concat([word('curv'), Buffer.from([0, 0, 0, 1, gamma, 0, 0, 0])]),
    cprt: Buffer.concat([word('text'), Buffer.from('none\0\0\0\0')]),
  }
  const entries = Object.entries(tags)
  const header = Buffer.alloc(128 + 4 + 12 * entries.length)
  header.writeUInt32BE(0x0240_0000, 8)
  header.write('mntrGRAYXYZ ', 12)
  header.write('acsp', 36)
  WHITE.copy(header, 68)
  header.writeUInt32BE(entries.length, 128)
  let at = header.length
  entries.forEach(([name, data], i) => {
    header.write(name, 132 + 12 * i)
    header.writeUInt32BE(at, 136 + 12 * i)
    header.writeUInt32BE(data.length, 140 + 12 * i)
    at += data.length
  })
  header.writeUInt32BE(at, 0)
  return Buffer.concat([header, ...entries.map(([, data]) => data)])
}

/** A signature, and four bytes that mean nothing. */
const word = (signature: string): Buffer => Buffer.concat([Buffer.from(signature), Buffer.alloc(4)])

const WHITE = Buffer.from([0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d])

/** A grey PNG of 16 levels from black to white, with a profile or without. */
async function ramp(bits: 8 | 16, profile?: Buffer): Promise<Buffer> {
  const levels = Array.from({ length: 16 }, (_, i) => i / 15)
  const values =
    bits === 16
      ? Uint16Array.from(levels, (level) => 65_535 * level)
      : Uint8Array.from(levels, (level) => 255 * level)
  const image = sharp(values, { raw: { width: 16, height: 1, channels: 1 } })
  const png = await image
    .toColourspace(bits === 16 ? 'grey16' : 'b-w')
    .png()
    .toBuffer()
  if (profile === undefined) return png
  const body = Buffer.concat([Buffer.from('iCCPgrey\0\0'), deflateSync(profile)])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
}

/** The transfer function of sRGB (IEC 61966-2-1). */
const toSrgb = (light: number): number =>
  light <= 0.003_130_8 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055

describe('grey files with a profile', () => {
  for (const bits of [8, 16] as const) {
    it(`of linear tones are brought to those of sRGB at ${bits} bits`, async () => {
      const whole = 2 ** bits - 1
      const bytes = await ramp(bits, greyProfile(1))
      for (const shape of [undefined, { channels: 3, height: 1, width: 16 }]) {
        const { shape: found, data } = await decodeImage(bytes, 'grey.png', { shape })
        for (let i = 0; i < 16; i++) {
          const wanted = toSrgb(i / 15)
          const got = data[i * found.channels] / whole
          // A level of 8 bits is 0.004.
          assert.ok(Math.abs(got - wanted) < 0.003, `${i}: ${got}, ${wanted}`)
        }
      }
    })
  }

  it('keep their sixteen bits, and are one channel where no shape is asked for', async () => {
    const { shape, data } = await decodeImage(await ramp(16, greyProfile(1)), 'grey.png')
    assert.deepEqual(shape, { channels: 1, height: 1, width: 16 })
    assert.ok(data instanceof Uint16Array)
    assert.deepEqual([data[0], data[15]], [0, 65_535])
  })

  it('of no profile stay as they are', async () => {
    const { data } = await decodeImage(await ramp(16), 'grey.png')
    assert.deepEqual(
      [...data],
      Array.from({ length: 16 }, (_, i) => 4369 * i),
    )
  })
})
