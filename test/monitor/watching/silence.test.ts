import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyHappenings } from '../../../src/monitor/alerts/index.ts'
import type { Store, StreamFacts } from '../../../src/monitor/store/index.ts'
import {
  type Happening,
  lookForSilence,
  monitorSettingsSchema,
  stateOf,
} from '../../../src/monitor/watching/index.ts'
import { closedWindows } from '../../../src/monitor/watching/windows.ts'
import { DATABASES, withStore } from '../databases.ts'

const HOUR = 3600 * 1000
const facts = (more: Partial<StreamFacts> = {}): StreamFacts => ({
  source: '',
  status: 'watching',
  images: 5000,
  evidence: 0.1,
  lastAt: 0,
  recoveredAt: null,
  ...more,
})

describe('the state of a source', () => {
  const at = (own: StreamFacts, now = HOUR) => stateOf(own, { now, noDataAfterMs: 2 * HOUR })

  it('is what its stream says, until nothing comes any more', () => {
    assert.equal(at(facts()), 'ok')
    assert.equal(at(facts({ status: 'drift' })), 'drift')
    assert.equal(at(facts({ status: 'dependent' })), 'dependent')
    assert.equal(at(facts({ status: 'drift' }), 2 * HOUR + 1), 'no-data')
    assert.equal(at(facts(), 2 * HOUR), 'ok')
    assert.equal(stateOf(facts(), { now: 1e15, noDataAfterMs: null }), 'ok')
  })

  it('is what is wrong with its images before what they show, and that what they are compared with is old last', () => {
    const state = (own: Partial<StreamFacts>, more: object, now = HOUR) =>
      stateOf(facts(own), { now, noDataAfterMs: 2 * HOUR, ...more })
    const raised = ['channel-order', 'resized'] as const
    assert.equal(state({ status: 'drift' }, { raised, isStale: true }), 'channel-order')
    assert.equal(state({}, { raised }, 9 * HOUR), 'no-data')
    assert.equal(state({ status: 'drift' }, { isStale: true }), 'drift')
    assert.equal(state({}, { isStale: true }), 'stale-baseline')
    assert.equal(state({ images: 9 }, { isStale: true }), 'insufficient-data')
    assert.equal(state({ recoveredAt: 4999 }, { isStale: true }), 'stale-baseline')
  })

  it('says of few images that they are few, and for a while that a change is over', () => {
    assert.equal(at(facts({ images: 29 })), 'insufficient-data')
    assert.equal(at(facts({ images: 29, status: 'drift' })), 'drift')
    assert.equal(at(facts({ recoveredAt: 4000 })), 'recovered')
    assert.equal(at(facts({ recoveredAt: 3999 })), 'ok')
  })
})

describe('a source that falls silent', () => {
  it('is told once a silence, over three days with gaps and a clock that jumps', async () => {
    await withStore(DATABASES[0], async (store) => {
      const settings = monitorSettingsSchema.parse({ noDataAfterMs: 2 * HOUR })
      const monitor = { id: 'm', detector: 'd', settings }
      const told: string[] = []
      const onFound = async (tables: Store, happenings: readonly Happening[]) =>
        applyHappenings(tables, happenings, { channels: [] })
      let stamp = ''
      const comes = async (source: string, now: number) => {
        const next = `${now} ${source}`
        const watch = (own: string) => ({ position: 0, skipped: 0, stamp: own })
        const streams = [{ ...facts({ source, lastAt: now }), state: Uint8Array.of(1) }]
        await store.within(async (tables) => {
          await tables.watching.count({
            monitor: 'm',
            before: watch(stamp),
            after: watch(next),
            counted: [],
            leftOut: [],
            streams,
            guards: [],
            keepBytes: true,
            at: now,
          })
          const data = { kind: 'data', monitor: 'm', source, summary: 'again', at: now } as const
          await onFound(tables as Store, [{ ...data, findings: [], images: [] }])
        })
        stamp = next
      }
      const start = Date.parse('2026-03-28T00:00:00Z')
      for (let hour = 0; hour < 72; hour += 0.5) {
        // Back by an hour where summer time begins, as a badly set clock would.
        const now = start + hour * HOUR - (hour > 25 && hour < 27 ? HOUR : 0)
        const isNight = hour % 24 >= 20
        if (!isNight) await comes('left', now)
        // Another falls silent for good on the second day.
        if (hour < 30) await comes('right', now)
        const found = await lookForSilence(monitor, { store, now, onFound: onFound as never })
        told.push(...found.map(({ source, kind }) => `${hour} ${source} ${kind}`))
      }
      assert.deepEqual(told, [
        '22 left no-data',
        '32 right no-data',
        '46 left no-data',
        '70 left no-data',
      ])
      const alerts = await store.alerts.list({ most: 10 })
      const states = alerts.map(({ source, state }) => `${source} ${state}`).toSorted()
      assert.deepEqual(states, ['left open', 'left resolved', 'left resolved', 'right open'])
    })
  })
})

describe('windows of counted images', () => {
  it('close at every so many, none left out and none twice, however the images come', () => {
    const settings = { size: 100, at: 5 }
    const ends = [0, 40, 99, 100, 101, 350, 350, 400]
    const windows = ends
      .slice(1)
      .flatMap((after, i) => closedWindows('m', { ...settings, before: ends[i], after }))
    assert.deepEqual(
      windows.map(({ number, first, last }) => [number, first, last]),
      [
        [1, 1, 100],
        [2, 101, 200],
        [3, 201, 300],
        [4, 301, 400],
      ],
    )
  })
})
