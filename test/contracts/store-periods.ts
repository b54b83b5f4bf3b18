import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Store } from '../../src/monitor/store/index.ts'

/** Of the contract of a store the part about windows by time. */
export function describePeriods(given: () => { readonly store: Store; readonly m: string }): void {
  describe('windows by time', () => {
    let store: Store
    let m = ''
    beforeEach(() => {
      ;({ store, m } = given())
    })
    const some = { start: 0, end: 100, images: 3, arrivedAt: 50 }

    it('gather images until they are closed, and count those that come later as late', async () => {
      const { periods } = store
      await periods.add(m, [some, { ...some, start: 100, end: 200 }])
      await periods.add(m, [{ ...some, images: 2, arrivedAt: 40 }])
      assert.deepEqual(await periods.open(m, 99), [])
      const [period, ...others] = await periods.open(m, 100)
      assert.deepEqual(others, [])
      assert.deepEqual(
        [period.images, period.late, period.arrivedAt, period.closedAt],
        [5, 0, 50, null],
      )
      assert.equal(await periods.unjudged(m), undefined)
      assert.equal(await periods.close(period.id, { last: 7, at: 150 }), true)
      assert.equal(await periods.close(period.id, { last: 9, at: 160 }), false)
      await periods.add(m, [{ ...some, arrivedAt: 170 }])
      const closed = await periods.byId(m, period.id)
      assert.deepEqual(closed, { ...period, last: 7, closedAt: 150, late: 3, arrivedAt: 170 })
      assert.deepEqual(await periods.open(m, 100), [])
      assert.equal(await periods.byId(`${m}, another`, period.id), undefined)
    })

    it('are judged once each, the earliest first, and listed by kind', async () => {
      const { periods } = store
      await periods.add(m, [{ ...some, start: 100, end: 200 }, some])
      const both = await periods.open(m, 200)
      assert.deepEqual(
        both.map(({ end }) => end),
        [100, 200],
      )
      for (const { id } of both) await periods.close(id, { last: 7, at: 250 })
      const sliding = { monitor: m, start: 0, end: 200, last: 7, at: 250 }
      await periods.addSliding(sliding)
      await periods.addSliding(sliding)
      const first = await periods.unjudged(m)
      assert.equal(first?.end, 100)
      const verdict = { verdict: '{}', severity: 'ok' }
      assert.equal(await periods.judged(first?.id ?? 0, verdict), true)
      assert.equal(await periods.judged(first?.id ?? 0, { ...verdict, severity: 'drift' }), false)
      assert.equal((await periods.unjudged(m))?.end, 200)
      const all = await periods.list(m, { most: 9 })
      assert.deepEqual(
        all.map(({ kind, severity }) => [kind, severity]),
        [
          ['sliding', null],
          ['time', 'ok'],
          ['time', null],
        ],
      )
      assert.equal((await periods.list(m, { most: 9, kind: 'sliding' })).length, 1)
      assert.equal((await periods.list(m, { most: 9, before: all[0].id })).length, 2)
    })
  })
}
