import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { OvertakenError, type Store, type StoredAlert } from '../../src/monitor/store/index.ts'
import { storedAlert } from '../monitor/stored-alert.ts'

/** What a test has: a store, and a name that no other test uses. */
type Given = { readonly store: Store; readonly m: string }

/** Of the contract of a store the part about alerts, leases, detectors, monitors and tokens. */
export function describeKeeping(given: () => Given): void {
  describe('what it keeps', () => {
    let store: Store
    let m = ''
    beforeEach(() => {
      ;({ store, m } = given())
    })

    describe('alerts', () => {
      const alertOf = (more: Partial<StoredAlert> = {}): StoredAlert =>
        storedAlert({ id: `${m} a`, monitor: m, source: 'left', findings: ['a', 'b'], ...more })

      it('keeps an alert as it was put last', async () => {
        await store.alerts.put(alertOf())
        const later = alertOf({ id: `${m} b`, openedAt: 2, changedAt: 3, state: 'resolved' })
        await store.alerts.put({ ...later, state: 'open' })
        await store.alerts.put(later)
        assert.deepEqual(await store.alerts.byId(later.id), later)
        assert.deepEqual(await store.alerts.latest(alertOf()), later)
        assert.equal(await store.alerts.latest({ ...later, rule: 'window' }), undefined)
        const all = await store.alerts.list({ monitor: m, most: 10 })
        assert.deepEqual(all, [later, alertOf()])
        assert.deepEqual(await store.alerts.list({ monitor: m, isUnresolved: true, most: 10 }), [
          alertOf(),
        ])
      })

      it('keeps what was told of it and its mute, whatever else becomes of it', async () => {
        const { alerts } = store
        const mute = { until: 50, by: 'me', reason: 'the camera is repaired' }
        await alerts.put(alertOf({ mute }))
        await alerts.told(`${m} a`, { at: 7, as: 'open' })
        await alerts.put(alertOf({ state: 'resolved', changedAt: 9 }))
        const told = { at: 7, as: 'open' } as const
        assert.deepEqual(
          await alerts.byId(`${m} a`),
          alertOf({ state: 'resolved', changedAt: 9, mute, told }),
        )
        const longer = { ...mute, until: 70 }
        await alerts.mute(`${m} a`, longer)
        assert.deepEqual((await alerts.byId(`${m} a`))?.mute, longer)
      })

      it('gives one to tell of again to one who asks, when its mute is over or it is open for long', async () => {
        const { alerts } = store
        const told = { at: 10, as: 'open' } as const
        const mute = { until: 50, by: 'me', reason: 'r' }
        for (const [name, more] of [
          ['open', { told }],
          ['muted', { told, mute }],
          ['resolved, muted', { told, mute, state: 'resolved' }],
          ['acknowledged', { told, state: 'acknowledged' }],
          ['resolved', { told, state: 'resolved' }],
          ['never told', {}],
        ] as const) {
          await alerts.put(alertOf({ id: `${m} ${name}`, ...more }))
        }
        const toTell = async (now: number, toldBefore: number | null) =>
          (await alerts.toTell({ now, toldBefore, most: 1000 }))
            .filter((id) => id.startsWith(`${m} `))
            .map((id) => id.slice(m.length + 1))
            .toSorted()
        assert.deepEqual(await toTell(40, 9), [])
        assert.deepEqual(await toTell(40, 10), ['open'])
        assert.deepEqual(await toTell(50, null), ['muted', 'resolved, muted'])
        const claim = (name: string) =>
          store.within((tables) =>
            tables.alerts.claimToTell(`${m} ${name}`, { now: 50, toldBefore: 10 }),
          )
        assert.equal((await claim('muted'))?.mute, null)
        assert.deepEqual((await claim('open'))?.told, { at: 50, as: 'open' })
        for (const name of ['muted', 'open', 'resolved', 'never told']) {
          assert.equal(await claim(name), undefined, name)
        }
        assert.deepEqual(await toTell(60, 10), ['resolved, muted'])
        const count = (await alerts.unresolved()).find(({ monitor }) => monitor === m)
        assert.deepEqual(count, { monitor: m, rule: 'drift', alerts: 4 })
      })

      it('gives a message of an alert to a channel after those before it alone, and postpones', async () => {
        const { outbox } = store
        const post = (id: string, channel: string, createdAt: number) => ({
          id: `${m} ${id}`,
          alert: `${m} order`,
          channel,
          message: '{}',
          createdAt,
        })
        const before = await outbox.waiting()
        await outbox.post([post('1', 'x', 100), post('2', 'x', 200), post('3', 'y', 200)])
        assert.equal(await outbox.waiting(), before + 3)
        const claim = async (now: number) =>
          (await outbox.claim({ now, forMs: 1, most: 100 }))
            .map(({ id }) => id)
            .filter((id) => id.startsWith(`${m} `))
            .toSorted()
        assert.deepEqual(await claim(300), [`${m} 1`, `${m} 3`])
        await outbox.delivered(`${m} 3`, 300)
        await outbox.postponed(`${m} 1`, 400)
        assert.deepEqual(await claim(399), [])
        assert.deepEqual(await claim(400), [`${m} 1`])
        await outbox.delivered(`${m} 1`, 400)
        const [second] = await outbox.claim({ now: 401, forMs: 1, most: 100 })
        assert.deepEqual([second.id, second.attempts], [`${m} 2`, 0])
        await outbox.delivered(`${m} 2`, 401)
      })

      it('gives a message that is due to one who asks at a time, until it was delivered', async () => {
        const message = { alert: m, channel: 'c', message: '{}', createdAt: 10 }
        await store.outbox.post([{ ...message, id: `${m} 1` }])
        const claim = { now: 10, forMs: 100, most: 5 }
        assert.deepEqual(await store.outbox.claim({ ...claim, now: 9 }), [])
        const both = await Promise.all([store.outbox.claim(claim), store.outbox.claim(claim)])
        assert.equal(both.flat().length, 1)
        const [delivery] = both.flat()
        assert.equal(delivery.attempts, 0)
        // Whoever had it may have been killed.
        assert.equal((await store.outbox.claim({ ...claim, now: 110 })).length, 1)
        await store.outbox.failed(delivery.id, { error: 'no answer', dueAt: 500 })
        assert.deepEqual(await store.outbox.claim({ ...claim, now: 499 }), [])
        const [again] = await store.outbox.claim({ ...claim, now: 500 })
        assert.deepEqual([again.attempts, again.error], [1, 'no answer'])
        await store.outbox.delivered(delivery.id, 600)
        const [done] = await store.outbox.ofAlert(m)
        assert.deepEqual(
          [done.attempts, done.error, done.deliveredAt, done.dueAt],
          [2, null, 600, null],
        )
        assert.deepEqual(await store.outbox.claim({ ...claim, now: 9999 }), [])
      })

      it('gives up a message without a next time', async () => {
        const message = { id: `${m} x`, alert: m, channel: 'c', message: '{}', createdAt: 10 }
        await store.outbox.post([message])
        await store.outbox.failed(message.id, { error: 'refused', dueAt: null })
        assert.deepEqual(await store.outbox.claim({ now: 9999, forMs: 1, most: 5 }), [])
        assert.equal((await store.outbox.ofAlert(m))[0].deliveredAt, null)
      })
    })

    describe('what is told live', () => {
      it('has numbers without gaps, in the order of commits, of one monitor or all, the last ones', async () => {
        const { feed } = store
        const item = (name: string) => ({ monitor: m, type: 'event', data: `"${name}"`, at: 1 })
        const { last: before } = await feed.bounds()
        await Promise.all(
          [1, 2, 3, 4, 5].map((i) =>
            store.within((tables) => tables.feed.append([item(`${i} a`), item(`${i} b`)])),
          ),
        )
        const failing = store.within(async (tables) => {
          await tables.feed.append([item('never')])
          throw new Error('no')
        })
        await assert.rejects(failing, /no/)
        const all = await feed.after(before, { monitor: m, most: 100 })
        assert.deepEqual(
          all.map(({ id }) => id - before),
          [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        )
        for (let i = 0; i < 10; i += 2) {
          assert.equal(all[i].data.replace('a', 'b'), all[i + 1].data)
        }
        assert.deepEqual(await feed.after(before, { monitor: `${m}, another`, most: 9 }), [])
        assert.equal((await feed.after(before + 4, { most: 2 })).length, 2)
        await feed.keep(3)
        assert.deepEqual(await feed.bounds(), { first: before + 8, last: before + 10 })
        await feed.keep(0)
        assert.deepEqual(await feed.bounds(), { first: before + 11, last: before + 10 })
      })
    })

    describe('leases', () => {
      const ask = { owner: 'a', now: 1000, forMs: 100 }

      it('belong to one owner until they end, and then have another epoch', async () => {
        const first = await store.leases.take(m, ask)
        assert.ok(first)
        assert.deepEqual(await store.leases.take(m, { ...ask, now: 1050 }), first)
        const b = { ...ask, owner: 'b' }
        assert.equal(await store.leases.take(m, { ...b, now: 1150 }), undefined)
        const second = await store.leases.take(m, { ...b, now: 1151 })
        assert.equal(second?.epoch, first.epoch + 1)
        assert.equal(await store.leases.hold(first), false)
        assert.equal(await store.leases.hold(second), true)
        await store.leases.give(second)
        assert.equal((await store.leases.take(m, ask))?.epoch, first.epoch + 2)
        assert.equal(await store.leases.hold(first), false)
      })

      it('are needed to the end of what is done under them', async () => {
        const lease = await store.leases.take(m, ask)
        assert.ok(lease)
        assert.equal(await store.holding(lease, async () => 'done'), 'done')
        await store.leases.take(m, { ...ask, owner: 'b', now: 2000 })
        await assert.rejects(
          store.holding(lease, async () => 'done'),
          OvertakenError,
        )
      })
    })

    describe('detectors, monitors, tokens', () => {
      it('keep what was added first, and settings as they were changed last', async () => {
        const { monitors } = store
        const facts = { fittedAt: '2026-01-01T00:00:00.000Z', classNames: ['a', 'b'] }
        await monitors.addDetector({ id: m, artifact: Uint8Array.of(7), at: 1, facts })
        await monitors.addDetector({ id: m, artifact: Uint8Array.of(8), at: 2, facts: {} })
        assert.deepEqual(await monitors.detectorFacts(m), facts)
        await monitors.describeDetector(m, { fittedAt: '2026-02-02' })
        assert.deepEqual(await monitors.detectorFacts(m), { fittedAt: '2026-02-02' })
        assert.equal(await monitors.detectorFacts('another'), undefined)
        assert.deepEqual([...((await monitors.artifact(m)) ?? [])], [7])
        assert.equal(await monitors.artifact('another'), undefined)
        const one = { id: m, detector: m, settings: '{}', createdAt: 1 }
        assert.equal(await monitors.add(one), true)
        assert.equal(await monitors.add({ ...one, detector: 'another' }), false)
        await monitors.changeSettings(m, '{"a":1}')
        assert.deepEqual(await monitors.byId(m), { ...one, settings: '{"a":1}' })
        assert.ok((await monitors.all()).some(({ id }) => id === m))
        assert.ok((await monitors.detectors()).some(({ id }) => id === m))
      })

      it('are revoked once, and say who changed what', async () => {
        const { access } = store
        const token = {
          id: m,
          name: 'camera',
          digest: 'd',
          scopes: ['ingest', 'read'],
          createdAt: 1,
          expiresAt: 9_000_000_000_000,
          revokedAt: null,
        }
        await access.add(token)
        assert.deepEqual(await access.byId(m), token)
        assert.equal(await access.revoke(m, 5), true)
        assert.equal(await access.revoke(m, 6), false)
        assert.equal((await access.all()).find(({ id }) => id === m)?.revokedAt, 5)
        const entry = { at: 1, who: 'me', what: 'revoke token', facts: { id: m } }
        await access.record(entry)
        assert.deepEqual((await access.audit(1))[0], entry)
      })
    })
  })
}
