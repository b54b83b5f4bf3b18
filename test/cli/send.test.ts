import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { withServer } from '../monitor/http/test-server.ts'
import { runWithin } from './run-pixeldrift.ts'

const cwd = temporaryFolder()
const ALL = { images: 100, bytes: 1e9, except: new Set<number>() }

describe('pixeldrift send', () => {
  it('sends the files of a folder or table under their names, once, and names what it can’t read', async () => {
    await writeImageFolder(join(cwd, 'photos/left'), blobImages({ count: 3, seed: 1, side: 8 }))
    await withServer(async ({ app, store }) => {
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      const send = (...args: string[]) =>
        runWithin(['send', ...args, '--to', url, '--monitor', 'm'])
      const first = await send(join(cwd, 'photos'), '--by', 'folder')
      assert.deepEqual([first.code, first.stdout], [0, 'Sent 3 images.\n'], first.stderr)
      const names = async () =>
        (await store.inbox.pending('m', ALL)).map(({ predictionId, source, takenAt }) => [
          predictionId,
          source,
          takenAt,
        ])
      assert.deepEqual(await names(), [
        ['left/0000.png', 'left', null],
        ['left/0001.png', 'left', null],
        ['left/0002.png', 'left', null],
      ])
      const again = await send(join(cwd, 'photos'), '--json')
      assert.deepEqual(JSON.parse(again.stdout), { sent: 0, known: 3, skipped: 0 })
      const rows = [
        'path,camera,timestamp,probabilities',
        'photos/left/0001.png,north,2026-11-26T13:00:00+01:00,0.25 0.75',
        'photos/none.png,north,2026-11-26T11:00:00+01:00,0.25 0.75',
        'photos/left/0000.png,south,2026-11-26T12:00:00+01:00,0.5 0.5',
      ]
      writeFileSync(join(cwd, 'table.csv'), rows.join('\n'))
      const table = await send(join(cwd, 'table.csv'), '--by', 'camera')
      assert.equal(table.code, 2)
      assert.match(table.stderr, /skipped: .*none\.png/)
      assert.deepEqual((await names()).slice(3), [
        ['photos/left/0000.png', 'south', '2026-11-26T11:00:00.000Z'],
        ['photos/left/0001.png', 'north', '2026-11-26T12:00:00.000Z'],
      ])
      const last = (await store.inbox.pending('m', ALL)).at(-1)
      assert.deepEqual(JSON.parse(last?.facts ?? '').probabilities, [0.25, 0.75])
    })
  })

  it('says that arrays of pixels are no files, and that nobody answers', async () => {
    writeFileSync(join(cwd, 'a.npy'), npyOf([2, 8, 8], new Uint8Array(128)))
    const arrays = await runWithin(['send', join(cwd, 'a.npy')])
    assert.deepEqual([arrays.code, /expected image files, got npy/.test(arrays.stderr)], [2, true])
    const nobody = await runWithin(['send', join(cwd, 'photos'), '--to', 'http://127.0.0.1:1'])
    assert.equal(nobody.code, 2)
    assert.match(nobody.stderr, /expected a service at http:\/\/127\.0\.0\.1:1, got no answer/)
  })
})
