import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyHappenings } from '../../../src/monitor/alerts/index.ts'
import type { PendingImage, Store, Tables } from '../../../src/monitor/store/index.ts'
import {
  type Happening,
  type Judges,
  lookForSilence,
  lookForStaleness,
  monitorSettingsSchema,
  readSources,
} from '../../../src/monitor/watching/index.ts'
import { closePeriods } from '../../../src/monitor/watching/close-periods.ts'
import { judgeNextPeriod } from '../../../src/monitor/watching/judge-next-period.ts'
import { openSteadyClock } from '../../../src/monitor/watching/steady-clock.ts'
import { commitStep } from '../../../src/monitor/watching/step.ts'
import type { LeasedPorts } from '../../../src/monitor/watching/watched.ts'
import { DATABASES, withStore } from '../databases.ts'

const HOUR = 3600 * 1000
/** Midnight of a Saturday in Berlin; on the Sunday clocks are put forward at two. */
const START = Date.parse('2026-03-28T00:00:00+01:00')
const SETTINGS = monitorSettingsSchema.parse({
  timeZone: 'Europe/Berlin',
  windowEvery: 'day',
  slidingOver: 2,
  graceMs: 2 * HOUR,
  noDataAfterMs: 3 * HOUR,
  staleAfterDays: 10,
  alertOnWindows: true,
})

/** What comes at an hour of the simulation, and what the clock shows then. */
type Half = { readonly hour: number; readonly now: number; readonly images: readonly Sent[] }
type Sent = { readonly source: string; readonly takenAt: number | null }

/** Every half an hour two images of each source, one of which says when it was made. */
function halfHours(): Half[] {
  return Array.from({ length: 150 }, (_, i) => {
    const hour = i / 2
    const isOff = hour >= 40 && hour < 41.5
    const sent = (takenAt: number | null) => [
      { source: 'left', takenAt },
      { source: 'right', takenAt: null },
    ]
    const late = (from: number): Sent => ({ source: 'left', takenAt: START + from * HOUR })
    return {
      hour,
      // For an hour and a half ten hours ahead.
      now: START + hour * HOUR + (isOff ? 10 * HOUR : 0),
      images: [
        // Nothing in the night of the second day, and nothing from the right one after that.
        ...(hour >= 52 && hour < 58 ? [] : sent(START + hour * HOUR)),
        // Of the evening before, just in time, and too late.
        ...(hour === 25 ? [late(22), late(23)] : []),
        ...(hour === 30 ? [late(20)] : []),
      ].filter(({ source }) => source === 'left' || hour < 58),
    }
  })
}

/** A monitor whose images are measured and judged by nobody: what is watched is when. */
async function simulate(store: Store): Promise<{ told: string[]; states: string[] }> {
  const facts = { fittedAt: new Date(START + 66 * HOUR - 10 * 24 * HOUR).toISOString() }
  await store.monitors.addDetector({ id: 'd', artifact: Uint8Array.of(1), at: 1, facts })
  const monitor = { id: 'm', detector: 'd', settings: SETTINGS }
  const lease = await store.leases.take('m', { owner: 'o', now: 0, forMs: 1e15 })
  assert.ok(lease)
  const told: string[] = []
  const states = new Map<string, string>()
  const changes: string[] = []
  const steady = openSteadyClock()
  const onFound = async (tables: Tables, happenings: readonly Happening[]) =>
    void (await applyHappenings(tables, happenings, { channels: [] }))
  let sent = 0
  for (const { hour, now, images } of halfHours()) {
    const ports: LeasedPorts = {
      ...stubs(hour),
      store,
      lease,
      clock: () => new Date(now),
      log: () => {},
      owner: 'o',
      onFound,
      onCommitted: () => {},
    }
    const pending: PendingImage[] = images.map(({ source, takenAt }) => ({
      number: ++sent,
      predictionId: `${sent}`,
      source,
      takenAt: takenAt === null ? null : new Date(takenAt).toISOString(),
      facts: '{}',
      receivedAt: now,
      bytes: Uint8Array.of(1),
    }))
    if (pending.length > 0) {
      const before = await store.watching.watch('m')
      const found = pending.map(({ number, predictionId }) => ({
        number,
        record: { id: predictionId },
        hash: number,
        numbers: Float32Array.of(number),
      }))
      await commitStep(monitor, ports, {
        measured: { images: pending, found, isFull: false },
        before,
        stamp: `${hour}`,
      })
    }
    for (const look of [lookForSilence, lookForStaleness]) {
      const happenings = await look(monitor, { store, now, onFound })
      told.push(...happenings.map(({ source, kind }) => `${hour} ${source} ${kind}`))
    }
    await closePeriods(monitor, ports, steady)
    while (await judgeNextPeriod(monitor, ports)) told.push(`${hour} judged`)
    for (const { source, state } of await readSources(monitor, { store, now })) {
      if (states.get(source) === state) continue
      states.set(source, state)
      changes.push(`${hour} ${source} ${state}`)
    }
  }
  return { told, states: changes }
}

/** Images of the left source change for a while on the second day; verdicts say how many images they are of. */
function stubs(hour: number): Pick<LeasedPorts, 'measurer' | 'judges'> {
  const never = () => Promise.reject(new Error('not here'))
  const judges: Judges = {
    step: async ({ arrivals }) => {
      const sources = new Set(['', ...arrivals.map(({ source }) => source)])
      return {
        events: [],
        found: [],
        guards: [],
        streams: [...sources].map((source) => ({
          source,
          state: Uint8Array.of(1),
          status: source === 'left' && hour >= 30 && hour < 36 ? 'drift' : 'watching',
          images: 2 * hour * (source === '' ? 2 : 1) + 1,
          evidence: 0,
        })),
      }
    },
    score: never,
    picture: never,
    judge: async ({ images, of = -1 }) => {
      assert.equal(images.length, of)
      return {
        judgement: { severity: 'ok', exemplars: { representative: [] } },
        words: {},
      } as never
    },
    report: never,
    restarts: 0,
    close: async () => {},
  }
  return { judges, measurer: { measure: never, restarts: 0, close: async () => {} } }
}

describe('72 hours', () => {
  it('with late images, gaps, clocks put forward, a clock that jumps and a baseline that ages give the right states and windows', async () => {
    await withStore(DATABASES[0], async (store) => {
      const { told, states } = await simulate(store)
      assert.deepEqual(told, [
        // Saturday, two hours after its end and the last image of it.
        '27 judged',
        '27 judged',
        // Sunday ends after 23 hours. The clock that was ten hours ahead closed nothing.
        '49 judged',
        '49 judged',
        '55  no-data',
        '55 left no-data',
        '55 right no-data',
        '66.5  stale-baseline',
        '73 judged',
        '73 judged',
      ])
      assert.deepEqual(states, [
        '0  insufficient-data',
        '0 left insufficient-data',
        '0 right insufficient-data',
        '7.5  ok',
        '14.5 left ok',
        '14.5 right ok',
        '30 left drift',
        '36 left ok',
        '55  no-data',
        '55 left no-data',
        '55 right no-data',
        '58  ok',
        '58 left ok',
        '66.5  stale-baseline',
        '66.5 left stale-baseline',
      ])
      const periods = await store.periods.list('m', { most: 99 })
      const lines = periods
        .toReversed()
        .map(({ kind, start, end, images, late, closedAt }) =>
          [
            kind,
            (start - START) / HOUR,
            (end - START) / HOUR,
            images,
            late,
            closedAt !== null,
          ].join(' '),
        )
      assert.deepEqual(lines, [
        // 96, and two of the evening that came in time; a third one was late.
        'time 0 24 98 1 true',
        // Three that don’t say when they were made came while the clock was ahead.
        'time 24 47 89 0 true',
        'sliding -24 24 98 0 true',
        'time 47 71 49 0 true',
        // The late one too.
        'sliding 0 47 188 0 true',
        'time 71 95 8 0 false',
        'sliding 24 71 138 0 true',
      ])
    })
  })
})
