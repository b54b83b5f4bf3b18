import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { limitImages, openImages, probeShape } from '../../src/images/index.ts'
import { collect } from '../contracts/image-source.ts'
import {
  png,
  referenceBytes,
  referenceFiles,
  temporaryFolder,
  writeFolder,
} from './stored-images.ts'

const picture = await png(referenceBytes(1, 3), 3)

async function idsIn(folder: string): Promise<string[]> {
  const batches = await collect(await openImages(folder))
  return batches.flatMap(({ records }) => records.map(({ id }) => id))
}

describe('a folder of images', () => {
  it('is read in name order at each level and counted', async () => {
    const files = new Map(
      ['b.png', 'a/2.png', 'a/10.png', 'c/d/e.PNG'].map((name) => [name, picture]),
    )
    const folder = await writeFolder(files)
    assert.deepEqual(await idsIn(folder), ['a/10.png', 'a/2.png', 'b.png', 'c/d/e.PNG'])
    assert.equal((await openImages(folder)).count, 4)
  })

  it('passes over hidden files and files of other kinds', async () => {
    const names = ['.DS_Store', '.hidden/x.png', '._a.png', '__MACOSX/a.png']
    names.push('@eaDir/a.png/SYNOPHOTO_THUMB_S.png', '$RECYCLE.BIN/b.png', 'Thumbs.db')
    const files = new Map<string, Uint8Array>(names.map((name) => [name, picture]))
    files.set('README.txt', Buffer.from('These are pictures.'))
    files.set('a.png', picture)
    assert.deepEqual(await idsIn(await writeFolder(files)), ['a.png'])
  })

  it('labels images by their first or by their last folder when asked', async () => {
    const folder = await writeFolder(await referenceFiles())
    const labels = async (rule: string): Promise<(string | undefined)[]> => {
      const [{ records }] = await collect(await openImages(folder, { labels: rule }))
      return [records[0].label, records[6].label]
    }
    assert.deepEqual(await labels('folders'), ['cats', 'dogs'])
    assert.deepEqual(await labels('parent-folders'), ['cats', 'small'])
  })

  it('names what it leaves out and goes on, or stops when strict', async () => {
    const files = await referenceFiles()
    files.set('cats/2.png', new Uint8Array())
    files.set('dogs/bitmap.bmp', Buffer.from('BM not decoded here'))
    const source = await openImages(await writeFolder(files))
    const skipped: string[] = []
    const [{ records }] = await collect(source, { onSkip: ({ id }) => skipped.push(id) })
    assert.equal(records.length, 6)
    assert.deepEqual(skipped, ['cats/2.png', 'dogs/bitmap.bmp'])
    await assert.rejects(collect(source, { strict: true }), { message: /cats\/2\.png/ })
  })

  it('leaves out images of another size when no shape is asked for', async () => {
    const folder = await writeFolder(
      new Map([
        ['a.png', picture],
        ['b.png', await png(new Uint8Array(36), 3, 4)],
      ]),
    )
    const skipped: string[] = []
    const source = await openImages(folder)
    const [{ records }] = await collect(source, { onSkip: ({ message }) => skipped.push(message) })
    assert.deepEqual(
      records.map(({ id }) => id),
      ['a.png'],
    )
    assert.match(skipped[0], /expected 3×4×6 like the first image, got 3×3×4 in b.png/)
  })

  it('without images is an error that says what was looked for', async () => {
    await assert.rejects(openImages(temporaryFolder()), {
      code: 'source.empty',
      hint: /by name and by content/,
    })
  })

  it('follows links and is not caught in a circle of them', async () => {
    const folder = await writeFolder(new Map([['a/1.png', picture]]))
    symlinkSync(folder, join(folder, 'a', 'loop'))
    symlinkSync(join(folder, 'a', '1.png'), join(folder, 'b.png'))
    symlinkSync(join(folder, 'gone.png'), join(folder, 'broken.png'))
    const skipped: string[] = []
    const batches = await collect(await openImages(folder), {
      onSkip: ({ id }) => skipped.push(id),
    })
    assert.deepEqual(
      batches[0].records.map(({ id }) => id),
      ['a/1.png', 'b.png'],
    )
    assert.deepEqual(skipped, ['broken.png'])
  })

  it(
    'names a file it may not read',
    { skip: process.getuid?.() === 0 && 'root may read everything' },
    async () => {
      const folder = await writeFolder(new Map([['a.png', picture]]))
      chmodSync(join(folder, 'a.png'), 0)
      await assert.rejects(collect(await openImages(folder), { strict: true }), {
        code: 'source.unreadable',
        message: /EACCES/,
      })
    },
  )

  it('may hold a folder named like an image', async () => {
    const folder = await writeFolder(new Map([['a.png', picture]]))
    mkdirSync(join(folder, 'folder.jpg'))
    assert.deepEqual(await idsIn(folder), ['a.png'])
  })

  it('can be limited and probed', async () => {
    const source = limitImages(await openImages(await writeFolder(await referenceFiles())), 5)
    const sizes = (await collect(source, { batchSize: 2 })).map(({ records }) => records.length)
    assert.deepEqual(sizes, [2, 2, 1])
    assert.equal(source.count, 5)
    assert.deepEqual((await probeShape(source)).shape, { channels: 3, height: 4, width: 6 })
    assert.throws(() => limitImages(source, 0), RangeError)
  })
})

describe('openImages', () => {
  it('refuses options that say nothing for what it opens', async () => {
    const folder = await writeFolder(new Map([['a.png', picture]]))
    await assert.rejects(openImages(folder, { column: 'image' }), {
      code: 'config.invalid',
      message: /expected only labels, pixelLimit for a source of kind folder, got column/,
    })
    await assert.rejects(openImages(folder, { labels: 'labels.idx' }), {
      code: 'config.invalid',
      message: /folders or parent-folders/,
    })
  })

  it('names the path it did not find and whether its folder is there', async () => {
    const folder = temporaryFolder()
    await assert.rejects(openImages(join(folder, 'gone')), {
      code: 'source.unreadable',
      message: new RegExp(`found nothing at .*${basename(folder)}.gone`),
      hint: /exists; check the last part/,
    })
    await assert.rejects(openImages(join(folder, 'gone', 'too')), { hint: /does not exist either/ })
  })

  it('lists what it reads when a file is of no known kind', async () => {
    const folder = await writeFolder(new Map([['notes.txt', 'hello']]))
    await assert.rejects(openImages(join(folder, 'notes.txt')), {
      code: 'source.unreadable',
      hint: /IDX.*NumPy.*Parquet.*tar/,
    })
  })

  it('opens a single image', async () => {
    const folder = await writeFolder(new Map([['a.png', picture]]))
    const source = await openImages(join(folder, 'a.png'))
    assert.equal(source.count, 1)
    assert.deepEqual((await collect(source))[0].records, [{ id: 'a.png' }])
  })
})
