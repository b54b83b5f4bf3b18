import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { storedAlert } from '../stored-alert.ts'
import { NOW, withServer } from './test-server.ts'

const headers = { host: 'localhost' }

describe('the routes of a service', () => {
  it('are all in the OpenAPI document, each with its scope and answers', async () => {
    await withServer(async ({ app }) => {
      const document = (await app.inject({ url: '/v1/openapi.json' })).json()
      assert.equal(document.openapi, '3.1.0')
      const routes = Object.entries(document.paths as Record<string, object>).flatMap(
        ([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`),
      )
      const registered = app
        .printRoutes({ commonPrefix: false })
        .split('\n')
        .filter((line) => line.includes('/v1/'))
      assert.ok(routes.length >= 20, routes.join('\n'))
      assert.ok(routes.includes('post /v1/monitors/{monitor}/images'))
      assert.ok(registered.length > 5)
      for (const methods of Object.values(document.paths as Record<string, object>)) {
        for (const { summary, responses } of Object.values(methods)) {
          assert.ok(summary)
          assert.ok(responses)
        }
      }
    })
  })

  it('are all on a page that asks nothing of anybody else', async () => {
    await withServer(async ({ app }) => {
      const answer = await app.inject({ url: '/v1/docs' })
      assert.match(String(answer.headers['content-type']), /^text\/html/)
      const document = (await app.inject({ url: '/v1/openapi.json' })).json()
      for (const [path, methods] of Object.entries(document.paths as Record<string, object>)) {
        for (const method of Object.keys(methods)) {
          assert.ok(answer.body.includes(`<code>${method.toUpperCase()} ${path}</code>`), path)
        }
      }
      assert.doesNotMatch(answer.body, /<script|src=|url\(|@import|<link/)
    })
  })

  it('begin to watch with a detector that was uploaded, once under a name', async () => {
    await withServer(async ({ app, store }) => {
      const upload = await app.inject({
        method: 'POST',
        url: '/v1/detectors',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        payload: Buffer.from('a detector'),
      })
      assert.deepEqual([upload.statusCode, upload.json()], [201, { id: 'd2' }])
      const add = (payload: object) =>
        app.inject({ method: 'POST', url: '/v1/monitors', headers, payload })
      const settings = { windowSize: 50 }
      const added = await add({ id: 'north', detector: 'd2', settings })
      assert.equal(added.statusCode, 201, added.body)
      assert.equal(added.json().settings.windowSize, 50)
      assert.equal(added.json().settings.falseAlarmEvery, 100_000)
      assert.equal((await add({ id: 'north', detector: 'd2' })).statusCode, 409)
      assert.equal((await add({ id: 'south', detector: 'none' })).statusCode, 422)
      assert.equal((await add({ id: '../x', detector: 'd2' })).statusCode, 400)
      const unknown = await add({ id: 'x', detector: 'd2', settings: { windowsize: 5 } })
      assert.equal(unknown.statusCode, 400)
      assert.equal((await store.access.audit(5)).length, 2)
      const all = (await app.inject({ url: '/v1/monitors', headers })).json()
      assert.deepEqual(
        all.monitors.map(({ id }: { id: string }) => id),
        ['m', 'north'],
      )
    })
  })

  it('acknowledge and resolve an alert, and say that it is done', async () => {
    await withServer(async ({ app, store }) => {
      await store.alerts.put(storedAlert())
      const post = (what: string, id = 'a') =>
        app.inject({ method: 'POST', url: `/v1/alerts/${id}/${what}`, headers })
      assert.equal((await post('acknowledge')).json().state, 'acknowledged')
      assert.equal((await post('acknowledge')).statusCode, 409)
      const resolved = (await post('resolve')).json()
      assert.deepEqual(
        [resolved.state, resolved.changedAt],
        ['resolved', new Date(NOW).toISOString()],
      )
      assert.equal((await post('resolve')).statusCode, 409)
      assert.equal((await post('resolve', 'b')).statusCode, 404)
      const listed = await app.inject({ url: '/v1/alerts?unresolved=true&monitor=m', headers })
      assert.deepEqual(listed.json().alerts, [])
      const one = (await app.inject({ url: '/v1/alerts/a', headers })).json()
      assert.deepEqual(one.deliveries, [])
    })
  })

  it('mute an alert until a time to come, for a reason, and say by whom', async () => {
    await withServer(async ({ app, store }) => {
      await store.alerts.put(storedAlert({ told: { at: 2, as: 'open' } }))
      const post = (what: string, payload?: object) =>
        app.inject({
          method: 'POST',
          url: `/v1/alerts/a/${what}`,
          headers,
          ...(payload && { payload }),
        })
      const until = new Date(NOW + 60_000).toISOString()
      assert.equal((await post('unmute')).statusCode, 409)
      assert.equal((await post('mute', { until })).statusCode, 400)
      const past = { until: new Date(NOW).toISOString(), reason: 'r' }
      assert.equal((await post('mute', past)).statusCode, 422)
      const muted = await post('mute', { until, reason: 'the camera is repaired' })
      assert.deepEqual(muted.json().mute, { until, by: 'local', reason: 'the camera is repaired' })
      assert.equal(muted.json().toldAt, '1970-01-01T00:00:00.002Z')
      assert.equal((await post('unmute')).statusCode, 200)
      assert.deepEqual(await store.alerts.toTell({ now: NOW, toldBefore: null, most: 9 }), ['a'])
      const said = (await store.access.audit(9)).map(({ who, what }) => [who, what])
      assert.deepEqual(said, [
        ['local', 'unmute alert'],
        ['local', 'mute alert'],
      ])
    })
  })

  it('say that nothing is there in the same form as any other problem', async () => {
    await withServer(async ({ app }) => {
      for (const url of ['/nothing', '/v1/monitors/m/windows/7', '/v1/monitors/m/images/7/file']) {
        const answer = await app.inject({ url, headers })
        assert.equal(answer.statusCode, 404, url)
        assert.equal(answer.json().code, 'request.not-found')
        assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      }
    })
  })

  it('say of a failure that it is one, and only to the log why', async () => {
    await withServer(
      async ({ app, said }) => {
        const answer = await app.inject({ url: '/metrics', headers })
        assert.equal(answer.statusCode, 500)
        assert.doesNotMatch(answer.body, /the secret reason/)
        assert.match(said.join(), /the secret reason/)
      },
      {
        ports: {
          metrics: {
            received: () => {},
            answered: () => {},
            text: async () => {
              throw new Error('the secret reason')
            },
            contentType: 'text/plain',
          },
        },
      },
    )
  })
})
