import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createToken } from '../../../src/monitor/http/index.ts'
import { NOW, withServer } from './test-server.ts'

const headers = { host: 'localhost' }

describe('true classes over HTTP', () => {
  it('are said by the names of images, and how often the model was right is answered by class and day', async () => {
    await withServer(
      async ({ app }) => {
        const send = (name: string, prediction: string) =>
          app.inject({
            method: 'POST',
            url: `/v1/monitors/m/images?predictionId=${name}&prediction=${prediction}`,
            headers: { ...headers, 'content-type': 'image/png' },
            payload: Buffer.from(name),
          })
        await send('a', 'cat')
        await send('b', 'cat')
        const say = (groundTruth: unknown, monitor = 'm') =>
          app.inject({
            method: 'POST',
            url: `/v1/monitors/${monitor}/ground-truth`,
            headers,
            payload: { groundTruth },
          })
        const said = await say([
          { predictionId: 'a', label: 'cat' },
          { predictionId: 'b', label: 'dog' },
          { predictionId: 'b', label: 'cat' },
          { predictionId: 'c', label: 'cat' },
        ])
        assert.equal(said.statusCode, 200, said.body)
        assert.deepEqual(said.json().groundTruth, [
          { predictionId: 'a', status: 'counted' },
          { predictionId: 'b', status: 'counted' },
          { predictionId: 'b', status: 'corrected' },
          { predictionId: 'c', status: 'waiting' },
        ])
        for (const bad of [
          [],
          [{ predictionId: 'a' }],
          [{ predictionId: '', label: 'cat' }],
          [{ predictionId: 'a', label: 'c\0t' }],
          [{ predictionId: 'a', label: 'cat', prediction: 'dog' }],
          'a',
          Array.from({ length: 1001 }, () => ({ predictionId: 'a', label: 'cat' })),
        ]) {
          assert.equal((await say(bad)).statusCode, 400, JSON.stringify(bad).slice(0, 100))
        }
        assert.equal((await say([{ predictionId: 'a', label: 'x' }], 'none')).statusCode, 404)
        const report = async (query = '') =>
          app.inject({ url: `/v1/monitors/m/quality${query}`, headers })
        const found = (await report()).json()
        assert.equal(found.waiting, 1)
        assert.deepEqual(found.rule, {
          window: 50,
          falseAlarmEvery: 2500,
          floor: 0.9,
          baseline: 500,
        })
        assert.deepEqual([found.all.images, found.all.right, found.all.share], [2, 2, 1])
        assert.deepEqual(found.confusion, [{ predicted: 'cat', actual: 'cat', images: 2 }])
        assert.deepEqual(
          found.days.map(({ start, images }: { start: string; images: number }) => [start, images]),
          [['2026-11-26T00:00:00.000Z', 2]],
        )
        const later = (await report('?since=2026-11-27T00:00:00%2B01:00')).json()
        assert.deepEqual([later.all, later.days, later.sources.length], [null, [], 1])
        assert.equal((await report('?since=yesterday')).statusCode, 400)
      },
      { settings: { accuracyWindow: 50, accuracyLevel: 0.02, accuracyFloor: 0.9 } },
    )
  })

  it('are said with a token that sends images, and looked at with one that reads', async () => {
    await withServer(async ({ app, store }) => {
      const statuses: [scope: string, said: number, looked: number][] = []
      for (const scope of ['ingest', 'read'] as const) {
        const { stored, token } = createToken({
          name: scope,
          scopes: [scope],
          now: NOW,
          expiresAt: null,
        })
        await store.access.add(stored)
        const own = { ...headers, authorization: `Bearer ${token}` }
        const payload = { groundTruth: [{ predictionId: 'a', label: 'cat' }] }
        const url = '/v1/monitors/m/ground-truth'
        const said = await app.inject({ method: 'POST', url, headers: own, payload })
        const looked = await app.inject({ url: '/v1/monitors/m/quality', headers: own })
        statuses.push([scope, said.statusCode, looked.statusCode])
      }
      assert.deepEqual(statuses, [
        ['ingest', 200, 403],
        ['read', 403, 200],
      ])
    })
  })
})
