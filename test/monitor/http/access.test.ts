import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createToken, type Scope } from '../../../src/monitor/http/index.ts'
import type { Store } from '../../../src/monitor/store/index.ts'
import { LIMITS, NOW, withServer } from './test-server.ts'

const host = 'localhost:8080'

async function addToken(store: Store, scopes: readonly Scope[], expiresAt: number | null = null) {
  const { stored, token } = createToken({ name: 'camera', scopes, now: NOW - 1, expiresAt })
  await store.access.add(stored)
  return { id: stored.id, headers: { host, authorization: `Bearer ${token}` } }
}

describe('who may speak to a service', () => {
  it('is everybody on this machine while there is no token, but no page of another origin', async () => {
    await withServer(async ({ app }) => {
      const statusOf = async (headers: Record<string, string>) =>
        (await app.inject({ url: '/v1/monitors', headers })).statusCode
      assert.equal(await statusOf({ host }), 200)
      assert.equal(await statusOf({ host: '127.0.0.1' }), 200)
      assert.equal(await statusOf({ host: '[::1]:8080' }), 200)
      // A name that somebody made point here.
      assert.equal(await statusOf({ host: 'evil.example:8080' }), 403)
      assert.equal(await statusOf({ host: 'localhost.evil.example' }), 403)
      assert.equal(await statusOf({ host, origin: 'https://evil.example' }), 403)
      assert.equal(await statusOf({ host, 'sec-fetch-site': 'cross-site' }), 403)
      assert.equal(await statusOf({ host, origin: `http://${host}` }), 200)
    })
  })

  it('is nobody without a token once there is one, or where others than this machine reach it', async () => {
    await withServer(async ({ app, store }) => {
      const { headers, id } = await addToken(store, ['read'])
      const get = (own: Record<string, string>) => app.inject({ url: '/v1/monitors', headers: own })
      assert.equal((await get(headers)).statusCode, 200)
      const refused = await get({ host })
      assert.equal(refused.statusCode, 401)
      assert.equal(refused.headers['www-authenticate'], 'Bearer')
      assert.match(refused.json().hint, /token create/)
      const other = `${headers.authorization.slice(0, -1)}${headers.authorization.endsWith('A') ? 'B' : 'A'}`
      assert.equal((await get({ host, authorization: other })).statusCode, 401)
      assert.equal((await get({ host, authorization: 'Basic abc' })).statusCode, 401)
      await store.access.revoke(id, NOW)
      assert.equal((await get(headers)).statusCode, 401)
    })
    await withServer(
      async ({ app }) => {
        assert.equal((await app.inject({ url: '/v1/monitors' })).statusCode, 401)
        assert.equal((await app.inject({ url: '/metrics' })).statusCode, 401)
        assert.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
        assert.equal((await app.inject({ url: '/readyz' })).statusCode, 200)
      },
      { ports: { isLocal: false } },
    )
  })

  it('may do what the token is for, until it ends', async () => {
    await withServer(async ({ app, store }) => {
      const ingest = await addToken(store, ['ingest'])
      const admin = await addToken(store, ['admin'])
      const ended = await addToken(store, ['admin'], NOW)
      const send = {
        method: 'POST',
        url: '/v1/monitors/m/images',
        payload: { image: 'AAAA' },
      } as const
      assert.equal((await app.inject({ ...send, headers: ingest.headers })).statusCode, 202)
      assert.equal((await app.inject({ ...send, headers: ended.headers })).statusCode, 401)
      const read = { url: '/v1/alerts' }
      const refused = await app.inject({ ...read, headers: ingest.headers })
      assert.equal(refused.statusCode, 403)
      assert.match(refused.json().detail, /a token for read, got camera, which is for ingest/)
      assert.equal((await app.inject({ ...read, headers: admin.headers })).statusCode, 200)
    })
  })

  it('asks so often a minute and no more, each token for itself, and is told when again', async () => {
    let now = NOW
    const limits = { ...LIMITS, requestsPerMinute: 3 }
    await withServer(
      async ({ app, store }) => {
        const one = await addToken(store, ['read'])
        const other = await addToken(store, ['read'])
        const ask = (headers: object) => app.inject({ url: '/v1/alerts', headers: { ...headers } })
        const statuses = []
        for (let i = 0; i < 4; i++) statuses.push((await ask(one.headers)).statusCode)
        assert.deepEqual(statuses, [200, 200, 200, 429])
        const refused = await ask(one.headers)
        assert.equal(refused.headers['retry-after'], '20')
        assert.equal(refused.json().code, 'request.too-many')
        assert.equal((await ask(other.headers)).statusCode, 200)
        now += 20_000
        assert.equal((await ask(one.headers)).statusCode, 200)
        assert.equal((await ask(one.headers)).statusCode, 429)
        // A clock that was set back lets nobody through, and shuts nobody out for good.
        now -= 3_600_000
        assert.equal((await ask(one.headers)).statusCode, 429)
        now += 60_000
        assert.equal((await ask(one.headers)).statusCode, 200)
      },
      { ports: { limits, clock: () => new Date(now) } },
    )
  })

  it('is made, listed and revoked over HTTP too, and the log says by whom', async () => {
    await withServer(async ({ app, store }) => {
      const { headers } = await addToken(store, ['admin'])
      const payload = { name: 'site', scopes: ['read'], expiresAt: '2027-01-01T00:00:00Z' }
      const made = await app.inject({ method: 'POST', url: '/v1/tokens', headers, payload })
      assert.equal(made.statusCode, 201)
      const { id, token } = made.json()
      const own = { host, authorization: `Bearer ${token}` }
      assert.equal((await app.inject({ url: '/v1/alerts', headers: own })).statusCode, 200)
      const listed = await app.inject({ url: '/v1/tokens', headers })
      assert.equal(listed.json().tokens.length, 2)
      assert.ok(!listed.body.includes(token.slice(-43)))
      const revoke = { method: 'DELETE', url: `/v1/tokens/${id}`, headers } as const
      assert.equal((await app.inject(revoke)).statusCode, 204)
      assert.equal((await app.inject(revoke)).statusCode, 404)
      assert.equal((await app.inject({ url: '/v1/alerts', headers: own })).statusCode, 401)
      const { entries } = (await app.inject({ url: '/v1/audit', headers })).json()
      assert.deepEqual(
        entries.map(({ who, what }: { who: string; what: string }) => [who, what]),
        [
          ['camera', 'revoke token'],
          ['camera', 'create token'],
        ],
      )
    })
  })
})
