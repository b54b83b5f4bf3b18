import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createClient,
  createSendQueue,
  type ImageToSend,
  ServiceError,
} from '../../src/client/index.ts'
import { createToken } from '../../src/monitor/http/index.ts'
import { NOW, withServer } from '../monitor/http/test-server.ts'

const ALL = { images: 100, bytes: 1e6, except: new Set<number>() }
const imageOf = (name: string): ImageToSend => ({
  bytes: new TextEncoder().encode(name),
  predictionId: name,
})

/** Answers from a list, one a request. */
function scripted(answers: readonly (Response | Error)[]) {
  const asked: string[] = []
  const left = [...answers]
  const request: typeof fetch = async (url) => {
    asked.push(url as string)
    const next = left.shift()
    if (next === undefined || next instanceof Error) throw next ?? new Error('nothing left')
    return next
  }
  return { asked, request }
}

const busy = (retryAfter = '0') =>
  Response.json(
    { code: 'resource.busy', detail: 'too much' },
    { status: 503, headers: { 'retry-after': retryAfter } },
  )
const stored = () => Response.json({ images: [{ predictionId: 'a', status: 'stored' }] })

describe('the client', () => {
  it('sends images with all that is known of them, and asks which are there', async () => {
    await withServer(async ({ app, store }) => {
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      const { stored: token, token: secret } = createToken({
        name: 'c',
        scopes: ['ingest', 'read'],
        now: NOW,
        expiresAt: null,
      })
      await store.access.add(token)
      const client = createClient({ url: `${url}/`, token: secret, monitor: 'm' })
      const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256)
      const facts = {
        predictionId: 'ü/1',
        source: 'left',
        takenAt: '2026-11-26T12:00:00Z',
        probabilities: [0.25, 0.75],
      }
      const receipts = await client.send([{ ...facts, bytes }, imageOf('2')])
      assert.deepEqual(receipts, [
        { predictionId: 'ü/1', status: 'stored' },
        { predictionId: '2', status: 'stored' },
      ])
      const [first] = await store.inbox.pending('m', ALL)
      assert.deepEqual(Uint8Array.from(first.bytes), bytes)
      assert.deepEqual(
        [first.source, JSON.parse(first.facts)],
        ['left', { probabilities: [0.25, 0.75] }],
      )
      assert.deepEqual(await client.known(['2', '3']), new Set(['2']))
      const names = ['ü/1', '2', ...Array.from({ length: 1000 }, (_, i) => `later ${i}`)]
      const truths = names.map((predictionId) => ({ predictionId, label: '1' }))
      const told = await client.groundTruth(truths)
      assert.deepEqual(
        told.map(({ predictionId }) => predictionId),
        names,
      )
      assert.deepEqual(
        told.slice(0, 3).map(({ status }) => status),
        ['counted', 'no-prediction', 'waiting'],
      )
      assert.deepEqual(await client.get('alerts'), { alerts: [] })
      await assert.rejects(createClient({ url, monitor: 'm' }).get('alerts'), (error) => {
        assert.ok(error instanceof ServiceError)
        assert.deepEqual([error.status, error.code], [401, 'request.unauthenticated'])
        assert.match(error.hint ?? '', /token create/)
        return true
      })
    })
  })

  it('tries again while the service is busy or away, so many times, and not where it is refused', async () => {
    const away = new TypeError('fetch failed')
    const passing = scripted([busy(), away, stored()])
    const client = createClient({ url: 'http://x', request: passing.request })
    assert.equal((await client.send([imageOf('a')])).length, 1)
    assert.equal(passing.asked.length, 3)
    const lasting = scripted([busy(), busy(), busy()])
    const impatient = createClient({ url: 'http://x', request: lasting.request, tries: 2 })
    await assert.rejects(impatient.send([imageOf('a')]), { code: 'resource.busy' })
    assert.equal(lasting.asked.length, 2)
    const refusing = scripted([Response.json({ code: 'request.invalid' }, { status: 400 })])
    const refused = createClient({ url: 'http://x', request: refusing.request })
    await assert.rejects(refused.send([imageOf('a')]), { status: 400 })
    assert.equal(refusing.asked.length, 1)
  })

  it('stops waiting when it is told to', async () => {
    const { request } = scripted([busy('60')])
    const stopping = new AbortController()
    const sending = createClient({ url: 'http://x', request }).send([imageOf('a')], stopping)
    setImmediate(() => stopping.abort(new Error('enough')))
    await assert.rejects(sending, /enough/)
  })
})

describe('the queue before a client', () => {
  it('takes images at once, sends them together in their order, and drops and counts what is too much', async () => {
    const sent: string[][] = []
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const client = {
      send: async (images: readonly ImageToSend[]) => {
        await gate
        sent.push(images.map(({ predictionId = '' }) => predictionId))
        return []
      },
    }
    const queue = createSendQueue(client, { capacity: 5, together: 2 })
    const taken = ['1', '2', '3', '4', '5', '6', '7'].map((name) => queue.push(imageOf(name)))
    assert.deepEqual(taken, [true, true, true, true, true, false, false])
    assert.deepEqual([queue.waiting, queue.dropped], [5, 2])
    open()
    await queue.close()
    assert.deepEqual(sent, [['1', '2'], ['3', '4'], ['5']])
    assert.equal(queue.push(imageOf('8')), false)
  })

  it('says what the service would not take, and goes on', async () => {
    let turn = 0
    const client = {
      send: async () => {
        if (turn++ === 0) throw new Error('refused')
        return []
      },
    }
    const told: string[] = []
    const queue = createSendQueue(client, {
      together: 1,
      onDropped: ([image], error) => told.push(`${image.predictionId}: ${String(error)}`),
    })
    queue.push(imageOf('1'))
    queue.push(imageOf('2'))
    await queue.close()
    assert.deepEqual(told, ['1: Error: refused'])
    assert.equal(queue.dropped, 1)
  })
})
