import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRandom } from '../../../src/tensor/index.ts'
import { DATABASES } from '../databases.ts'
import { until } from '../running-service.ts'
import { multipartOf, withServer } from './test-server.ts'

const PNG = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1')
const ALL = { images: 100, bytes: 1e6, except: new Set<number>() }
const host = 'localhost:8080'
const url = '/v1/monitors/m/images'

describe('sending images over HTTP', () => {
  it('takes a file as the body, what is said of it in the query, and the same again only once', async () => {
    await withServer(async ({ app, store }) => {
      const request = {
        method: 'POST',
        url: `${url}?predictionId=a%2Fb&source=left&takenAt=2026-11-26T13:00:00%2B01:00&prediction=cat`,
        headers: { 'content-type': 'image/png', host },
        payload: PNG,
      } as const
      const first = await app.inject(request)
      assert.equal(first.statusCode, 202)
      assert.deepEqual(first.json(), { images: [{ predictionId: 'a/b', status: 'stored' }] })
      assert.equal((await app.inject(request)).json().images[0].status, 'known')
      const [image, ...others] = await store.inbox.pending('m', ALL)
      assert.deepEqual(others, [])
      const { predictionId, source, takenAt, facts, bytes } = image
      assert.deepEqual(
        [predictionId, source, takenAt, JSON.parse(facts)],
        ['a/b', 'left', '2026-11-26T12:00:00.000Z', { prediction: 'cat' }],
      )
      assert.deepEqual(Buffer.from(bytes), PNG)
      const other = await app.inject({ ...request, payload: Buffer.from('another') })
      assert.equal(other.statusCode, 409)
      assert.equal(other.json().code, 'request.conflict')
    })
  })

  it('takes files of any type as bytes, and names what came without a name', async () => {
    await withServer(async ({ app }) => {
      const answer = await app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/octet-stream', host },
        payload: PNG,
      })
      assert.match(answer.json().images[0].predictionId, /^[0-9a-f-]{36}$/)
    })
  })

  it('takes several as JSON, with what the model said', async () => {
    await withServer(async ({ app, store }) => {
      const image = PNG.toString('base64')
      const payload = {
        images: [
          { image, predictionId: '1', probabilities: [0.25, 0.75], attributes: { site: 'x' } },
          { image, predictionId: '2' },
        ],
      }
      const answer = await app.inject({ method: 'POST', url, headers: { host }, payload })
      assert.equal(answer.statusCode, 202)
      const [first, second] = await store.inbox.pending('m', ALL)
      assert.deepEqual(JSON.parse(first.facts), {
        probabilities: [0.25, 0.75],
        attributes: { site: 'x' },
      })
      assert.deepEqual([second.predictionId, Buffer.from(second.bytes)], ['2', PNG])
      const alone = { image, predictionId: '3' }
      const one = await app.inject({ method: 'POST', url, headers: { host }, payload: alone })
      assert.equal(one.statusCode, 202)
    })
  })

  it('takes several as parts, with a list of what is said of each before them', async () => {
    await withServer(async ({ app, store }) => {
      const facts = JSON.stringify([{ predictionId: '1' }, { predictionId: '2', source: 'right' }])
      const parts = multipartOf([
        { name: 'facts', body: facts },
        { name: 'image', file: 'a.png', body: PNG },
        { name: 'image', file: 'b.png', body: 'other bytes' },
      ])
      const answer = await app.inject({ method: 'POST', url, ...parts })
      assert.equal(answer.statusCode, 202, answer.body)
      // The same again, the list by its type.
      const typed = parts.payload
        .toString('latin1')
        .replace('name="facts"', 'name="facts"\r\ncontent-type: application/json')
      const payload = Buffer.from(typed, 'latin1')
      const again = await app.inject({ method: 'POST', url, ...parts, payload })
      assert.match(again.body, /"1","status":"known".*"2","status":"known"/)
      const stored = await store.inbox.pending('m', ALL)
      assert.deepEqual(
        stored.map(({ predictionId, source, bytes }) => [predictionId, source, bytes.length]),
        [
          ['1', null, PNG.length],
          ['2', 'right', 11],
        ],
      )
    })
  })

  it('says of what it can’t use which field it is, what was expected, and stores nothing', async () => {
    await withServer(async ({ app, store }) => {
      const image = PNG.toString('base64')
      const json = (payload: object) => ({ headers: { host }, payload })
      const cases: [status: number, detail: RegExp, request: object][] = [
        [400, /images\.0\.image/, json({ images: [{ image: 'no base64!' }] })],
        [400, /images\.1\.takenAt/, json({ images: [{ image }, { image, takenAt: 'today' }] })],
        [400, /body|image/, json({ image, colour: 'red' })],
        [400, /body|images/, json({ images: [] })],
        [400, /no bytes/, { headers: { 'content-type': 'image/png', host }, payload: '' }],
        [400, /./, { headers: { 'content-type': 'application/json', host }, payload: '{"a"' }],
        [400, /expected files/, multipartOf([])],
        [400, /facts/, multipartOf([{ name: 'facts', body: '{' }])],
        [400, /a field other/, multipartOf([{ name: 'other', body: 'x' }])],
        [
          413,
          /./,
          { headers: { 'content-type': 'image/png', host }, payload: Buffer.alloc(20_001) },
        ],
        [413, /./, multipartOf([{ name: 'image', file: 'a.png', body: Buffer.alloc(10_001) }])],
        [
          413,
          /at most 20000 bytes at once/,
          multipartOf(
            ['a', 'b', 'c'].map((file) => ({ name: 'image', file, body: Buffer.alloc(9000) })),
          ),
        ],
        [
          413,
          /at most 50000 bytes/,
          { headers: { 'content-type': 'image/png', host }, payload: Buffer.alloc(50_001) },
        ],
        [415, /./, { headers: { 'content-type': 'text/html', host }, payload: 'x' }],
      ]
      for (const [status, detail, request] of cases) {
        const answer = await app.inject({ method: 'POST', url, ...request })
        assert.equal(answer.statusCode, status, `${detail} ${answer.body}`)
        assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
        const problem = answer.json()
        assert.equal(problem.status, status)
        assert.match(problem.code, /^request\./)
        assert.match(problem.detail, detail)
      }
      assert.deepEqual(await store.inbox.pending('m', ALL), [])
      const nowhere = await app.inject({
        method: 'POST',
        url: '/v1/monitors/none/images',
        ...json({ image }),
      })
      assert.equal(nowhere.statusCode, 404)
      assert.equal(nowhere.json().hint, 'There is m.'.replace('is', 'are'))
    })
  })

  it('refuses more while too much waits, and says when to come again', async () => {
    await withServer(
      async ({ app }) => {
        const send = (predictionId: string) =>
          app.inject({
            method: 'POST',
            url: `${url}?predictionId=${predictionId}`,
            headers: { 'content-type': 'image/png', host },
            payload: PNG,
          })
        const codes = [await send('1'), await send('2'), await send('3')].map(
          (answer) => answer.statusCode,
        )
        assert.deepEqual(codes, [202, 202, 503])
        const busy = await send('4')
        assert.equal(busy.headers['retry-after'], '2')
        assert.equal(busy.json().code, 'resource.busy')
      },
      { mostWaiting: 2 },
    )
  })

  it('waits for scores no longer than asked, and refuses more who would, before anything of theirs is stored', async () => {
    await withServer(async ({ app, store }) => {
      const send = (query: string) =>
        app.inject({
          method: 'POST',
          url: `${url}${query}`,
          headers: { 'content-type': 'image/png', host },
          payload: PNG,
        })
      const late = await send('?predictionId=late&wait=score&waitMs=1')
      assert.equal(late.statusCode, 202)
      assert.deepEqual(late.json().images, [
        { predictionId: 'late', status: 'stored', outcome: 'waiting' },
      ])
      const waiting = Array.from({ length: 100 }, (_, i) =>
        send(`?predictionId=${i}&wait=score&waitMs=60000`),
      )
      await until(
        async () => store.inbox.known('m', ['99']),
        (known) => known.size > 0,
      )
      const refused = await send('?predictionId=refused&wait=score')
      assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [503, '2'])
      assert.deepEqual(await store.inbox.known('m', ['refused']), new Set())
      assert.equal((await send('?predictionId=unwaited')).statusCode, 202)
      for (const query of ['?wait=forever', '?wait=score&waitMs=60001', '?wait=score&waitMs=-1']) {
        assert.equal((await send(query)).statusCode, 400)
      }
      // The end of the service is nothing to wait for.
      await app.close()
      for (const answer of await Promise.all(waiting)) assert.equal(answer.statusCode, 202)
    })
  })

  it('refuses sources beyond as many as are watched', async () => {
    await withServer(
      async ({ app }) => {
        const image = PNG.toString('base64')
        const images = ['a', 'b', 'c'].map((source) => ({ image, source }))
        const payload = { images }
        const answer = await app.inject({ method: 'POST', url, headers: { host }, payload })
        assert.equal(answer.statusCode, 422)
        assert.match(answer.json().detail, /at most 2 sources/)
      },
      { settings: { mostSources: 2 } },
    )
  })
})

for (const database of DATABASES) {
  describe(`requests that make no sense, on ${database.name},`, () => {
    it('are answered by the thousand without a failure', { skip: database.skip }, async () => {
      await withServer(
        async ({ app, said }) => {
          const random = createRandom(7)
          const pick = <T>(all: readonly T[]): T => all[random.integer(all.length)]
          const junk = (): unknown =>
            pick<() => unknown>([
              () => null,
              () => random.normal() * 1e12,
              () => '\u0000\ud800',
              () => 'x'.repeat(random.integer(3000)),
              () => [],
              () => ({ __proto__: null, constructor: 1 }),
              () => [junk(), junk()],
              () => ({ images: junk(), image: junk(), predictionId: junk() }),
              () => PNG.toString('base64'),
            ])()
          const paths = [
            url,
            '/v1/monitors',
            '/v1/monitors/m/windows/-1',
            '/v1/monitors/m/windows/9e99/report',
            '/v1/monitors/%00/events?most=0',
            '/v1/monitors/m/images/1/file',
            '/v1/monitors/m/images/x',
            '/v1/alerts/..%2f..%2fetc/resolve',
            '/v1/alerts?most=-5',
            '/v1/tokens',
            '/v1/detectors',
            '/v1/%',
            '/v1/alerts?monitor=%00',
            `${url}?predictionId=%00`,
            '/v1/tokens/%00',
          ]
          const types = [
            'application/json',
            'image/png',
            'multipart/form-data',
            'multipart/form-data; boundary=b',
            'text/plain',
            'application/octet-stream',
            '',
          ]
          const counts = new Map<number, number>()
          for (let i = 0; i < 2000; i++) {
            const answer = await app.inject({
              method: pick(['GET', 'POST', 'DELETE', 'PUT', 'PATCH'] as const),
              url: pick(paths),
              headers: { 'content-type': pick(types), host },
              payload: pick([
                () => JSON.stringify(junk()) ?? '',
                () => Buffer.from(Array.from({ length: 40 }, () => random.integer(256))),
                () => '--b\r\ncontent-disposition: form-data; name="facts"\r\n\r\n[]\r\n--b',
              ])(),
            })
            counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1)
            assert.ok(answer.statusCode < 500 || answer.statusCode === 503, said.join())
          }
          assert.deepEqual(said, [])
          assert.ok((counts.get(404) ?? 0) > 50 && (counts.get(400) ?? 0) > 50)
        },
        { database },
      )
    })
  })
}
