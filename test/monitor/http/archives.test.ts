import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, describe, it } from 'node:test'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { openUnpacker } from '../../../src/monitor/unpacking/index.ts'
import {
  gzip,
  idxOf,
  npyOf,
  png,
  referenceBytes,
  referenceFiles,
  tarOf,
  zipOf,
} from '../../images/stored-images.ts'
import { LIMITS, type TestServer, withServer } from './test-server.ts'

const said: string[] = []
const unpacker = openUnpacker({
  timeoutMs: 30_000,
  memoryBytes: 512 * 1024 * 1024,
  log: (_, message) => said.push(message),
})
after(() => unpacker.close())

const host = 'localhost:8080'
const ALL = { images: 100, bytes: 1e6, except: new Set<number>() }
const NPY = 'application/x-npy'

const withArchives = (
  act: (server: TestServer) => Promise<void>,
  settings = {},
  mostWaiting = 1000,
) => withServer(act, { ports: { unpacker }, settings, mostWaiting })

// oxlint-disable-next-line eslint/max-params -- to whom, what, as what
async function send({ app }: TestServer, type: string, payload: Uint8Array, query = '') {
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/monitors/m/images${query}`,
    headers: { 'content-type': type, host },
    payload: Buffer.from(payload),
  })
  return { ...answer.json(), status: answer.statusCode } as {
    readonly status: number
    readonly [name: string]: unknown
  }
}

const names = async ({ store }: TestServer) =>
  (await store.inbox.pending('m', ALL)).map(({ predictionId }) => predictionId)

describe('arrays, tables and archives over HTTP', () => {
  it('are images each, numbered behind a prefix or by their own names, and the same only once', async () => {
    const files = await referenceFiles()
    const bytes = Buffer.concat(Array.from({ length: 7 }, (_, i) => referenceBytes(i, 3)))
    const array = npyOf([7, 4, 6, 3], bytes)
    const grey = idxOf([2, 4, 6], bytes.subarray(0, 48))
    const cases: [type: string, body: Uint8Array, query: string, expected: string[] | RegExp][] = [
      [NPY, array, '?prefix=a/', Array.from({ length: 7 }, (_, i) => `a/${i}`)],
      [NPY, array, '', /^[0-9a-f]{16}\/\d$/],
      ['application/gzip', gzip(array), '?prefix=z', Array.from({ length: 7 }, (_, i) => `z${i}`)],
      ['application/x-idx', grey, '?prefix=i', ['i0', 'i1']],
      ['application/gzip', gzip(grey), '?prefix=gz', ['gz0', 'gz1']],
      ['application/x-npz', zipOf(new Map([['images.npy', array]])), '', /^[0-9a-f]{16}\/\d$/],
      ['application/x-tar', await tarOf(files), '', [...files.keys()]],
      [
        'application/zip; x=1',
        zipOf(files),
        '?prefix=zip:',
        [...files.keys()].map((id) => `zip:${id}`),
      ],
    ]
    for (const [type, body, query, expected] of cases) {
      await withArchives(async (server) => {
        const first = await send(server, type, body, query)
        const { status, taken, known, refused } = first
        const found = await names(server)
        assert.deepEqual(
          [status, taken, known, refused],
          [202, found.length, 0, 0],
          JSON.stringify(first),
        )
        if (expected instanceof RegExp) for (const name of found) assert.match(name, expected)
        else assert.deepEqual(found, expected)
        const again = await send(server, type, body, query)
        assert.deepEqual([again['taken'], again['known']], [0, found.length])
      })
    }
  })

  it('keep what a table says of each, and refuse by name what can’t be taken, beside the others', async () => {
    const picture = await png(referenceBytes(0, 3), 3)
    const rows = ['one', 'two', 'x'.repeat(600), 'huge', 'one']
    const table = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          {
            name: 'image',
            type: 'BYTE_ARRAY',
            data: [picture, picture, picture, Buffer.alloc(10_001), Buffer.from('other')],
          },
          { name: 'id', type: 'STRING', data: rows },
          { name: 'camera', type: 'STRING', data: ['left', 'right', 'left', 'left', 'left'] },
          { name: 'timestamp', type: 'STRING', data: Array(5).fill('2026-11-26T12:00:00+01:00') },
          { name: 'prediction', type: 'STRING', data: Array(5).fill('cat') },
        ],
      }),
    )
    await withArchives(async (server) => {
      const receipt = await send(
        server,
        'application/vnd.apache.parquet',
        table,
        '?by=camera&prefix=t/',
      )
      assert.deepEqual([receipt.status, receipt['taken'], receipt['refused']], [202, 2, 3])
      const refusals = receipt['refusals'] as { image: string; code: string; message: string }[]
      assert.deepEqual(
        refusals
          .map(({ image, code }) => [image.slice(0, 5), code])
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
        [
          ['huge', 'image.too-large'],
          ['one', 'request.conflict'],
          ['xxxxx', 'request.invalid'],
        ],
      )
      const stored = await server.store.inbox.pending('m', ALL)
      assert.deepEqual(
        stored.map(({ predictionId, source, takenAt, facts }) => [
          predictionId,
          source,
          takenAt,
          (JSON.parse(facts) as { prediction: string }).prediction,
        ]),
        [
          ['t/one', 'left', '2026-11-26T11:00:00.000Z', 'cat'],
          ['t/two', 'right', '2026-11-26T11:00:00.000Z', 'cat'],
        ],
      )
    })
    await withArchives(
      async (server) => {
        const receipt = await send(server, 'application/x-parquet', table, '?by=camera')
        assert.deepEqual([receipt['taken'], receipt['refused']], [1, 4])
        assert.match(JSON.stringify(receipt['refusals']), /at most 1 sources/)
      },
      { mostSources: 1 },
    )
  })

  it('read no file of the machine, whatever paths are in them', async () => {
    const path = new URL(import.meta.url).pathname
    const cells = [path, `file://${path}`, '../../etc/passwd', 'body']
    const table = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'path', data: cells, type: 'STRING' }] }),
    )
    await withArchives(async (server) => {
      const { status, taken, refused, refusals } = await send(
        server,
        'application/x-parquet',
        table,
      )
      assert.deepEqual([status, taken, refused], [202, 0, 4])
      assert.match(JSON.stringify(refusals), /not followed/)
      const away = await send(
        server,
        'application/x-tar',
        await tarOf(new Map([['../up.png', Buffer.from('x')]])),
      )
      assert.equal(away.status, 422)
      assert.deepEqual(await names(server), [])
    })
  })

  it('that are damaged, hostile, empty or no such thing are refused whole, with a hint, and leave nothing behind', async () => {
    const pixels = Buffer.alloc(7 * 72, 7)
    const npy = npyOf([7, 4, 6, 3], pixels)
    const files = await referenceFiles()
    const tar = await tarOf(files)
    const claim = (shape: number[], descr = '|u1') => npyOf(shape, Buffer.alloc(0), { descr })
    const gz = (bytes: Uint8Array): [string, Uint8Array] => ['application/gzip', gzip(bytes)]
    const cases: [type: string, body: Uint8Array][] = [
      [NPY, npy.subarray(0, 300)],
      [NPY, npyOf([7, 4, 6, 3], pixels, { descr: '|O' })],
      [NPY, Buffer.from('\x93NUMPY\x01\x00\xff\xff', 'latin1')],
      [NPY, npyOf([504], pixels)],
      [NPY, npyOf([7, 3, 24], pixels.subarray(0, 10))],
      [NPY, npyOf([1, 4, 9, 14], pixels)],
      [NPY, claim([9_000_000, 100_000, 100_000, 3])],
      [NPY, claim([0, 4, 4])],
      [NPY, npyOf([2, 4, 4], Buffer.alloc(128, 0x7f), { descr: '<f4' })],
      [NPY, Buffer.from('id,path\n1,/etc/passwd\n')],
      gz(npy.subarray(0, 400)),
      gz(claim([1, 60_000, 60_000, 3])),
      gz(Buffer.concat([claim([4000, 64, 64, 3]), Buffer.alloc(4000 * 64 * 64 * 3)])),
      ['application/gzip', gzip(npy).subarray(0, 60)],
      ['application/x-tar', tar.subarray(0, 3000)],
      ['application/x-tar', Buffer.alloc(2048)],
      ['application/zip', zipOf(files).subarray(0, 500)],
      ['application/zip', Buffer.from('PK\x03\x04 and so on')],
      ['application/x-npz', zipOf(new Map([['labels.npy', npyOf([504], pixels)]]))],
      ['application/x-parquet', Buffer.from('PAR1 but no table PAR1')],
      ['application/x-idx', idxOf([7, 4], Buffer.alloc(28))],
    ]
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('pixeldrift-body-'))
    await withArchives(async (server) => {
      for (const [type, body] of cases) {
        const { status, code, detail, hint } = await send(server, type, body, '?prefix=p')
        const what = `${type} ${body.length}: ${String(detail)}`
        assert.deepEqual([status, code], [422, 'request.invalid'], what)
        assert.equal(typeof hint, 'string', what)
        assert.doesNotMatch(what, /tmp|pixeldrift-body/)
      }
      const single: [query: string, status: number][] = [
        ['?predictionId=one', 400],
        ['?wait=score', 400],
        ['?layout=CHWN', 400],
      ]
      for (const [query, status] of single) {
        assert.equal((await send(server, NPY, npy, query)).status, status)
      }
      assert.equal((await send(server, NPY, Buffer.alloc(0))).status, 400)
      const large = await send(server, NPY, Buffer.alloc(LIMITS.bodyBytes + 1))
      assert.deepEqual([large.status, large['code']], [413, 'request.too-large'])
      assert.deepEqual(await names(server), [])
      assert.deepEqual(server.said, [])
      assert.equal((await send(server, NPY, npy)).status, 202)
    })
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('pixeldrift-body-'))
    assert.deepEqual(left, before)
  })

  it('that no more room is for say what is stored, and go on from there', async () => {
    const array = npyOf([150, 4, 6], Buffer.alloc(150 * 24))
    await withArchives(
      async (server) => {
        const { status, hint, code } = await send(server, NPY, array, '?prefix=p')
        assert.deepEqual([status, code], [503, 'resource.busy'])
        assert.match(String(hint), /64 of its images are stored: sent again/)
        assert.equal((await names(server)).length, 64)
      },
      {},
      60,
    )
  })
})
