import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { readTime } from '../../src/images/codec/file-header.ts'
import { type ImageSource, openImages } from '../../src/images/index.ts'
import { temporaryFolder } from './stored-images.ts'

const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: '#456' } })

type Tags = Parameters<ReturnType<typeof plain.clone>['withExif']>[0]

const taken = (time: string, zone?: string): Tags => ({
  IFD2: { DateTimeOriginal: time, ...(zone !== undefined && { OffsetTimeOriginal: zone }) },
})

async function stored(format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif', tags?: Tags) {
  const image = plain.clone()
  return (tags === undefined ? image : image.withExif(tags)).toFormat(format).toBuffer()
}

describe('the time of a picture', () => {
  it('is when it was taken, in every format that says it', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
      const bytes = await stored(format, taken('2026:03:01 10:20:30'))
      assert.equal(readTime(bytes), '2026-03-01T10:20:30.000Z', format)
      assert.equal(readTime(await stored(format)), undefined, format)
    }
  })

  it('knows zones, and falls back on when it was changed', async () => {
    const zoned = await stored('jpeg', taken('2026:03:01 10:20:30', '+02:00'))
    assert.equal(readTime(zoned), '2026-03-01T08:20:30.000Z')
    const changed = await stored('jpeg', { IFD0: { DateTime: '2025:12:31 23:59:59' } })
    assert.equal(readTime(changed), '2025-12-31T23:59:59.000Z')
  })

  it('is none of a clock that was never set, of damage, and of other files', async () => {
    assert.equal(readTime(await stored('jpeg', taken('0000:00:00 00:00:00'))), undefined)
    const bytes = await stored('jpeg', taken('2026:03:01 10:20:30'))
    assert.equal(readTime(bytes.subarray(0, 60)), undefined)
    assert.equal(readTime(Buffer.from('no picture')), undefined)
    for (let i = 0; i < Math.min(bytes.length, 300); i++) {
      const damaged = Buffer.from(bytes)
      damaged[i] ^= 0xff
      assert.doesNotThrow(() => readTime(damaged))
    }
  })
})

async function read(source: ImageSource) {
  const notes: string[] = []
  const records: (readonly [id: string, time: string | undefined])[] = []
  for await (const batch of source.batches({ onNote: (note) => notes.push(note) })) {
    records.push(...batch.records.map(({ id, timestamp }) => [id, timestamp] as const))
  }
  return { notes, records }
}

describe('images in order of time', () => {
  const folder = temporaryFolder()

  it('are those of a folder by their EXIF data, those without it last, and a note says how many', async () => {
    const times = { a: '2026:03:03 00:00:00', b: '2026:03:01 00:00:00', d: '2026:03:02 00:00:00' }
    for (const [name, time] of Object.entries(times)) {
      writeFileSync(join(folder, `${name}.jpg`), await stored('jpeg', taken(time)))
    }
    writeFileSync(join(folder, 'c.jpg'), await stored('jpeg'))
    const { records, notes } = await read(await openImages(folder, { order: 'time' }))
    assert.deepEqual(records, [
      ['b.jpg', '2026-03-01T00:00:00.000Z'],
      ['d.jpg', '2026-03-02T00:00:00.000Z'],
      ['a.jpg', '2026-03-03T00:00:00.000Z'],
      ['c.jpg', undefined],
    ])
    assert.deepEqual(notes, ['1 of the images have no time; they come last'])
    const byName = await read(await openImages(folder))
    assert.deepEqual(
      byName.records.map(([id]) => id),
      ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'],
    )
    assert.equal(byName.records[0][1], undefined)
  })

  it('are those of a table by its timestamps, equal ones as they stand', async () => {
    const rows = ['a.jpg,2026-01-03', 'b.jpg,2026-01-01', 'c.jpg,2026-01-03', 'd.jpg,2026-01-02']
    writeFileSync(join(folder, 't.csv'), ['path,timestamp', ...rows].join('\n'))
    const { records, notes } = await read(
      await openImages(join(folder, 't.csv'), { order: 'time' }),
    )
    assert.deepEqual(
      records.map(([id]) => id),
      ['b.jpg', 'd.jpg', 'a.jpg', 'c.jpg'],
    )
    assert.deepEqual(notes, [])
  })

  it('can’t have outputs beside them by their rows', async () => {
    await assert.rejects(openImages(folder, { order: 'time', logits: 'l.npy' }), {
      code: 'config.invalid',
      message: 'expected images as they stand beside rows of logits, got order time',
    })
  })
})
