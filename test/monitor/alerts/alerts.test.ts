import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyHappenings } from '../../../src/monitor/alerts/apply-happenings.ts'
import { UndeliveredError } from '../../../src/monitor/alerts/channels/channel.ts'
import { deliverDue } from '../../../src/monitor/alerts/deliver.ts'
import { type AlertMessage, linesOf } from '../../../src/monitor/alerts/alert-message.ts'
import { remind } from '../../../src/monitor/alerts/remind.ts'
import { acknowledgeAlert } from '../../../src/monitor/alerts/lifecycle.ts'
import type { Store } from '../../../src/monitor/store/index.ts'
import type { Happening, HappeningKind } from '../../../src/monitor/watching/index.ts'
import { DATABASES, withStore } from '../databases.ts'

const [sqlite] = DATABASES
const HOUR = 3600 * 1000
const telling = { channels: ['one', 'two'], publicUrl: 'https://drift.example' }
const never = new AbortController().signal

const found = (kind: HappeningKind, at: number, source = 'left'): Happening => ({
  kind,
  monitor: 'm',
  source,
  summary: `${kind} at ${at}`,
  findings: ['Brighter'],
  images: [7, 8],
  at,
})

async function apply(store: Store, ...happenings: Happening[]): Promise<void> {
  await store.within((tables) => applyHappenings(tables, happenings, telling))
}

async function messagesOf(store: Store, channel: string): Promise<AlertMessage[]> {
  const alerts = await store.alerts.list({ most: 100 })
  const deliveries = await Promise.all(alerts.map(({ id }) => store.outbox.ofAlert(id)))
  return deliveries
    .flat()
    .filter((delivery) => delivery.channel === channel)
    .map(({ message }) => JSON.parse(message) as AlertMessage)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

describe('alerts', () => {
  it('open once, are resolved when it is over, open again, and tell every channel each time', async () => {
    await withStore(sqlite, async (store) => {
      await apply(store, found('drift', 1000), found('drift', 1500))
      await apply(store, found('recovered', 2000))
      await apply(store, found('recovered', 2500), found('drift', 2000 + HOUR))
      const [alert, ...others] = await store.alerts.list({ most: 10 })
      assert.deepEqual(others, [])
      assert.deepEqual([alert.state, alert.times, alert.openedAt], ['open', 2, 1000])
      for (const channel of telling.channels) {
        const told = await messagesOf(store, channel)
        assert.deepEqual(
          told.map(({ turn }) => turn),
          ['opened', 'resolved', 'reopened'],
        )
        assert.equal(new Set(told.map(({ id }) => id)).size, 3)
        assert.equal(told[0].link, `https://drift.example/v1/alerts/${alert.id}`)
        assert.match(told[0].pictures[0], /monitors\/m\/images\/7\/file$/)
      }
      // Long after it was over it is another one.
      await apply(store, found('recovered', 2001 + HOUR), found('drift', 2002 + 2 * HOUR))
      assert.equal((await store.alerts.list({ most: 10 })).length, 2)
    })
  })

  it('of one source or rule say nothing of another', async () => {
    await withStore(sqlite, async (store) => {
      await apply(store, found('drift', 1), found('drift', 2, 'right'), found('no-data', 3))
      await apply(store, found('recovered', 4), found('data', 5, 'right'))
      const unresolved = await store.alerts.list({ isUnresolved: true, most: 10 })
      assert.deepEqual(
        unresolved.map(({ source, rule }) => [source, rule]),
        [
          ['left', 'no-data'],
          ['right', 'drift'],
        ],
      )
    })
  })

  it('stay open while somebody looks into them, and are over with it all the same', async () => {
    await withStore(sqlite, async (store) => {
      await apply(store, found('drift', 1))
      const [alert] = await store.alerts.list({ most: 1 })
      const acknowledged = acknowledgeAlert(alert, 5)
      assert.ok(acknowledged)
      await store.alerts.put(acknowledged)
      await apply(store, found('drift', 6))
      assert.equal((await store.alerts.byId(alert.id))?.state, 'acknowledged')
      await apply(store, found('recovered', 7))
      assert.equal((await store.alerts.byId(alert.id))?.state, 'resolved')
      assert.equal(acknowledgeAlert({ ...alert, state: 'resolved' }, 8), undefined)
    })
  })
})

describe('an alert that nobody wants to hear of for now', () => {
  const mute = { until: 5000, by: 'me', reason: 'the camera is repaired' }
  const turnsOf = async (store: Store) => (await messagesOf(store, 'one')).map(({ turn }) => turn)
  const tell = (store: Store, now: number) => remind({ store, now, everyMs: null, telling })

  it('is told when that is over, as what it has become', async () => {
    await withStore(sqlite, async (store) => {
      await apply(store, found('drift', 1000))
      const [{ id }] = await store.alerts.list({ most: 1 })
      await store.alerts.mute(id, mute)
      await apply(store, found('recovered', 2000))
      assert.deepEqual(await turnsOf(store), ['opened'])
      assert.equal(await tell(store, 4999), 0)
      assert.equal(await tell(store, 5000), 1)
      assert.equal(await tell(store, 9000), 0)
      assert.deepEqual(await turnsOf(store), ['opened', 'resolved'])
    })
  })

  it('stays so when it comes again as another one, which is told of in the end', async () => {
    await withStore(sqlite, async (store) => {
      await apply(store, found('drift', 1000), found('recovered', 1001))
      const [{ id }] = await store.alerts.list({ most: 1 })
      const until = 2 * HOUR
      await store.alerts.mute(id, { ...mute, until })
      await apply(store, found('drift', 1002 + HOUR))
      assert.equal((await store.alerts.list({ most: 9 })).length, 2)
      assert.deepEqual(await turnsOf(store), ['opened', 'resolved'])
      assert.equal(await tell(store, until), 1)
      assert.deepEqual(await turnsOf(store), ['opened', 'resolved', 'opened'])
      await apply(store, found('recovered', until + 1))
      assert.deepEqual((await turnsOf(store)).at(-1), 'resolved')
    })
  })
})

describe('an alert that stays open', () => {
  it('is told again every so often, under another id each time, until somebody looks into it', async () => {
    await withStore(sqlite, async (store) => {
      const tell = (now: number) => remind({ store, now, everyMs: HOUR, telling })
      await apply(store, found('drift', 1000))
      const told = []
      for (const now of [HOUR, 1000 + HOUR, 1001 + HOUR, 1000 + 2 * HOUR])
        told.push(await tell(now))
      assert.deepEqual(told, [0, 1, 0, 1])
      const messages = await messagesOf(store, 'one')
      assert.deepEqual(
        messages.map(({ turn }) => turn),
        ['opened', 'reminder', 'reminder'],
      )
      assert.equal(new Set(messages.map(({ id }) => id)).size, 3)
      assert.match(linesOf(messages[1]).join(), /Still open.*Open since 1970-01-01T00:00:01/)
      const [alert] = await store.alerts.list({ most: 1 })
      const acknowledged = acknowledgeAlert(alert, 5)
      assert.ok(acknowledged)
      await store.alerts.put(acknowledged)
      assert.equal(await tell(9 * HOUR), 0)
    })
  })
})

describe('delivering', () => {
  const portsOf = (
    store: Store,
    send: (message: AlertMessage) => Promise<void>,
    now: () => number,
  ) => {
    const said: string[] = []
    return {
      store,
      said,
      channels: new Map([
        ['one', { send }],
        ['two', { send: async () => {} }],
      ]),
      quietHours: new Map(),
      clock: () => new Date(now()),
      log: (_level: string, message: string) => void said.push(message),
      timeoutMs: 1000,
    }
  }

  it('tries again, later each time, under the same id, and then no more', async () => {
    await withStore(sqlite, async (store) => {
      let now = 10_000
      const tries: [at: number, id: string][] = []
      const ports = portsOf(
        store,
        async ({ id }) => {
          tries.push([now, id])
          if (tries.length < 3) throw new UndeliveredError('no answer')
        },
        () => now,
      )
      await apply(store, found('drift', 10_000))
      assert.equal(await deliverDue(ports, never), 2)
      assert.equal(await deliverDue(ports, never), 0)
      now += 4999
      assert.equal(await deliverDue(ports, never), 0)
      now += 1
      assert.equal(await deliverDue(ports, never), 1)
      now += 10_000
      await deliverDue(ports, never)
      now += 1e9
      assert.equal(await deliverDue(ports, never), 0)
      assert.deepEqual(
        tries.map(([at]) => at),
        [10_000, 15_000, 25_000],
      )
      assert.equal(new Set(tries.map(([, id]) => id)).size, 1)
      assert.deepEqual(ports.said, ['channel one: no answer', 'channel one: no answer'])
    })
  })

  it('holds back what comes in quiet hours, and tells all of it in order when they end', async () => {
    await withStore(sqlite, async (store) => {
      let now = Date.parse('2026-11-26T22:30:00Z')
      const told: [at: string, turn: string][] = []
      const ports = {
        ...portsOf(
          store,
          async ({ turn }) => void told.push([new Date(now).toISOString(), turn]),
          () => now,
        ),
        quietHours: new Map([['one', { from: '23:00', to: '06:00', timeZone: 'Europe/Berlin' }]]),
      }
      const deliverAll = async (): Promise<void> => {
        while ((await deliverDue(ports, never)) > 0);
      }
      await apply(store, found('drift', now), found('recovered', now + 1000))
      now += 2000
      await deliverAll()
      assert.deepEqual(told, [])
      now = Date.parse('2026-11-27T04:59:59Z')
      await deliverAll()
      assert.deepEqual(told, [])
      now += 1000
      await deliverAll()
      assert.deepEqual(told, [
        ['2026-11-27T05:00:00.000Z', 'opened'],
        ['2026-11-27T05:00:00.000Z', 'resolved'],
      ])
    })
  })

  it('gives up what is refused, and what no channel is left for, and says so', async () => {
    await withStore(sqlite, async (store) => {
      const ports = portsOf(
        store,
        async () => {
          throw new UndeliveredError('answered with 410', { isFinal: true })
        },
        () => 1000,
      )
      ports.channels.delete('two')
      await apply(store, found('drift', 1000))
      await deliverDue(ports, never)
      assert.deepEqual(ports.said.toSorted(), [
        'channel one: answered with 410; given up',
        'channel two: no channel is called two any more; given up',
      ])
      assert.deepEqual(await store.outbox.claim({ now: 1e15, forMs: 1, most: 9 }), [])
    })
  })

  it('tells again what a kill left between sending and taking note', async () => {
    await withStore(sqlite, async (store) => {
      await apply(store, found('drift', 1000))
      const ids: string[] = []
      // The one that was killed had claimed it.
      await store.outbox.claim({ now: 1000, forMs: 2000, most: 10 })
      const ports = (now: number) =>
        portsOf(
          store,
          async ({ id }) => void ids.push(id),
          () => now,
        )
      assert.equal(await deliverDue(ports(2999), never), 0)
      assert.equal(await deliverDue(ports(3000), never), 2)
      assert.equal(ids.length, 1)
    })
  })
})
