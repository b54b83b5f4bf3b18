import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fuzzService } from '../../evaluation/fuzz/fuzz-service.ts'
import { openHostileImages } from '../../evaluation/fuzz/hostile-images.ts'
import { createToken } from '../../src/monitor/http/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { NOW, withServer } from '../monitor/http/test-server.ts'

describe('bad requests to a service', () => {
  it('are answered, each for itself, by what is wrong with them', async () => {
    await withServer(
      async ({ app, store, said }) => {
        const { stored, token } = createToken({
          name: 'fuzz',
          scopes: ['admin'],
          now: NOW - 1,
          expiresAt: null,
        })
        await store.access.add(stored)
        const random = createRandom(7)
        const { statuses, faults } = await fuzzService({
          url: await app.listen({ host: '127.0.0.1', port: 0 }),
          authorization: `Bearer ${token}`,
          requests: 500,
          random,
          image: await openHostileImages(random),
        })
        assert.deepEqual([faults, said], [[], []])
        for (const status of [200, 202, 400, 401, 404]) assert.ok(statuses[status] > 0, `${status}`)
      },
      { mostWaiting: 100_000 },
    )
  })
})
