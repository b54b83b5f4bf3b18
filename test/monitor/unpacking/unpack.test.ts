import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createUnpacking } from '../../../src/monitor/unpacking/unpack.ts'
import { npyOf, referenceFiles, tarOf, writeOne } from '../../images/stored-images.ts'

const limits = { images: 10, imageBytes: 1000, bytes: 10_000, pixels: 10_000 }

describe('unpacking a body', () => {
  it('holds no more images and bytes than it may, and says so before the first', async () => {
    const path = await writeOne('body', npyOf([7, 4, 6, 3], Buffer.alloc(504)))
    const body = { path, kinds: ['npy'] as const, limits }
    const unpack = createUnpacking()
    assert.deepEqual(await unpack({ kind: 'open', body }), { opened: { isNamed: false } })
    for (const own of [{ images: 6 }, { bytes: 503 }]) {
      const tight = { ...body, limits: { ...limits, ...own } }
      await assert.rejects(unpack({ kind: 'open', body: tight }), { code: 'image.too-large' })
      const exact = { ...body, limits: { ...limits, images: 7, bytes: 504 } }
      await unpack({ kind: 'open', body: exact })
    }
  })

  it('gives its images part by part, then none, and names files that are too large', async () => {
    const files = await referenceFiles()
    files.set('large.png', Buffer.concat([[...files.values()][0], Buffer.alloc(1000)]))
    const path = await writeOne('body', await tarOf(files))
    const unpack = createUnpacking()
    assert.equal(await unpack({ kind: 'next' }), 'lost')
    await unpack({ kind: 'open', body: { path, kinds: ['tar'], limits } })
    const part = await unpack({ kind: 'next' })
    assert.ok(part !== 'lost' && 'images' in part)
    assert.deepEqual(
      part.images.map((image) => [image.record.id, 'code' in image ? image.code : 'taken']),
      [...files.keys()].map((id) => [id, id === 'large.png' ? 'image.too-large' : 'taken']),
    )
    assert.deepEqual(await unpack({ kind: 'next' }), { images: [] })
    assert.deepEqual(await unpack({ kind: 'next' }), { images: [] })
  })
})
