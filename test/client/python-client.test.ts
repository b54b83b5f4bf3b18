import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createToken } from '../../src/monitor/http/index.ts'
import { NOW, withServer } from '../monitor/http/test-server.ts'

const script = fileURLToPath(new URL('python-client.py', import.meta.url))
const clients = fileURLToPath(new URL('../../clients/python', import.meta.url))
const python = process.env['PIXELDRIFT_PYTHON'] ?? 'python3'
const noPython = spawnSync(python, ['--version']).error !== undefined && 'needs python3'

describe('the client in Python', { skip: noPython }, () => {
  it('sends in the background, each image once, and drops and counts rather than block', async () => {
    await withServer(async ({ app, store }) => {
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      const { stored, token } = createToken({
        name: 'python',
        scopes: ['ingest'],
        now: NOW,
        expiresAt: null,
      })
      await store.access.add(stored)
      const child = spawn(python, [script, clients, url, token], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      })
      const said = JSON.parse(await text(child.stdout)) as object
      assert.deepEqual(said, {
        dropped: 0,
        truths: { 'image 1': 'counted', 'image 2': 'counted', later: 'waiting' },
        scored: [{ predictionId: 'image 0', status: 'known', outcome: 'waiting' }],
        sent: { taken: 2, known: 0, refused: 0, refusals: [], prefix: 'array/' },
        again: [],
        refused: [401, 'request.unauthenticated'],
        lost: 50,
        first: true,
      })
      const images = await store.inbox.pending('m', {
        images: 100,
        bytes: 1e6,
        except: new Set(),
      })
      const [first, ...others] = images.filter(({ predictionId }) =>
        predictionId.startsWith('array/'),
      )
      assert.deepEqual([first.predictionId, others.length], ['array/0', 1])
      assert.deepEqual(
        images
          .slice(0, 5)
          .map(({ predictionId, source, facts, bytes }) => [
            predictionId,
            source,
            JSON.parse(facts),
            Buffer.from(bytes).toString(),
          ]),
        Array.from({ length: 5 }, (_, i) => [
          `image ${i}`,
          'left',
          { probabilities: [0.5, 0.5] },
          `image ${i}`,
        ]),
      )
    })
  })
})
