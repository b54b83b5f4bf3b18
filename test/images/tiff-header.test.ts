import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  hasForeignSamples,
  readTiffPages,
  type TiffPage,
  whyNoTiffPixels,
} from '../../src/images/codec/tiff-header.ts'

/** TIFF 6.0, section 2: type 1 is BYTE, 3 SHORT, 4 LONG; BigTIFF adds 16, LONG8. */
type Field = { readonly tag: number; readonly type: number; readonly values: readonly number[] }

type Format = { readonly little: boolean; readonly big: boolean }

const WIDTHS: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 }

/** The headers of a file whose pages have these fields, laid out behind one another. */
function tiffOf(pages: readonly (readonly Field[])[], { little, big }: Format): Buffer {
  const bytes = Buffer.alloc(4096)
  const write = (value: number, at: number, size: number): void => {
    if (size === 8) bytes[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(value), at)
    else bytes[little ? 'writeUIntLE' : 'writeUIntBE'](value, at, size)
  }
  const [countSize, offsetSize, entrySize] = big ? [8, 8, 20] : [2, 4, 12]
  bytes.write(little ? 'II' : 'MM', 0, 'latin1')
  write(big ? 43 : 42, 2, 2)
  if (big) write(8, 4, 2)
  let link = big ? 8 : 4
  let free = big ? 16 : 8
  for (const fields of pages) {
    write(free, link, offsetSize)
    write(fields.length, free, countSize)
    const entries = free + countSize
    link = entries + fields.length * entrySize
    free = link + offsetSize
    for (const [i, { tag, type, values }] of fields.entries()) {
      const entry = entries + i * entrySize
      const size = WIDTHS[type] ?? 1
      write(tag, entry, 2)
      write(type, entry + 2, 2)
      write(values.length, entry + 4, offsetSize)
      const place = entry + 4 + offsetSize
      const isInline = values.length * size <= offsetSize
      if (!isInline) write(free, place, offsetSize)
      values.forEach((value, k) => write(value, (isInline ? place : free) + k * size, size))
      if (!isInline) free += values.length * size
    }
  }
  return bytes.subarray(0, free)
}

const short = (tag: number, ...values: number[]): Field => ({ tag, type: 3, values })

const plain: TiffPage = {
  bits: 1,
  sampleFormat: 1,
  samples: 1,
  colourSamples: 1,
  hasAlpha: false,
  compression: 1,
  isPalette: false,
  isAuxiliary: false,
}

const formats: readonly Format[] = [true, false].flatMap((little) =>
  [true, false].map((big) => ({ little, big })),
)

describe('the pages of a TIFF', () => {
  for (const format of formats) {
    const name = `${format.big ? 'BigTIFF' : 'TIFF'}, ${format.little ? 'little' : 'big'} end first`
    it(`are read by their headers: ${name}`, () => {
      const infrared = [
        short(256, 640),
        short(258, 16, 16, 16, 16),
        short(259, 8),
        short(262, 2),
        short(277, 4),
        short(338, 0),
        short(339, 2, 2, 2, 2),
      ]
      const mask = [
        { tag: 254, type: 4, values: [4] },
        { tag: 258, type: 1, values: [8] },
        short(262, 5),
        { tag: 277, type: format.big ? 16 : 4, values: [5] },
        short(338, 2),
      ]
      assert.deepEqual(readTiffPages(tiffOf([infrared, [], mask], format)), [
        { ...plain, bits: 16, sampleFormat: 2, samples: 4, colourSamples: 3, compression: 8 },
        plain,
        { ...plain, bits: 8, samples: 5, colourSamples: 4, hasAlpha: true, isAuxiliary: true },
      ])
    })
  }

  const little = { little: true, big: false }

  it('tell colour by the photometric interpretation', () => {
    const colours = [0, 1, 2, 3, 5, 6, 8].map(
      (photometric) => readTiffPages(tiffOf([[short(262, photometric)]], little))[0].colourSamples,
    )
    assert.deepEqual(colours, [1, 1, 3, 1, 4, 3, 3])
  })

  it('are auxiliary where they are a smaller copy or a mask, not where they are one of many', () => {
    const kinds = [0, 1, 2, 3, 4, 8].map(
      (type) => readTiffPages(tiffOf([[short(254, type)]], little))[0].isAuxiliary,
    )
    assert.deepEqual(kinds, [false, true, false, true, true, false])
  })

  it('leave out fields of a type that is not a number', () => {
    const text = { tag: 258, type: 2, values: [8] }
    assert.deepEqual(readTiffPages(tiffOf([[text, short(277, 3)]], little)), [
      { ...plain, samples: 3 },
    ])
  })

  it('end where the file does, and where their chain leads back', () => {
    const whole = tiffOf([[short(277, 3)], [short(277, 4)]], little)
    assert.deepEqual(
      readTiffPages(whole.subarray(0, whole.length - 6)).map(({ samples }) => samples),
      [3],
    )
    for (const length of [0, 3, 4, 7, 9])
      assert.deepEqual(readTiffPages(whole.subarray(0, length)), [])
    const circle = Buffer.from(whole)
    circle.writeUInt32LE(8, whole.length - 4)
    assert.deepEqual(
      readTiffPages(circle).map(({ samples }) => samples),
      [3, 4],
    )
  })

  it('are ten thousand at most', () => {
    /** Pages without any field, each in front of the next. */
    const film = (pages: number): Buffer => {
      const bytes = Buffer.alloc(8 + 6 * pages)
      bytes.write('II*\0\x08', 'latin1')
      for (let i = 0; i + 1 < pages; i++) bytes.writeUInt32LE(8 + 6 * (i + 1), 8 + 6 * i + 2)
      return bytes
    }
    assert.deepEqual(
      [3, 9999, 10_000, 10_001].map((pages) => readTiffPages(film(pages)).length),
      [3, 9999, 10_000, 10_000],
    )
  })

  it('have no more of a field’s values looked at than eight', () => {
    // Its values begin within the file, but there are not as many as it says.
    const bytes = tiffOf([[short(277, 3, 3, 3, 3, 3, 3, 3, 3)]], little)
    bytes.writeUInt32LE(1_000_000, 8 + 2 + 4)
    assert.equal(readTiffPages(bytes)[0].samples, 3)
  })

  it('take where the next page is for no field, whatever its number', () => {
    const one = tiffOf([[short(277, 3)]], little)
    const bytes = Buffer.alloc(277 + one.length)
    one.copy(bytes)
    bytes.writeUInt32LE(277, one.length - 4)
    one.copy(bytes, 277, 8)
    assert.deepEqual(
      readTiffPages(bytes).map(({ samples }) => samples),
      [3, 3],
    )
  })

  it('are read from the part of a larger array they stand in', () => {
    const larger = Buffer.concat([Buffer.alloc(5), tiffOf([[short(277, 3)]], little)])
    assert.equal(readTiffPages(larger.subarray(5))[0].samples, 3)
  })
})

describe('samples behind the colour', () => {
  it('are foreign unless there is one and it is said to be alpha', () => {
    const rgb = { ...plain, colourSamples: 3 }
    const cases: readonly (readonly [samples: number, hasAlpha: boolean, foreign: boolean])[] = [
      [3, false, false],
      [3, true, false],
      [4, true, false],
      [4, false, true],
      [5, true, true],
      [5, false, true],
    ]
    for (const [samples, hasAlpha, foreign] of cases) {
      assert.equal(hasForeignSamples({ ...rgb, samples, hasAlpha }), foreign)
    }
  })
})

describe('pixels of a TIFF that are not read', () => {
  const cases: readonly (readonly [Partial<TiffPage>, RegExp | undefined])[] = [
    [{ bits: 8 }, undefined],
    [{ bits: 16, compression: 5 }, undefined],
    [{ bits: 16, sampleFormat: 4 }, undefined],
    [{ bits: 17 }, /17-bit integers/],
    [{ bits: 32, sampleFormat: 3 }, /32-bit floats/],
    [{ bits: 16, sampleFormat: 2 }, /16-bit signed integers/],
    [{ bits: 64, sampleFormat: 5 }, /complex numbers/],
    [{ compression: 6 }, /old-style JPEG/],
    [{ compression: 34_712 }, /JPEG 2000/],
    [{ compression: 34_887 }, /LERC/],
    [{ compression: 34_925 }, /LZMA/],
    [{ compression: 50_000 }, /zstd/],
    [{ compression: 50_001 }, /WebP/],
    [{ compression: 50_002 }, /JPEG XL/],
  ]
  for (const [page, words] of cases) {
    it(`are named: ${words?.source ?? `${JSON.stringify(page)} is read`}`, () => {
      const reason = whyNoTiffPixels({ ...plain, ...page })
      if (words === undefined) assert.equal(reason, undefined)
      else assert.match(reason ?? '', words)
    })
  }
})
