/** What comes in and goes out of a service over HTTP, on one that is at work. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import type { Service } from '../../src/monitor/index.ts'
import { createClient } from '../../src/client/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { tensor } from '../../src/tensor/index.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { DATABASES } from './databases.ts'
import { ask, pngsOf, startTestService, until } from './running-service.ts'

const SIDE = 8
const folder = temporaryFolder()
const detector = join(folder, 'd.pixeldrift')
let clean: Buffer[] = []
let bright: Buffer[] = []

before(async () => {
  await using fitted = await fitTinyDetector({ epochs: 1 }, { side: SIDE })
  await fitted.save(detector)
  clean = await pngsOf(blobImages({ count: 20, seed: 5, side: SIDE }))
  bright = await pngsOf(blobImages({ count: 4, seed: 6, side: SIDE, background: 0.3 }))
})

type Told = {
  readonly predictionId: string
  readonly status: string
  readonly outcome?: string
  readonly code?: string
  readonly score?: { readonly score: number; readonly pValue: number; readonly isUnusual: boolean }
}

type Job = {
  readonly id: string
  readonly state: string
  readonly detector: string | null
  readonly error: string | null
}

const IMAGES = '/v1/monitors/default/images'

async function post(
  service: Service,
  query: string,
  files: readonly (readonly [string, Buffer])[],
) {
  const images = files.map(([predictionId, file]) => ({
    predictionId,
    image: file.toString('base64'),
  }))
  const response = await fetch(`${service.url}${IMAGES}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ images }),
  })
  const answer = (await response.json()) as { readonly images: Told[]; readonly hint?: string }
  return { ...answer, status: response.status }
}

for (const database of DATABASES) {
  describe(`a service on ${database.name}`, { skip: database.skip }, () => {
    let made: Awaited<ReturnType<typeof database.make>>
    let services: Awaited<ReturnType<typeof startTestService>>[] = []
    before(async () => {
      made = await database.make()
      const kinds = ['originals', 'thumbnails', 'scores'] as const
      const monitors = kinds.map((keep, i) => ({
        id: i === 0 ? 'default' : keep,
        detector,
        settings: { windowSize: 10_000, keep },
      }))
      const config = { monitors }
      // Where there may be two of them, one measures and both are asked.
      for (let i = 0; i < (database.name === 'SQLite' ? 1 : 2); i++) {
        services.push(await startTestService(made.location, config))
      }
    })
    after(async () => {
      await Promise.all(services.map((service) => service.close()))
      await made.remove()
    })

    it('answers with scores once images are measured, whoever measures them, and says what it can’t read', async () => {
      for (const [i, service] of services.entries()) {
        const usual = clean.slice(0, 5).map((file, k) => [`${i} usual ${k}`, file] as const)
        const odd = bright.map((file, k) => [`${i} odd ${k}`, file] as const)
        const sent = [...usual, ...odd, [`${i} broken`, Buffer.from('no image')] as const]
        const client = createClient({ url: service.url })
        const images = await client.score(
          sent.map(([predictionId, bytes]) => ({ predictionId, bytes })),
          { waitMs: 60_000 },
        )
        assert.deepEqual(
          images.map(({ predictionId, status, outcome }) => [predictionId, status, outcome]),
          sent.map(([name], k) => [name, 'stored', k === 9 ? 'skipped' : 'measured']),
        )
        assert.equal(images[9].code, 'image.undecodable')
        const unusual = images.slice(0, 9).map(({ score }) => score?.isUnusual)
        assert.deepEqual(unusual.slice(5), [true, true, true, true])
        assert.ok(unusual.slice(0, 5).filter((is) => is === true).length < 3)
        for (const { score } of images.slice(0, 9)) {
          assert.equal(score?.isUnusual, (score?.pValue ?? 0) <= 0.01)
        }
        const again = await post(service, '?wait=score', sent)
        assert.equal(again.status, 200)
        assert.deepEqual(
          again.images.map(({ status, ...said }) => [status, said]),
          images.map(({ status, ...said }) => [status && 'known', said]),
        )
        const told = await ask<Told>(service, `${IMAGES}/${encodeURIComponent(`${i} odd 0`)}`)
        assert.deepEqual(told.score, images[5].score)
      }
    })

    it('measures images of an array as it does the same ones sent one by one', async () => {
      const [service] = services
      const blobs = blobImages({ count: 6, seed: 7, side: SIDE })
      const pixels = tensor(
        blobs.shape,
        blobs.data.map((value) => Math.round(value * 255) / 255),
      )
      const client = createClient({ url: service.url })
      const files = await pngsOf(pixels)
      const scored = await client.score(
        files.map((bytes, k) => ({ bytes, predictionId: `single ${k}` })),
        { waitMs: 60_000 },
      )
      const array = npyOf(pixels.shape, new Uint8Array(pixels.data.buffer), { descr: '<f4' })
      const receipt = await client.sendFile(array, { kind: 'npy', prefix: 'array/' })
      assert.deepEqual([receipt.taken, receipt.refused], [6, 0])
      for (const [k, { score }] of scored.entries()) {
        const told = await until(
          () => ask<Told>(service, `${IMAGES}/${encodeURIComponent(`array/${k}`)}`),
          ({ outcome }) => outcome === 'measured',
        )
        assert.deepEqual(told.score, score)
      }
    })

    it('shows small pictures of images, and what the detector makes of them again, as long as they are kept', async () => {
      const [service] = services
      const large = await sharp({
        create: { width: 300, height: 150, channels: 3, background: { r: 200, g: 30, b: 60 } },
      })
        .jpeg()
        .toBuffer()
      for (const monitor of ['default', 'thumbnails', 'scores']) {
        const client = createClient({ url: service.url, monitor })
        const [told] = await client.score([{ bytes: large, predictionId: 'a/picture' }], {
          waitMs: 60_000,
        })
        assert.equal(told.outcome, 'measured')
        const own = `${service.url}/v1/monitors/${monitor}/images/a%2Fpicture`
        const [small, again] = await Promise.all(
          ['thumbnail', 'reconstruction'].map((of) => fetch(`${own}/${of}`)),
        )
        if (monitor === 'scores') {
          assert.deepEqual([small.status, again.status], [404, 404])
          assert.match(((await small.json()) as { hint: string }).hint, /keep/)
          continue
        }
        assert.deepEqual([small.status, small.headers.get('content-type')], [200, 'image/webp'])
        const picture = await sharp(await small.bytes()).metadata()
        assert.deepEqual([picture.format, picture.width, picture.height], ['webp', 128, 64])
        assert.deepEqual([again.status, again.headers.get('content-type')], [200, 'image/png'])
        const { width, height } = await sharp(await again.bytes()).metadata()
        assert.deepEqual([width, height], [SIDE, SIDE])
        const { number } = (await (await fetch(own)).json()) as { number: number }
        const file = await fetch(`${service.url}/v1/monitors/${monitor}/images/${number}/file`)
        const expected = monitor === 'default' ? 'image/jpeg' : 'image/webp'
        assert.equal(file.headers.get('content-type'), expected)
        assert.equal((await fetch(own, { method: 'DELETE' })).status, 204)
        assert.equal((await fetch(`${own}/thumbnail`)).status, 404)
      }
    })

    it(
      'fits a detector on what it is sent, says how far it is, and watches with it',
      { skip: database.name !== 'SQLite' && 'once is enough; its jobs are tried on both' },
      async () => {
        const [service] = services
        const begin = async (body: Uint8Array | object) => {
          const isArray = body instanceof Uint8Array
          const type = isArray ? 'application/x-npy' : 'application/json'
          const { job } = await ask<{ job: Job }>(service, '/v1/detectors?epochs=1', {
            method: 'POST',
            headers: { 'content-type': type },
            body: isArray ? new Blob([body.slice()]) : JSON.stringify(body),
          })
          return job
        }
        const look = (id: string) => ask<Job>(service, `/v1/jobs/${id}`)
        const over = (id: string) =>
          until(
            () => look(id),
            ({ state }) => state !== 'waiting' && state !== 'running',
            200,
          )
        const { shape, data } = blobImages({ count: 200, seed: 9, side: SIDE })
        const array = npyOf(shape, new Uint8Array(data.buffer), { descr: '<f4' })
        const [good, few, cancelled] = [
          await begin(array),
          await begin({ monitor: 'default' }),
          await begin(array),
        ]
        assert.equal(cancelled.state, 'waiting')
        const end = { method: 'POST' }
        const ended = await ask<Job>(service, `/v1/jobs/${cancelled.id}/cancel`, end)
        assert.equal(ended.state, 'cancelled')
        const twice = await fetch(`${service.url}/v1/jobs/${cancelled.id}/cancel`, end)
        assert.equal(twice.status, 409)
        const done = await over(good.id)
        assert.deepEqual([done.state, done.error], ['done', null])
        const failed = await over(few.id)
        assert.equal(failed.state, 'failed')
        assert.match(failed.error ?? '', /at least/)
        await ask(service, '/v1/monitors', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id: 'fitted', detector: done.detector }),
        })
        const client = createClient({ url: service.url, monitor: 'fitted' })
        const [told] = await client.score([{ bytes: clean[0] }], { waitMs: 60_000 })
        assert.equal(told.outcome, 'measured')
        const { jobs } = await ask<{ jobs: Job[] }>(service, '/v1/jobs')
        assert.deepEqual(
          jobs.map(({ state }) => state).toSorted((a, b) => (a < b ? -1 : 1)),
          ['cancelled', 'done', 'failed'],
        )
      },
    )

    it('says when it is time what is stored and not measured yet, and tells the score later', async () => {
      const [service] = services
      const { status, images, hint } = await post(service, '?wait=score&waitMs=0', [
        ['later', clean[6]],
      ])
      assert.equal(status, 202)
      assert.deepEqual(images, [{ predictionId: 'later', status: 'stored', outcome: 'waiting' }])
      assert.match(hint ?? '', /1 of 1 are not measured yet\. GET .*images\/<predictionId>/)
      const told = await until(
        () => ask<Told>(service, `${IMAGES}/later`),
        ({ outcome }) => outcome === 'measured',
      )
      assert.ok((told.score?.pValue ?? 0) > 0)
      const nobody = await fetch(`${service.url}${IMAGES}/nobody`)
      assert.equal(nobody.status, 404)
    })
  })
}
