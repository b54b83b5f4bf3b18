import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { openImages, type ImageSource, type OpenOptions } from '../../src/images/index.ts'
import { collect, joined } from '../contracts/image-source.ts'
import { gzip, png, referenceBytes, writeFolder, writeOne } from './stored-images.ts'

const picture = await png(referenceBytes(0, 3), 3)

async function manifest(
  name: string,
  text: string | Uint8Array,
  options: OpenOptions = {},
): Promise<ImageSource> {
  const files = new Map<string, string | Uint8Array>([
    ['pictures/a.png', picture],
    ['pictures/b.png', picture],
    [`lists/${name}`, text],
  ])
  return openImages(join(await writeFolder(files), 'lists', name), options)
}

describe('a manifest', () => {
  const csv = [
    'image,ID,label,timestamp,prediction,camera,note',
    '../pictures/a.png,one,cat,2026-11-23T10:00:00+01:00,dog,left,"two ""quoted"", words\r\nand a line"',
    '',
    '../pictures/b.png,two,,2026-11-23 09:30,,right,',
  ].join('\r\n')

  const expected = [
    {
      id: 'one',
      label: 'cat',
      timestamp: '2026-11-23T09:00:00.000Z',
      prediction: 'dog',
      attributes: { camera: 'left', note: 'two "quoted", words\r\nand a line' },
    },
    { id: 'two', timestamp: '2026-11-23T09:30:00.000Z', attributes: { camera: 'right' } },
  ]

  it('brings ids, labels, times, predictions and attributes from CSV', async () => {
    const [{ records }] = await collect(await manifest('list.csv', `\uFEFF${csv}`))
    assert.deepEqual(records, expected)
  })

  it('is read from gzip and with tabs too', async () => {
    const [{ records }] = await collect(await manifest('list.csv.gz', gzip(Buffer.from(csv))))
    assert.deepEqual(records, expected)
    const tsv = 'path\tlabel\n../pictures/a.png\tcat, or dog'
    const [batch] = await collect(await manifest('list.tsv', tsv))
    assert.deepEqual(batch.records, [{ id: '../pictures/a.png', label: 'cat, or dog' }])
  })

  it('brings the same from JSON lines, with columns that differ from line to line', async () => {
    const lines = [
      { path: '../pictures/a.png', id: 7, label: 3, prediction: true, session: null },
      { path: '../pictures/b.png', id: 8, box: [1, 2] },
    ]
    const text = lines.map((line) => JSON.stringify(line)).join('\n')
    const [{ records }] = await collect(await manifest('list.jsonl', text))
    assert.deepEqual(records, [
      { id: '7', label: '3', prediction: 'true' },
      { id: '8', attributes: { box: '[1,2]' } },
    ])
  })

  it('takes the column of paths by name', async () => {
    const text = 'photo,path\n../pictures/a.png,elsewhere'
    const [{ records }] = await collect(await manifest('list.csv', text, { column: 'photo' }))
    assert.deepEqual(records[0].attributes, { path: 'elsewhere' })
  })

  it('names an image that is missing and goes on', async () => {
    const skipped: string[] = []
    const source = await manifest('list.csv', 'path\n../pictures/gone.png\n../pictures/b.png')
    const [{ records }] = await collect(source, { onSkip: ({ message }) => skipped.push(message) })
    assert.equal(records.length, 1)
    assert.match(skipped[0], /ENOENT.*gone\.png/)
  })

  const mistakes: Record<string, [name: string, text: string, code: string, message: RegExp]> = {
    'an id given twice': [
      'l.csv',
      'path,id\na,x\nb,x',
      'source.duplicate-id',
      /"x" for image 1 and image 2/,
    ],
    'no column of paths': ['l.csv', 'name\na.png', 'source.unreadable', /path, file.*got name/],
    'a time that is none': [
      'l.csv',
      'path,time\na,yesterday',
      'source.unreadable',
      /ISO 8601.*"yesterday".*row 2/,
    ],
    'a line that is no JSON': [
      'l.jsonl',
      '{"path":',
      'source.unreadable',
      /JSON object a line.*line 1/,
    ],
    'a line that is no object': ['l.jsonl', '[1]', 'source.unreadable', /JSON object/],
    'no rows': ['l.csv', 'path,id\n', 'source.empty', /found none/],
  }
  for (const [title, [name, text, code, message]] of Object.entries(mistakes)) {
    it(`with ${title} is an error that says where`, async () => {
      await assert.rejects(collect(await manifest(name, text)), { code, message })
    })
  }
})

describe('a Parquet table', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../golden/image-arrays.json', import.meta.url), 'utf8'),
  ) as { parquet: Record<string, string>; colour: number[] }

  for (const [codec, file] of Object.entries(golden.parquet)) {
    it(`as Hugging Face stores images is read with its columns (${codec})`, async () => {
      const path = await writeOne('train.parquet', Buffer.from(file, 'base64'))
      const batches = await collect(await openImages(path), { batchSize: 3 })
      const pixels = joined(batches)
      assert.ok(golden.colour.every((value, i) => Math.abs(value - pixels[i]) < 2e-7))
      const records = batches.flatMap((batch) => batch.records)
      assert.deepEqual(records.slice(0, 2), [
        { id: '0', label: '3', attributes: { taken: 'x' } },
        { id: '1', label: '1' },
      ])
    })
  }

  const table = (columns: Parameters<typeof parquetWriteBuffer>[0]['columnData']): Uint8Array =>
    new Uint8Array(parquetWriteBuffer({ columnData: columns }))

  it('of two image columns has to be told which', async () => {
    const path = await writeOne(
      'two.parquet',
      table([
        { name: 'left', data: [picture], type: 'BYTE_ARRAY' },
        { name: 'right', data: [picture], type: 'BYTE_ARRAY' },
      ]),
    )
    await assert.rejects(openImages(path), {
      message: /one column of image bytes, got left, right/,
    })
    assert.equal((await openImages(path, { column: 'right' })).count, 1)
  })

  it('without images, or cut short, is an error', async () => {
    const bytes = table([{ name: 'name', data: ['a'], type: 'STRING' }])
    await assert.rejects(openImages(await writeOne('none.parquet', bytes)), {
      message: /got none among name/,
    })
    const cut = await writeOne('cut.parquet', bytes.subarray(0, bytes.length - 6))
    await assert.rejects(openImages(cut), { code: 'source.unreadable' })
  })

  it('of paths alone gives the files beside it, and names those that are not there', async () => {
    const bytes = table([{ name: 'file', data: ['a.png', 'gone.png'], type: 'STRING' }])
    const files = new Map<string, Uint8Array>([
      ['a.png', picture],
      ['t.parquet', bytes],
    ])
    const skipped: string[] = []
    const source = await openImages(join(await writeFolder(files), 't.parquet'))
    const [{ records }] = await collect(source, { onSkip: ({ message }) => skipped.push(message) })
    assert.deepEqual(records, [{ id: '0' }])
    assert.match(skipped[0], /got only the path "gone.png", and there is no such file/)
  })

  it('with an empty cell names its row and goes on', async () => {
    const cells = [picture, null, picture]
    const path = await writeOne(
      'gap.parquet',
      table([{ name: 'image', data: cells, type: 'BYTE_ARRAY' }]),
    )
    const skipped: string[] = []
    const [{ records }] = await collect(await openImages(path), {
      onSkip: ({ id }) => skipped.push(id),
    })
    assert.deepEqual(
      records.map(({ id }) => id),
      ['0', '2'],
    )
    assert.deepEqual(skipped, ['1'])
  })
})
