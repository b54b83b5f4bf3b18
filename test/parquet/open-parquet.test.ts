import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { createParquetWriter, openParquet, type ParquetValues } from '../../src/parquet/index.ts'
import { temporaryFolder, writeOne } from '../images/stored-images.ts'

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData']

async function table(columnData: Columns, spoil: (bytes: Buffer) => void = () => {}) {
  const bytes = Buffer.from(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED' }))
  spoil(bytes)
  return openParquet(await writeOne('t.parquet', bytes))
}

/** Values of a megabyte each, told apart by their first byte. */
const large = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => {
    const value = randomFillSync(new Uint8Array(1 << 20))
    value[0] = i
    return value
  })

const small = (data: Uint8Array[]): Columns => [{ name: 'image', data, type: 'BYTE_ARRAY' }]

/** Index behind a number of variable length. */
function behind(bytes: Buffer, at: number): number {
  let end = at
  while (bytes[end] > 127) end++
  return end + 1
}

describe('a Parquet table in one row group', () => {
  it('is read in pieces of some megabytes that have every row once, in order', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'even' : 'odd'))
    const opened = await table([
      ...small(large(40)),
      { name: 'label', data: labels, type: 'STRING' },
    ])
    assert.equal(opened.rowGroups.length, 1)
    const columns = ['image', 'label']
    const seen: unknown[] = []
    let count = 0
    for await (const range of opened.pieces(columns)) {
      count++
      assert.ok(range.end - range.start <= 17)
      for (const row of await opened.readRows(columns, range)) {
        seen.push([
          (row['image'] as Uint8Array)[0],
          Buffer.from(row['label'] as Uint8Array).toString(),
        ])
      }
    }
    assert.ok(count >= 3, `${count} pieces`)
    assert.deepEqual(
      seen,
      labels.map((label, i) => [i, label]),
    )
  })

  it('is one piece where it is small', async () => {
    const opened = await table(small([Uint8Array.of(1), Uint8Array.of(2)]))
    const found: object[] = []
    for await (const range of opened.pieces(['image'])) found.push(range)
    assert.deepEqual(found, [{ start: 0, end: 2 }])
  })
})

describe('a table of numbers in groups of many pages', () => {
  const ROWS = [10_000, 5_000]
  const path = join(temporaryFolder(), 'numbers.parquet')
  const numbers = Float32Array.from({ length: 15_000 }, (_, row) => row)
  const texts = Array.from(numbers, (row) => (row % 3 === 0 ? undefined : `row ${row}`))
  const writer = createParquetWriter(path, [
    { name: 'number', type: 'float' },
    { name: 'wide', type: 'double' },
    { name: 'text', type: 'text' },
  ])
  let start = 0
  for (const rows of ROWS) {
    const end = start + rows
    writer.writeRows(
      new Map<string, ParquetValues>([
        ['number', numbers.slice(start, end)],
        ['wide', Float64Array.from(numbers.slice(start, end))],
        ['text', texts.slice(start, end)],
      ]),
    )
    start = end
  }
  writer.finish({ said: 'beside' })

  for (const [from, to] of [
    [0, 4096],
    [4096, 8192],
    [4000, 4200],
    [9_999, 10_001],
    [14_999, 15_000],
    [0, 15_000],
  ]) {
    it(`gives rows ${from} to ${to}, no more and no fewer`, async () => {
      const opened = await openParquet(path)
      const columns = ['number', 'wide', 'text']
      const read = await opened.readColumns(columns, { start: from, end: to })
      const [number = [], wide = [], text = []] = columns.map((name) => read.get(name))
      assert.deepEqual(Array.from(number), Array.from(numbers.slice(from, to)))
      assert.deepEqual(Array.from(wide), Array.from(numbers.slice(from, to)))
      assert.deepEqual(
        Array.from(text, (one) => one ?? undefined),
        texts.slice(from, to),
      )
    })
  }

  it('is read page by page: of a few rows not the whole group', async () => {
    const bytes = readFileSync(path)
    let most = 0
    const counting = {
      byteLength: bytes.length,
      slice: (from: number, to = bytes.length) => {
        most = Math.max(most, to - from)
        return new Uint8Array(bytes.subarray(from, to)).buffer
      },
    }
    const opened = await openParquet(counting)
    most = 0
    await opened.readColumns(['number'], { start: 5000, end: 5001 })
    assert.ok(most < 4096 * 4 + 200, `${most} bytes at once`)
  })
})

describe('a damaged Parquet table', () => {
  const images = small([Uint8Array.of(1, 2, 3), Uint8Array.of(4)])

  it('is refused where a page has a size below nothing, which would be read for ever', async () => {
    const opened = await table(images, (bytes) => {
      // Behind PAR1: fields of type, unpacked size and packed size, each a byte and a number; odd numbers are negative.
      const unpacked = behind(bytes, 5)
      bytes[behind(bytes, unpacked + 1) + 1] |= 1
    })
    await assert.rejects(opened.readRows(['image'], { start: 0, end: 2 }), /page without a size/)
  })

  it('is refused where a column has lost its name', async () => {
    const nameless = table(images, (bytes) => {
      // The first in the footer is the column's own: its field's header, its length, the name.
      const at = bytes.indexOf(Buffer.from([5, ...Buffer.from('image')])) - 1
      assert.equal(bytes[at] & 0x0f, 8)
      bytes[at] = 0xf8
    })
    await assert.rejects(nameless, /a column without a name/)
  })

  it('is refused where pages have fewer rows than the table', async () => {
    const opened = await table(images, (bytes) => {
      const at = bytes.lastIndexOf(Buffer.from([0x16, 4]))
      assert.ok(at > 0)
      for (let i = 4; i < bytes.length; i++) {
        if (bytes[i] === 0x16 && bytes[i + 1] === 4) bytes[i + 1] = 8
      }
    })
    const range = { start: 0, end: 2 }
    await assert.rejects(opened.readRows(['image'], range), /has 2 rows of 4/)
    await assert.rejects(opened.readColumns(['image'], range), /has 2 rows of 4/)
  })
})
