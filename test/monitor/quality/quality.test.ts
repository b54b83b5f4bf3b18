import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyHappenings } from '../../../src/monitor/alerts/index.ts'
import { openQuality } from '../../../src/monitor/quality/index.ts'
import type { Store } from '../../../src/monitor/store/index.ts'
import {
  findingOf,
  type MonitorSettings,
  monitorSettingsSchema,
} from '../../../src/monitor/watching/index.ts'
import { DATABASES, type TestDatabase, withStore } from '../databases.ts'

const NOON = Date.parse('2026-03-29T12:00:00Z')

type Given = {
  readonly store: Store
  /** Images of these names and of what was predicted, as they are sent. */
  readonly send: (
    images: readonly (readonly [name: string, facts: object, more?: object])[],
  ) => Promise<void>
  readonly take: (truths: Readonly<Record<string, string>>) => Promise<string[]>
  readonly quality: ReturnType<typeof openQuality>
  readonly monitor: {
    readonly id: string
    readonly detector: string
    readonly settings: MonitorSettings
  }
}

async function withQuality(
  database: TestDatabase,
  settings: object,
  act: (given: Given) => Promise<void>,
): Promise<void> {
  await withStore(database, async (store) => {
    const facts = { classNames: ['cat', 'dog'] }
    await store.monitors.addDetector({ id: 'd', artifact: Uint8Array.of(1), at: 1, facts })
    const monitor = { id: 'm', detector: 'd', settings: monitorSettingsSchema.parse(settings) }
    const quality = openQuality({
      store,
      clock: () => new Date(NOON),
      onFound: async (tables, happenings) => {
        await tables.events.add(happenings.flatMap((one) => findingOf(one) ?? []))
        await applyHappenings(tables, happenings, { channels: [] })
      },
      onCommitted: () => {},
    })
    await act({
      store,
      quality,
      monitor,
      send: async (images) => {
        await store.inbox.add(
          images.map(([predictionId, own, more = {}]) => ({
            monitor: 'm',
            predictionId,
            digest: 'd',
            source: null,
            takenAt: null,
            facts: JSON.stringify(own),
            receivedAt: NOON,
            bytes: Uint8Array.of(1),
            ...more,
          })),
        )
      },
      take: async (truths) => {
        const said = Object.entries(truths).map(([predictionId, label]) => ({
          predictionId,
          label,
        }))
        return (await quality.take(monitor, said)).map(({ status }) => status)
      },
    })
  })
}

for (const database of DATABASES) {
  describe(`true classes on ${database.name}`, { skip: database.skip }, () => {
    it('are counted once each, by what was predicted, corrected later, and wait for images', async () => {
      await withQuality(
        database,
        { timeZone: 'Europe/Berlin' },
        async ({ store, quality, monitor, send, take }) => {
          await send([
            ['a', { prediction: 'cat' }],
            ['b', { probabilities: [0.2, 0.8] }, { source: 'left' }],
            ['c', { logits: [3, -1, 2] }, { takenAt: '2026-03-28T22:59:00.000Z' }],
            ['nothing', {}],
          ])
          const truths = { a: 'cat', b: 'cat', c: 'cat', nothing: 'cat', later: 'bird' }
          const counted = ['counted', 'counted', 'counted', 'no-prediction', 'waiting']
          assert.deepEqual(await take(truths), counted)
          assert.deepEqual(await take(truths), [
            ...Array(3).fill('unchanged'),
            'no-prediction',
            'waiting',
          ])
          assert.deepEqual(await take({ b: 'dog' }), ['corrected'])
          // The last one that is said counts, also while it waits.
          assert.deepEqual(await take({ later: 'dog', useless: 'dog' }), ['waiting', 'waiting'])
          await send([
            ['later', { prediction: 'cat' }],
            ['useless', {}],
          ])
          await quality.settle(monitor)
          const report = await quality.report(monitor, {})
          assert.equal(report.waiting, 0)
          assert.deepEqual(report.confusion, [
            { predicted: 'cat', actual: 'cat', images: 2 },
            { predicted: 'cat', actual: 'dog', images: 1 },
            { predicted: 'dog', actual: 'dog', images: 1 },
          ])
          assert.deepEqual(
            report.sources.map(({ source, images, right, state }) => [
              source,
              images,
              right,
              state,
            ]),
            [
              ['', 4, 3, 'insufficient-data'],
              ['left', 1, 1, 'insufficient-data'],
            ],
          )
          // By days of Berlin, whose clocks change on the second.
          assert.deepEqual(
            report.days.map(({ start, images, right }) => [
              new Date(start).toISOString(),
              images,
              right,
            ]),
            [
              ['2026-03-27T23:00:00.000Z', 1, 1],
              ['2026-03-28T23:00:00.000Z', 3, 2],
            ],
          )
          const [cat, dog] = report.classes
          assert.deepEqual([cat.name, cat.found?.images, cat.found?.right], ['cat', 2, 2])
          assert.deepEqual([cat.trusted?.images, cat.trusted?.right], [3, 2])
          assert.deepEqual([dog.found?.right, dog.found?.images], [1, 2])
          // SciPy: binomtest(3, 4).proportion_ci(method='wilson')
          assert.ok(Math.abs((report.all?.low ?? 0) - 0.30064184258240184) < 1e-12)
          assert.equal((await store.groundTruth.said('m', ['useless'])).length, 0)
        },
      )
    })

    it('raise an alert where the model is right less often, of its source too, until it is over', async () => {
      const settings = { accuracyBaseline: 50, accuracyWindow: 20 }
      await withQuality(database, settings, async ({ store, quality, monitor, send, take }) => {
        let sent = 0
        const answer = async (source: string, count: number, right: number) => {
          const names = Array.from({ length: count }, () => `${sent++}`)
          await send(names.map((name) => [name, { prediction: 'cat' }, { source }]))
          await take(
            Object.fromEntries(names.map((name, i) => [name, i % 10 < right ? 'cat' : 'dog'])),
          )
        }
        await answer('left', 70, 9)
        await answer('right', 70, 9)
        assert.deepEqual(await store.alerts.list({ most: 9 }), [])
        await answer('left', 20, 2)
        const open = await store.alerts.list({ most: 9 })
        assert.deepEqual(open.map(({ source, rule }) => `${source} ${rule}`).toSorted(), [
          ' accuracy',
          'left accuracy',
        ])
        const summary = open.find(({ source }) => source === 'left')?.summary ?? ''
        assert.match(summary, /right on 20% \(8\.1% to 41\.6%\) of the last 20 images/)
        assert.match(summary, /less than 90% of the first 50/)
        const states = (await quality.report(monitor, {})).sources
        assert.deepEqual(
          states.map(({ source, state }) => [source, state]),
          [
            ['', 'low'],
            ['left', 'low'],
            ['right', 'ok'],
          ],
        )
        // The windows of all together end elsewhere: the next one has half of the wrong ones.
        await answer('left', 20, 9)
        await answer('right', 20, 9)
        assert.deepEqual(await store.alerts.list({ most: 9, isUnresolved: true }), [])
        const events = await store.events.last('m', { most: 9 })
        assert.deepEqual(
          events.map(({ kind, source }) => [source, kind]),
          [
            ['', 'accuracy-ok'],
            ['left', 'accuracy-ok'],
            ['left', 'accuracy-low'],
            ['', 'accuracy-low'],
          ],
        )
      })
    })
  })
}

describe('true classes of images that are not there', () => {
  it('are refused beyond so many that wait', async () => {
    await withQuality(DATABASES[0], {}, async ({ store, monitor, take }) => {
      const full: Store = {
        ...store,
        within: (act) =>
          store.within((tables) => {
            const groundTruth = { ...tables.groundTruth, waiting: async () => 99_999 }
            return act({ ...tables, groundTruth })
          }),
      }
      const quality = openQuality({
        store: full,
        clock: () => new Date(NOON),
        onFound: async () => {},
        onCommitted: () => {},
      })
      const truths = ['a', 'b'].map((predictionId) => ({ predictionId, label: 'cat' }))
      const receipts = await quality.take(monitor, truths)
      assert.deepEqual(
        receipts.map(({ status }) => status),
        ['waiting', 'refused'],
      )
      assert.equal(await store.groundTruth.waiting('m'), 1)
      assert.deepEqual(await take({ a: 'dog' }), ['waiting'])
    })
  })
})
