import { setTimeout as delay } from 'node:timers/promises'
import { openStore, type StoreLocation } from '../../src/monitor/store/index.ts'

/** All that a service found, without the times at which it did. */
export type Told = {
  /** Names of counted images in their order. */
  readonly counted: readonly string[]
  readonly skipped: readonly string[]
  /** JSON each. */
  readonly events: readonly string[]
  readonly verdicts: readonly string[]
  /** Rule, source, state and times of each alert. */
  readonly alerts: readonly string[]
  readonly undelivered: number
}

const MONITOR = 'default'
const ALL = { most: 1_000_000 }

/** Messages that could not be delivered are tried again later and later. */
const LONGEST_SILENCE_MS = 300_000

/** Reads what was found, beside the service; waits until so many images are settled and all of it is told. Throws where nothing changes any more before. */
export async function readTold(location: StoreLocation, images: number): Promise<Told> {
  const store = await openStore(location, { isAlone: false })
  try {
    for (let before = '', since = performance.now(); ;) {
      const { position, skipped } = await store.watching.watch(MONITOR)
      const isJudged = (await store.events.unjudged(MONITOR)) === undefined
      const untold = await undelivered()
      if (position + skipped === images && isJudged && untold === 0) break
      const now = `${position} counted and ${skipped} left out of ${images}, ${isJudged ? 'all' : 'not all'} judged, ${untold} messages undelivered`
      if (now !== before) [before, since] = [now, performance.now()]
      if (performance.now() - since > LONGEST_SILENCE_MS) {
        throw new Error(`nothing changes any more: ${now}`)
      }
      await delay(100)
    }
    const { position } = await store.watching.watch(MONITOR)
    const counted = await store.watching.counted(MONITOR, 1, position)
    const leftOut = await store.watching.lastLeftOut(MONITOR, images)
    const events = await store.events.last(MONITOR, ALL)
    const windows = await store.events.windows(MONITOR, ALL)
    const alerts = await store.alerts.list(ALL)
    return {
      counted: counted.map(({ record }) => (JSON.parse(record) as { id: string }).id),
      skipped: leftOut.map(({ predictionId }) => predictionId).toReversed(),
      events: events.toReversed().map(({ source, event }) => withoutTimes({ source, event })),
      verdicts: windows
        .toReversed()
        .map(({ number, verdict }) => withoutTimes({ number, verdict })),
      alerts: alerts
        .map(({ rule, source, state, times }) => [rule, source, state, times].join(' '))
        .toSorted(),
      undelivered: await undelivered(),
    }
  } finally {
    await store.close()
  }

  async function undelivered(): Promise<number> {
    const alerts = await store.alerts.list(ALL)
    const deliveries = await Promise.all(alerts.map(({ id }) => store.outbox.ofAlert(id)))
    return deliveries.flat().filter(({ deliveredAt }) => deliveredAt === null).length
  }
}

/** When a verdict was given depends on the clock; image numbers of PostgreSQL have gaps where a transaction failed. */
function withoutTimes(found: object): string {
  return JSON.stringify(found)
    .replaceAll(/\\"judgedAt\\":\\"[^"]*\\"/g, '')
    .replaceAll(/\\"place\\":\d+/g, '')
    .replaceAll(/\\"images\\":\[[^\]]*\]/g, '')
}
