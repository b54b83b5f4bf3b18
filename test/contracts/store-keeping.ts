import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { OvertakenError, type Store, type StoredAlert } from '../../src/monitor/store/index.ts'

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
      const alertOf = (more: Partial<StoredAlert> = {}): StoredAlert => ({
        id: `${m} a`,
        monitor: m,
        source: 'left',
        rule: 'drift',
        state: 'open',
        openedAt: 1,
        changedAt: 1,
        times: 1,
        summary: 'brighter',
        findings: ['a', 'b'],
        ...more,
      })

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
        await monitors.addDetector({ id: m, artifact: Uint8Array.of(7), at: 1 })
        await monitors.addDetector({ id: m, artifact: Uint8Array.of(8), at: 2 })
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
