import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zipSync } from 'fflate'
import { openImages } from '../../src/images/index.ts'
import { collect, joined } from '../contracts/image-source.ts'
import { npyOf, writeOne } from './stored-images.ts'

const bytes = Uint8Array.from({ length: 256 }, (_, value) => value)
const shape = [1, 16, 16]

type Read = {
  readonly pixels: number[]
  readonly shape: readonly number[]
  readonly notes: string[]
}

async function read(name: string, file: Uint8Array): Promise<Read> {
  const notes: string[] = []
  const source = await openImages(await writeOne(name, file))
  const batches = await collect(source, { onNote: (note) => notes.push(note) })
  return { pixels: joined(batches), shape: batches[0].pixels.shape, notes }
}

const array = (values: ArrayBufferView, descr: string, axes: readonly number[] = shape) =>
  npyOf(axes, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), { descr })

describe('the same grey levels', () => {
  const expected = Array.from(bytes, (value) => Math.fround(value / 255))
  const half = new Uint16Array(bytes.length)
  const view = new DataView(half.buffer)
  bytes.forEach((value, i) => view.setUint16(2 * i, halfBits(value / 255), true))
  const stored: Record<string, Uint8Array> = {
    uint8: array(bytes, '|u1'),
    uint16: array(
      Uint16Array.from(bytes, (value) => value * 257),
      '<u2',
    ),
    int64: array(BigInt64Array.from(bytes, BigInt), '<i8'),
    float16: array(half, '<f2'),
    float32: array(
      Float32Array.from(bytes, (value) => value / 255),
      '<f4',
    ),
    'float32, multiplied by a 255th': array(
      Float32Array.from(bytes, (value) => Math.fround(value * Math.fround(1 / 255))),
      '<f4',
    ),
    float64: array(
      Float64Array.from(bytes, (value) => value / 255),
      '<f8',
    ),
  }
  for (const [name, file] of Object.entries(stored)) {
    it(`are the same pixels to the last bit when stored as ${name}`, async () => {
      assert.deepEqual((await read('a.npy', file)).pixels, expected)
    })
  }

  it('do not draw to them what lies between them', async () => {
    const between = Float32Array.from(bytes, (value) => Math.min(1, (value + 0.01) / 255))
    const { pixels } = await read('a.npy', array(between, '<f4'))
    assert.deepEqual(pixels, Array.from(between))
  })
})

/** The nearest binary16 of a number in [0, 1]. */
function halfBits(value: number): number {
  if (value === 0) return 0
  const exponent = Math.max(-14, Math.floor(Math.log2(value)))
  const fraction = Math.round((value / 2 ** exponent - 1) * 1024)
  return ((exponent + 15) << 10) + fraction
}

describe('an array', () => {
  it('of 16 bits that holds bytes is read as it says, with a note', async () => {
    const file = array(Uint16Array.from(bytes), '<u2')
    const { pixels, notes } = await read('a.npy', file)
    assert.equal(pixels[255], Math.fround(255 / 65_535))
    assert.match(notes.join(), /at most 255 of 65,535/)
    const deep = array(
      Uint16Array.from(bytes, (value) => value + 1),
      '<u2',
    )
    assert.deepEqual((await read('a.npy', deep)).notes, [])
  })

  it('H×W×3 is one picture in colour', async () => {
    const file = npyOf(
      [8, 12, 3],
      Uint8Array.from({ length: 288 }, (_, i) => i % 3),
    )
    const { pixels, shape: axes } = await read('a.npy', file)
    assert.deepEqual(axes, [1, 3, 8, 12])
    assert.deepEqual(
      [0, 96, 192].map((at) => Math.round(255 * pixels[at])),
      [0, 1, 2],
    )
  })

  it('N×H×3 of few or low pictures stays grey pictures three pixels wide', async () => {
    assert.deepEqual(
      (await read('a.npy', npyOf([7, 12, 3], new Uint8Array(252)))).shape,
      [7, 1, 12, 3],
    )
  })

  const hints: Record<string, [values: readonly number[], hint: RegExp]> = {
    bytes: [[0, 200, 17, 3], /Divide by 255/],
    'sixteen bits': [[0, 40_000, 17, 3], /such as 65535/],
    'a normalisation': [[2.2, -1.9, 0.4, 0.1], /Undo the normalisation/],
    'a normalisation of bright pixels': [[2.2, 1.9, 0.4, 0.1], /Undo the normalisation/],
  }
  for (const [name, [values, hint]] of Object.entries(hints)) {
    it(`of floats on another scale gets the hint for ${name}`, async () => {
      const file = array(Float32Array.from(values), '<f4', [1, 2, 2])
      await assert.rejects(read('a.npy', file), { code: 'image.values', hint })
    })
  }
})

describe('an NPZ', () => {
  const objects = npyOf([2], new Uint8Array(16), { descr: '|O' })
  const images = npyOf([2, 2, 2], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))

  it('is read without an array beside the images that can’t be, and says so', async () => {
    const { shape: axes, notes } = await read(
      'a.npz',
      zipSync({ 'images.npy': images, 'labels.npy': objects }),
    )
    assert.deepEqual(axes, [2, 1, 2, 2])
    assert.match(notes.join(), /array labels beside the images is left out: .*'\|O'/)
  })

  it('whose images are what can’t be read says why', async () => {
    await assert.rejects(read('a.npz', zipSync({ 'images.npy': objects })), {
      message: /NumPy type '\|O'/,
    })
  })
})
