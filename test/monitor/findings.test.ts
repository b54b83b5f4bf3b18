import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { fit } from '../../src/detector/index.ts'
import { encodedImages } from '../../src/images/index.ts'
import type { Service } from '../../src/monitor/index.ts'
import type { Verdict } from '../../src/verdict/index.ts'
import { type Tensor, tensor } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { temporaryFolder } from '../images/stored-images.ts'
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
let images: Buffer[] = []
/** The last of them, with a speck on the lens that no column shows. */
let marked: Buffer[] = []
let checked: Verdict

before(async () => {
  const pixels = blobImages({ count: 400, seed: 5, side: SIDE })
  images = await pngsOf(pixels)
  marked = (await pngsOf(darkened(pixels, { row: 1, column: 6 }))).slice(250, 350)
  const source = encodedImages(
    images.slice(0, 200).map((encoded, i) => ({ record: { id: `${i}` }, encoded })),
  )
  await using fitted = await fit(source, { epochs: 1 })
  await fitted.save(detector)
  checked = await fitted.check(
    encodedImages(marked.slice(0, 50).map((encoded, i) => ({ record: { id: `${i}` }, encoded }))),
  )
})

/** Each with one pixel eight grey levels darker. */
function darkened({ shape, data }: Tensor, at: { readonly row: number; readonly column: number }) {
  const own = data.slice()
  for (let i = at.row * SIDE + at.column; i < own.length; i += SIDE * SIDE) {
    own[i] = Math.max(0, Math.round(255 * own[i] - 8)) / 255
  }
  return tensor(shape, own)
}

type Sources = {
  readonly sources: readonly {
    readonly source: string
    readonly state: string
    readonly found: readonly string[]
    readonly images: number
    readonly lastImageAt: string | null
  }[]
}
type Events = {
  readonly events: readonly {
    readonly kind: string
    readonly source: string
    readonly summary: string
    readonly event: object | null
  }[]
}
type Alerts = { readonly alerts: readonly { readonly rule: string; readonly source: string }[] }

type Periods = {
  readonly periods: readonly {
    readonly id: number
    readonly kind: string
    readonly start: string
    readonly images: number
    readonly severity: string | null
  }[]
}

const SETTINGS = {
  accuracyFloor: 0.9,
  accuracyWindow: 20,
  timeZone: 'Europe/Berlin',
  windowEvery: 'day',
  slidingOver: 2,
  graceMs: 0,
} as const
const LENS = { windowSize: 50, windowEvery: 'day', graceMs: 0 } as const

let sent = 0
const send = (service: Service, files: readonly Buffer[], source: string) =>
  sendImages(service, files, () => ({
    predictionId: `image ${sent++}`,
    source,
    prediction: 'spot',
  }))

describe('what a service finds beside streams and windows', () => {
  let service: Awaited<ReturnType<typeof startTestService>>
  after(() => service.close())

  it('is what is wrong with the images of each source, after a restart too, and how often the model is right', async () => {
    const config = {
      monitors: [
        { detector, settings: SETTINGS },
        { id: 'lens', detector, settings: LENS },
      ],
    }
    const location = { folder: join(folder, 'data') }
    service = await startTestService(location, config)
    await send(service, images.slice(200, 230), 'left')
    await send(service, Array(25).fill(Buffer.from('no picture')), 'right')
    await untilSettled(service, 55)
    await service.close()
    service = await startTestService(location, config)
    await send(service, Array(20).fill(images[231]), 'left')
    await untilSettled(service, 75)
    const { sources } = await ask<Sources>(service, '/v1/monitors/default')
    assert.deepEqual(
      sources.map(({ source, state, found, images: count }) => [source, state, found, count]),
      [
        ['', 'ok', [], 50],
        ['left', 'repeated-frame', ['repeated-frame'], 50],
        ['right', 'undecodable', ['undecodable'], 0],
      ],
    )
    assert.equal(sources[2].lastImageAt, null)
    const rules = async () => {
      const { alerts } = await ask<Alerts>(service, '/v1/alerts?unresolved=true')
      return alerts.map(({ rule, source }) => `${source} ${rule}`).toSorted()
    }
    assert.deepEqual(await rules(), ['left repeated-frame', 'right undecodable'])

    await send(service, images.slice(60, 190), 'left')
    await untilSettled(service, 205)
    assert.deepEqual(await rules(), ['right undecodable'])
    const { events } = await ask<Events>(service, '/v1/monitors/default/events')
    assert.deepEqual(
      events.map(({ kind, source, event }) => [source, kind, event]),
      [
        ['left', 'repeated-frame-over', null],
        ['left', 'repeated-frame', null],
        ['right', 'undecodable', null],
      ],
    )
    assert.match(events[1].summary, /copies of one image: the feed seems to be frozen/)

    const groundTruth = Array.from({ length: 21 }, (_, i) => ({
      predictionId: i < 20 ? `image ${i}` : `image ${sent}`,
      label: i % 2 === 0 ? 'spot' : 'line',
    }))
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ groundTruth })
    const url = '/v1/monitors/default/ground-truth'
    const said = await ask<{ groundTruth: { status: string }[] }>(service, url, {
      method: 'POST',
      headers,
      body,
    })
    assert.deepEqual(said.groundTruth.at(-1)?.status, 'waiting')
    // Of all together it is said of their one source.
    assert.deepEqual(await rules(), ['left accuracy', 'right undecodable'])
    await send(service, images.slice(310, 311), 'left')
    await until(
      () => ask<{ all: { images: number } }>(service, '/v1/monitors/default/quality'),
      ({ all }) => all.images === 21,
    )
    const metrics = await (await fetch(`${service.url}/metrics`)).text()
    assert.match(
      metrics,
      /pixeldrift_state\{monitor="default",source="right",state="undecodable"\} 1/,
    )
    assert.match(metrics, /pixeldrift_answers\{monitor="default",source="left"\} 21/)
    assert.match(metrics, /pixeldrift_accuracy_low\{monitor="default",source=""\} 1/)
    assert.match(
      metrics,
      /pixeldrift_events_total\{monitor="default",source="left",kind="repeated-frame"\} 1/,
    )
    assert.deepEqual(service.said, [])
  })

  it('is of windows by time, each judged once it is over, and of some of them together', async () => {
    for (const [day, from] of [
      ['2026-01-10', 320],
      ['2026-01-11', 350],
    ] as const) {
      await sendImages(service, images.slice(from, from + 30), (i) => ({
        predictionId: `${day} ${i}`,
        takenAt: `${day}T12:00:00+01:00`,
      }))
      await until(
        () => ask<Periods>(service, '/v1/monitors/default/periods?kind=time'),
        ({ periods }) =>
          periods.some(({ start, severity }) => severity !== null && isOf(start, day)),
      )
    }
    const { periods } = await until(
      () => ask<Periods>(service, '/v1/monitors/default/periods'),
      (found) => found.periods.filter(({ severity }) => severity !== null).length === 4,
    )
    const judged = periods.filter(({ severity }) => severity !== null).toReversed()
    assert.deepEqual(
      judged.map(({ kind, start, images: count, severity }) => [kind, start, count, severity]),
      [
        ['time', '2026-01-09T23:00:00.000Z', 30, 'ok'],
        ['sliding', '2026-01-08T23:00:00.000Z', 30, 'ok'],
        ['time', '2026-01-10T23:00:00.000Z', 30, 'ok'],
        ['sliding', '2026-01-09T23:00:00.000Z', 60, 'ok'],
      ],
    )
    const url = `/v1/monitors/default/periods/${judged[3].id}`
    const { verdict } = await ask<{ verdict: { judgement: { count: number } } }>(service, url)
    assert.equal(verdict.judgement.count, 60)
    const page = await (await fetch(`${service.url}${url}/report`)).text()
    assert.match(page, /<img/)
    assert.equal((await fetch(`${service.url}/v1/monitors/default/periods/999`)).status, 404)
    assert.deepEqual(service.said, [])
  })

  it('is what is always at one place of the frame, in windows of either kind', async () => {
    const monitor = '/v1/monitors/lens'
    const sendOn = (day: string, files: readonly Buffer[]) =>
      sendImages(
        service,
        files,
        (i) => ({ predictionId: `${day} ${i}`, takenAt: `${day}T12:00:00Z` }),
        { monitor: 'lens' },
      )
    const judged = async (path: string): Promise<Verdict['judgement']> => {
      const { verdict } = await until(
        () => ask<{ verdict: Verdict | null }>(service, `${monitor}/${path}`),
        ({ verdict: found }) => found !== null,
      )
      return (verdict as Verdict).judgement
    }
    const groupsThatAlarmed = ({ groups }: Verdict['judgement']) =>
      groups.filter(({ pValue }) => pValue <= 0.01).map(({ group }) => group)
    await sendOn('2026-02-01', images.slice(200, 250))
    await untilSettled(service, 50, 'lens')
    await sendOn('2026-02-02', marked.slice(0, 50))
    await untilSettled(service, 100, 'lens')
    const clean = await judged('windows/1')
    assert.deepEqual([clean.severity, groupsThatAlarmed(clean)], ['ok', []])
    const { periods } = await until(
      () => ask<Periods>(service, `${monitor}/periods`),
      (found) => found.periods.length === 2 && found.periods[0].severity !== null,
    )
    for (const path of ['windows/2', `periods/${periods[0].id}`]) {
      const found = await judged(path)
      assert.deepEqual([found.severity, found.count], ['drift', 50], path)
      assert.deepEqual(groupsThatAlarmed(found), ['place'])
      // As `check` finds it in the same files.
      assert.ok(found.places?.some(({ differences }) => differences !== null))
      assert.deepEqual(found.places, checked.judgement.places)
      const page = await (await fetch(`${service.url}${monitor}/${path}/report`)).text()
      assert.match(page, /Where in the frame: .*pixels around it/)
    }

    // An image of before that was kept leaves the columns to judge by.
    await sendOn('2026-02-03', marked.slice(50, 60))
    await untilSettled(service, 110, 'lens')
    const database = new DatabaseSync(join(folder, 'data', 'monitor.sqlite'))
    database.exec('delete from places where image = (select max(image) from places)')
    database.close()
    await sendOn('2026-02-04', marked.slice(60))
    await untilSettled(service, 150, 'lens')
    const without = await judged('windows/3')
    assert.deepEqual([without.severity, without.count, without.places], ['ok', 50, undefined])
    assert.deepEqual(service.said, [])
  })
})

/** Whether a day of Berlin begins then. */
function isOf(start: string, day: string): boolean {
  return Date.parse(start) === Date.parse(`${day}T00:00:00+01:00`)
}
