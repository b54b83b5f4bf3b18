import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { createMetrics } from '../../src/monitor/metrics.ts'
import type { Store } from '../../src/monitor/store/index.ts'
import { monitorSettingsSchema, SOURCE_STATES } from '../../src/monitor/watching/index.ts'
import { DATABASES, withStore } from './databases.ts'
import { storedAlert } from './stored-alert.ts'

/** Metrics of a store with one alert, after one of everything that is counted. */
async function readMetrics(store: Store): Promise<string> {
  const metrics = createMetrics({
    store,
    inbox: { waiting: 4 } as Parameters<typeof createMetrics>[0]['inbox'],
    measurer: { restarts: 2 } as Parameters<typeof createMetrics>[0]['measurer'],
    judges: { restarts: 1 } as Parameters<typeof createMetrics>[0]['judges'],
    now: () => 1000,
  })
  metrics.received('m', 3)
  const happening = { monitor: 'm', summary: '', findings: [], images: [], at: 1 }
  const drift = { ...happening, kind: 'drift', source: 'left' } as const
  metrics.committed({ monitor: 'm', counted: 2, leftOut: 1, happenings: [drift] })
  metrics.answered('/v1/alerts', 200, 0.02)
  return metrics.text()
}

async function fill(store: Store): Promise<void> {
  await store.monitors.addDetector({ id: 'd', artifact: Uint8Array.of(1), at: 1, facts: {} })
  const settings = JSON.stringify(monitorSettingsSchema.parse({}))
  await store.monitors.add({ id: 'm', detector: 'd', settings, createdAt: 1 })
  await store.alerts.put(storedAlert())
  await store.outbox.post([{ id: 'o', alert: 'a', channel: 'c', message: '{}', createdAt: 1 }])
  const none = { successes: 0, trials: 0 }
  const last = { successes: 3, trials: 10, pValue: 0.001, at: 1 }
  const all = { successes: 12, trials: 20 }
  const accuracy = { all, baseline: none, window: none, last, isLow: true }
  await store.groundTruth.putStates('m', [['left', JSON.stringify(accuracy)]])
  const stream = { source: 'left', state: Uint8Array.of(1), status: 'drift', images: 50 }
  await store.watching.count({
    monitor: 'm',
    counted: [],
    guards: [],
    leftOut: [],
    keepBytes: true,
    at: 1,
    before: { position: 0, skipped: 0, stamp: '' },
    after: { position: 0, skipped: 0, stamp: 'a' },
    streams: [{ ...stream, evidence: 3, lastAt: 1, recoveredAt: null }],
  })
}

const deployed = (name: string): string =>
  readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')

type Dashboard = { panels: { title: string; targets: { expr: string }[] }[] }
type Rules = { groups: { rules: { alert: string; expr: string }[] }[] }

describe('what is counted of a service', () => {
  it('is there under every name that the dashboard and the rules of deploy/ ask for', async () => {
    await withStore(DATABASES[0], async (store) => {
      await fill(store)
      const text = await readMetrics(store)
      assert.match(text, /pixeldrift_state\{monitor="m",source="left",state="drift"\} 1/)
      assert.match(text, /pixeldrift_alerts\{monitor="m",rule="drift"\} 1/)
      assert.match(text, /pixeldrift_messages_waiting 1/)
      assert.match(text, /pixeldrift_answers\{monitor="m",source="left"\} 20/)
      assert.match(text, /pixeldrift_accuracy\{monitor="m",source="left"\} 0\.6/)
      assert.match(text, /pixeldrift_accuracy_window\{monitor="m",source="left"\} 0\.3/)
      assert.match(text, /pixeldrift_accuracy_low\{monitor="m",source="left"\} 1/)
      const there = new Set(
        text.split('\n').flatMap((line) => /^(pixeldrift_\w+)[ {]/.exec(line)?.[1] ?? []),
      )
      const dashboard = JSON.parse(deployed('grafana-dashboard.json')) as Dashboard
      const { groups } = parse(deployed('prometheus-rules.yaml')) as Rules
      const asked = [
        ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
        ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
      ]
      assert.ok(asked.length > 20)
      for (const expression of asked) {
        const names = expression.match(/\bpixeldrift_\w+/g) ?? []
        assert.ok(names.length > 0 || expression.startsWith('up{'), expression)
        for (const name of names) assert.ok(there.has(name), `${name} of ${expression}`)
      }
      const used = new Set(asked.flatMap((one) => one.match(/\bpixeldrift_\w+/g) ?? []))
      const unused = [...there].filter((name) => !used.has(name) && !name.endsWith('_sum'))
      assert.deepEqual(unused, [])
    })
  })

  it('has the states that the rules ask for', async () => {
    await withStore(DATABASES[0], async (store) => {
      await fill(store)
      const text = await readMetrics(store)
      const { groups } = parse(deployed('prometheus-rules.yaml')) as Rules
      const states = groups.flatMap(({ rules }) =>
        rules.flatMap(({ expr }) => /state=~?"([\w|-]+)"/.exec(expr)?.[1]?.split('|') ?? []),
      )
      // All of them that are not as they should be.
      const told = SOURCE_STATES.filter(
        (one) => !['ok', 'insufficient-data', 'recovered'].includes(one),
      )
      assert.deepEqual(states.toSorted(), told.toSorted())
      for (const state of states) assert.ok(text.includes(`state="${state}"`), state)
    })
  })
})
