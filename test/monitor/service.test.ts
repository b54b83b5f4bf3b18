import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import type { ConfigInput } from '../../src/monitor/index.ts'
import { openEndpoint, openMailbox } from './alerts/ends.ts'
import { DATABASES } from './databases.ts'
import {
  ask,
  pngsOf,
  sendImages,
  startTestService,
  until,
  untilSettled,
} from './running-service.ts'

const SIDE = 8
const folder = temporaryFolder()
const detector = join(folder, 'd.pixeldrift')
let clean: Buffer[] = []
let bright: Buffer[] = []

before(async () => {
  await using fitted = await fitTinyDetector({ epochs: 1 }, { side: SIDE })
  await fitted.save(detector)
  clean = await pngsOf(blobImages({ count: 400, seed: 5, side: SIDE }))
  bright = await pngsOf(blobImages({ count: 60, seed: 6, side: SIDE, background: 0.3 }))
})

type Events = {
  readonly events: readonly {
    readonly id: number
    readonly kind: string
    readonly source: string
    readonly event: { readonly at: { readonly number: number; readonly id: string } }
  }[]
}
type Alerts = {
  readonly alerts: readonly {
    readonly id: string
    readonly state: string
    readonly rule: string
    readonly source: string
  }[]
}

for (const database of DATABASES) {
  describe(`a service on ${database.name}`, { skip: database.skip }, () => {
    let made: Awaited<ReturnType<typeof database.make>>
    before(async () => (made = await database.make()))
    after(async () => made.remove())

    it('counts what it is sent, finds the change, says when it is over, and goes on after a restart', async () => {
      const ends = [await openEndpoint(), await openEndpoint(), await openMailbox()]
      const [webhook, slack, mail] = ends
      const config: ConfigInput = {
        allowPrivateWebhooks: true,
        publicUrl: 'https://drift.example',
        channels: [
          { kind: 'webhook', name: 'hook', url: webhook.url },
          { kind: 'slack', name: 'chat', url: slack.url },
          {
            kind: 'email',
            name: 'duty',
            server: mail.url,
            from: 'a@x.example',
            to: ['b@x.example'],
          },
        ],
        monitors: [{ detector, settings: { windowSize: 200 } }],
      }
      const name = (i: number) => ({ predictionId: `clean ${i}` })
      let service = await startTestService(made.location, config)
      const receipts = await sendImages(service, clean.slice(0, 200), name)
      assert.ok(receipts.every(({ status }) => status === 'stored'))
      await untilSettled(service, 200)
      await service.close()

      service = await startTestService(made.location, config)
      const again = await sendImages(service, clean.slice(190, 210), (i) => name(190 + i))
      assert.deepEqual(
        again.map(({ status }) => status),
        [...Array(10).fill('known'), ...Array(10).fill('stored')],
      )
      await sendImages(service, bright, (i) => ({ predictionId: `bright ${i}` }))
      const { alerts } = await until(
        () => ask<Alerts>(service, '/v1/alerts?unresolved=true'),
        (found) => found.alerts.length > 0,
      )
      assert.deepEqual(
        alerts.map(({ state, rule, source }) => [state, rule, source]),
        [['open', 'drift', '']],
      )
      await sendImages(service, clean.slice(210), (i) => name(210 + i))
      const monitor = await untilSettled(service, 460)
      assert.equal(monitor.images, 460)
      assert.deepEqual(
        monitor.sources.map(({ source, state, images }) => [source, state, images]),
        [['', 'recovered', 460]],
      )
      const { events } = await ask<Events>(service, '/v1/monitors/default/events')
      const told = events.toReversed().map(({ kind, source }) => [kind, source])
      assert.deepEqual(told, [
        ['drift', ''],
        ['recovered', ''],
      ])
      const at = events.at(-1)?.event.at.number ?? 0
      assert.ok(at > 210 && at < 230, `${at}`)
      const [{ state }] = (await ask<Alerts>(service, '/v1/alerts')).alerts
      assert.equal(state, 'resolved')
      // The second has the bright ones.
      type Windows = { windows: { number: number; severity: string | null }[] }
      const { windows } = await until(
        () => ask<Windows>(service, '/v1/monitors/default/windows'),
        (found) => found.windows.length === 2 && found.windows[0].severity !== null,
      )
      assert.deepEqual(
        windows.toReversed().map(({ severity }) => severity),
        ['ok', 'drift'],
      )
      const page = await fetch(`${service.url}/v1/monitors/default/windows/2/report`)
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
      const html = await page.text()
      assert.match(html, /bright \d+/)
      assert.match(html, /<img/)
      // Each is told once that it began, and once that it is over.
      for (const { came } of ends)
        await until(
          async () => came,
          ({ length }) => length >= 2,
        )
      for (const { came } of ends) {
        assert.equal(came.length, 2)
        assert.match(came[0], /no longer look like the reference/)
        assert.match(came[0], /https:\/\/drift\.example\/v1\/alerts\//)
        assert.match(came[1], /look like the reference again/)
      }
      assert.deepEqual(service.said, [])
      await service.close()
      await Promise.all(ends.map(({ close }) => close()))
    })
  })
}
