import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyHappenings } from '../../../src/monitor/alerts/index.ts'
import type { DetectorFacts, Tables } from '../../../src/monitor/store/index.ts'
import {
  type Happening,
  lookForStaleness,
  monitorSettingsSchema,
} from '../../../src/monitor/watching/index.ts'
import { isStale } from '../../../src/monitor/watching/stale-baseline.ts'
import { DATABASES, withStore } from '../databases.ts'

const DAY = 24 * 3600 * 1000
const at = (date: string) => Date.parse(`${date}T00:00:00Z`)

describe('a baseline', () => {
  it('is old some days after it was fitted, or after the last image of its reference was made', () => {
    const stale = (facts: DetectorFacts, now: string, staleAfterDays: number | null = 100) =>
      isStale(facts, { now: at(now), staleAfterDays })
    const fittedAt = '2026-01-01T00:00:00.000Z'
    assert.equal(stale({ fittedAt }, '2026-04-11'), false)
    assert.equal(stale({ fittedAt }, '2026-04-12'), true)
    assert.equal(stale({ fittedAt }, '2099-01-01', null), false)
    const referenceUntil = '2025-11-01T00:00:00.000Z'
    assert.equal(stale({ fittedAt, referenceUntil }, '2026-02-09'), false)
    assert.equal(stale({ fittedAt, referenceUntil }, '2026-02-10'), true)
    assert.equal(stale({ referenceUntil }, '2026-02-10'), true)
    assert.equal(stale({}, '2099-01-01'), false)
  })

  it('that is old is told once, and that it no longer is', async () => {
    await withStore(DATABASES[0], async (store) => {
      const facts = { fittedAt: '2026-01-01T00:00:00.000Z' }
      await store.monitors.addDetector({ id: 'd', artifact: Uint8Array.of(1), at: 1, facts })
      const told: string[] = []
      const look = async (now: number, staleAfterDays = 100) => {
        const settings = monitorSettingsSchema.parse({ staleAfterDays })
        const onFound = async (tables: Tables, happenings: readonly Happening[]) =>
          void (await applyHappenings(tables, happenings, { channels: [] }))
        const found = await lookForStaleness(
          { id: 'm', detector: 'd', settings },
          { store, now, onFound },
        )
        told.push(...found.map(({ kind }) => kind))
      }
      const begin = at('2026-01-01')
      for (let day = 0; day < 110; day++) await look(begin + day * DAY)
      assert.deepEqual(told, ['stale-baseline'])
      const [alert] = await store.alerts.list({ most: 9 })
      assert.match(alert.findings[0], /fitted 2026-01-01 00:00 UTC/)
      // Somebody has seen it.
      await store.alerts.put({ ...alert, state: 'resolved', changedAt: begin + 110 * DAY })
      await look(begin + 111 * DAY)
      assert.deepEqual(told, ['stale-baseline'])
      await store.alerts.put(alert)
      // Another age is stated; or a clock that was wrong is right again.
      await look(begin + 111 * DAY, 365)
      await look(begin + 112 * DAY, 365)
      assert.deepEqual(told, ['stale-baseline', 'fresh-baseline'])
      assert.deepEqual(await store.alerts.list({ most: 9, isUnresolved: true }), [])
    })
  })
})
