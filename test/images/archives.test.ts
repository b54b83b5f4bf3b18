import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pack } from 'tar-stream'
import { openImages, type SkippedImage } from '../../src/images/index.ts'
import { collect } from '../contracts/image-source.ts'
import {
  gzip,
  png,
  referenceBytes,
  referenceFiles,
  tarOf,
  writeOne,
  zipOf,
} from './stored-images.ts'

type Files = ReadonlyMap<string, Uint8Array>

const archives: Record<string, (files: Files) => Promise<Uint8Array>> = {
  'images.tar': tarOf,
  'images.tar.gz': async (files) => gzip(await tarOf(files)),
  'images.zip': async (files) => zipOf(files),
}

const picture = await png(referenceBytes(0, 3), 3)

for (const [name, archive] of Object.entries(archives)) {
  describe(`archive ${name}`, () => {
    const open = async (files: Files) => openImages(await writeOne(name, await archive(files)))

    it('takes ids from the paths and labels from the folders', async () => {
      const path = await writeOne(name, await archive(await referenceFiles()))
      const [{ records }] = await collect(await openImages(path, { labels: 'folders' }))
      assert.deepEqual(records[0], { id: 'cats/0.png', label: 'cats' })
    })

    it('refuses paths that lead out of it', async () => {
      for (const unsafe of [
        '../evil.png',
        'a/../../evil.png',
        '/etc/evil.png',
        'C:\\evil.png',
        '..\\evil.png',
      ]) {
        await assert.rejects(collect(await open(new Map([[unsafe, picture]]))), {
          code: 'source.unsafe-path',
        })
      }
    })

    it('passes over other files and what a Mac leaves behind', async () => {
      const files = new Map([
        ['notes.txt', Buffer.from('hello')],
        ['__MACOSX/._a.png', picture],
        ['a.png', picture],
      ])
      const [{ records }] = await collect(await open(files))
      assert.deepEqual(records, [{ id: 'a.png' }])
    })

    it('names a broken image and reads the rest', async () => {
      const files = await referenceFiles()
      files.set('cats/2.png', picture.subarray(0, 40))
      const skipped: SkippedImage[] = []
      const [{ records }] = await collect(await open(files), {
        onSkip: (image) => skipped.push(image),
      })
      assert.equal(records.length, 6)
      assert.deepEqual(
        skipped.map(({ id, code }) => [id, code]),
        [['cats/2.png', 'image.undecodable']],
      )
    })

    it('without images is an error', async () => {
      const files = new Map([['notes.txt', Buffer.from('hello')]])
      await assert.rejects(collect(await open(files)), { code: 'source.empty' })
    })

    it('cut short is an error that names it', async () => {
      const bytes = await archive(await referenceFiles())
      const path = await writeOne(name, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
      await assert.rejects(async () => collect(await openImages(path)), {
        code: 'source.unreadable',
        message: new RegExp(name),
      })
    })
  })
}

describe('archive entries', () => {
  it('of one name twice are an error that names both places', async () => {
    const archive = pack()
    for (const name of ['a.png', 'b.png', 'a.png']) archive.entry({ name }, picture)
    archive.finalize()
    const chunks: Uint8Array[] = []
    for await (const chunk of archive) chunks.push(chunk as Uint8Array)
    await assert.rejects(
      collect(await openImages(await writeOne('twice.tar', Buffer.concat(chunks)))),
      {
        code: 'source.duplicate-id',
        message: /"a\.png" for image 1 and image 3/,
      },
    )
  })

  it('whose size is no number end a tar with words, and are not waited for', async () => {
    const bytes = Buffer.from(await tarOf(new Map([['a.png', picture]])))
    // The highest bit says a number of base 256, of which only 0x80 and 0xff may come first.
    bytes[124] = 0x90
    bytes.fill(' ', 148, 156)
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    await assert.rejects(
      async () => collect(await openImages(await writeOne('sizes.tar', bytes))),
      {
        code: 'source.unreadable',
        message: /an entry without a size/,
      },
    )
  })

  it('that are links in a tar are named as left out', async () => {
    const archive = pack()
    archive.entry({ name: 'a.png' }, picture)
    archive.entry({ name: 'b.png', type: 'symlink', linkname: 'a.png' })
    archive.finalize()
    const chunks: Uint8Array[] = []
    for await (const chunk of archive) chunks.push(chunk as Uint8Array)
    const source = await openImages(await writeOne('links.tar', Buffer.concat(chunks)))
    const skipped: string[] = []
    await collect(source, { onSkip: ({ message }) => skipped.push(message) })
    assert.deepEqual(skipped, ['expected a file, got a symlink entry: b.png'])
  })

  it('damaged inside a zip are named and the rest is read', async () => {
    const files = new Map([
      ['a.png', Buffer.alloc(5000, 'x')],
      ['b.png', picture],
    ])
    const bytes = Buffer.from(zipOf(files))
    bytes.fill(0xff, 40, 50)
    const skipped: string[] = []
    const source = await openImages(await writeOne('damaged.zip', bytes))
    const [{ records }] = await collect(source, { onSkip: ({ message }) => skipped.push(message) })
    assert.deepEqual(records, [{ id: 'b.png' }])
    assert.match(skipped[0], /intact zip entry.*a\.png/)
  })
})
