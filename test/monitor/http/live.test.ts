import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { createToken } from '../../../src/monitor/http/index.ts'
import type { Store } from '../../../src/monitor/store/index.ts'
import { NOW, withServer } from './test-server.ts'

/** An event as a browser would give it. */
type Said = {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

/** What a stream says, event by event. */
async function* listen(url: string, headers: Record<string, string> = {}): AsyncGenerator<Said> {
  const response = await fetch(url, { headers })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  assert.ok(response.body)
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of response.body) {
    text += decoder.decode(part, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const fieldOf = (name: string): string =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
      if (fieldOf('data') !== '') {
        yield { id: fieldOf('id'), event: fieldOf('event'), data: JSON.parse(fieldOf('data')) }
      }
    }
  }
}

async function take(stream: AsyncGenerator<Said>, count: number): Promise<Said[]> {
  const said: Said[] = []
  while (said.length < count) {
    const { value, done } = await stream.next()
    if (done === true) break
    said.push(value)
  }
  return said
}

const append = (store: Store, ...names: string[]) =>
  store.within((tables) =>
    tables.feed.append(
      names.map((name) => ({
        monitor: name.startsWith('m') ? 'm' : 'other',
        type: 'event',
        data: JSON.stringify({ kind: name }),
        at: NOW,
      })),
    ),
  )

const kindsOf = (said: readonly Said[]) => said.map(({ data }) => data['kind'])

describe('a service that ends', () => {
  it('waits for no connection on which nothing was asked', async () => {
    await withServer(async ({ app }) => {
      const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
      const silent = connect(Number(port), '127.0.0.1')
      await once(silent, 'connect')
      const ended = once(silent, 'close')
      silent.resume()
      await Promise.all([app.close(), ended])
    })
  })
})

describe('what is told live', () => {
  it('is all from now on, goes on where a reader broke off, and is of one monitor where that is asked', async () => {
    await withServer(async ({ app, store }) => {
      const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/live`
      await append(store, 'm before')
      const stream = listen(url)
      const first = take(stream, 3)
      // It begins to listen somewhere between these.
      for (let i = 0; i < 8; i++) {
        await append(store, `m ${i}`, `other ${i}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const said = await first
      await stream.return(undefined)
      assert.equal(said[0].event, 'event')
      assert.equal(said[0].data['at'], new Date(NOW).toISOString())
      assert.notEqual(kindsOf(said)[0], 'm before')
      const ids = said.map(({ id }) => Number(id))
      assert.deepEqual(ids, [ids[0], ids[0] + 1, ids[0] + 2])

      const again = listen(url, { 'last-event-id': '3' })
      assert.deepEqual(kindsOf(await take(again, 2)), ['m 1', 'other 1'])
      await again.return(undefined)

      const own = listen(`${url}?monitor=m&after=0`)
      const kinds = kindsOf(await take(own, 9))
      assert.deepEqual(kinds, ['m before', ...Array.from({ length: 8 }, (_, i) => `m ${i}`)])
      await append(store, 'other again', 'm again')
      assert.deepEqual(kindsOf(await take(own, 1)), ['m again'])
      await own.return(undefined)
      assert.equal((await fetch(`${url}?monitor=none`)).status, 404)
    })
  })

  it('names what is kept no longer', async () => {
    await withServer(async ({ app, store }) => {
      await append(store, 'm 1', 'm 2', 'm 3')
      await store.feed.keep(1)
      const stream = listen(`${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/live`, {
        'last-event-id': '1',
      })
      const [gap, last] = await take(stream, 2)
      await stream.return(undefined)
      assert.deepEqual([gap.event, gap.data], ['gap', { first: 2, last: 2 }])
      assert.deepEqual([last.id, last.data['kind']], ['3', 'm 3'])
    })
  })

  it('is for those alone who may read, and ends with the service', async () => {
    await withServer(async ({ app, store }) => {
      const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/live`
      const tokenFor = async (scope: 'ingest' | 'read') => {
        const { stored, token } = createToken({
          name: scope,
          scopes: [scope],
          now: NOW - 1,
          expiresAt: null,
        })
        await store.access.add(stored)
        return { authorization: `Bearer ${token}` }
      }
      const headers = await tokenFor('ingest')
      assert.equal((await fetch(url, { headers })).status, 403)
      assert.equal((await fetch(url)).status, 401)
      const stream = listen(`${url}?after=0`, await tokenFor('read'))
      await append(store, 'm 1')
      assert.deepEqual(kindsOf(await take(stream, 1)), ['m 1'])
      await app.close()
      assert.deepEqual(await take(stream, 1), [])
    })
  })
})
