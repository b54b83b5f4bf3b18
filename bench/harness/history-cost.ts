import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type Store } from '../../src/monitor/store/index.ts'

/** What an image costs once so many are known. */
export type HistoryCost = {
  readonly known: number
  readonly microsecondsPerImage: number
  /** Of the database, without files of images. */
  readonly bytesPerImage: number
}

const TOGETHER = 256
/** As a detector of 32×32 photographs has them, and as many cells of maps. */
const COLUMNS = 185
const CELLS = 1536
/** Of one figure. */
const TIMED = 20
/** Of the stream of all images. */
const STATE = new Uint8Array(700_000)

/** Stores and counts images whose numbers are made up, until so many are known. */
export async function measureHistory(
  folder: string,
  most: number,
  log: (line: string) => void,
): Promise<HistoryCost[]> {
  const store = await openStore({ folder })
  const costs: HistoryCost[] = []
  try {
    for (let known = 0; known < most;) {
      const started = performance.now()
      for (let step = 0; step < TIMED; step++) await takeStep(store, known + step * TOGETHER)
      const spent = performance.now() - started
      known += TIMED * TOGETHER
      const isNext = known >= 10 * (costs.at(-1)?.known ?? 0) || known >= most
      if (!isNext) continue
      costs.push({
        known,
        microsecondsPerImage: (1000 * spent) / TIMED / TOGETHER,
        bytesPerImage: statSync(join(folder, 'monitor.sqlite')).size / known,
      })
      log(`${known} images known`)
    }
  } finally {
    await store.close()
  }
  return costs
}

async function takeStep(store: Store, from: number): Promise<void> {
  const names = Array.from({ length: TOGETHER }, (_, i) => `image ${from + i}`)
  const bytes = new Uint8Array(1000)
  await store.inbox.add(
    names.map((predictionId) => ({
      monitor: 'm',
      predictionId,
      digest: predictionId.padStart(64),
      source: null,
      takenAt: null,
      facts: '{}',
      receivedAt: from,
      bytes,
    })),
  )
  const images = await store.inbox.pending('m', {
    images: TOGETHER,
    bytes: 1e9,
    except: new Set(),
  })
  const before = await store.watching.watch('m')
  const [numbers, places] = [new Float32Array(COLUMNS), new Int8Array(CELLS)]
  await store.within((tables) =>
    tables.watching.count({
      monitor: 'm',
      before,
      after: { position: from + images.length, skipped: 0, stamp: randomUUID() },
      counted: images.map(({ number, predictionId }, i) => ({
        number,
        position: from + i + 1,
        hash: i,
        record: JSON.stringify({ id: predictionId }),
        numbers,
        places,
        takenAt: from,
        draw: i,
      })),
      guards: [],
      leftOut: [],
      streams: [
        {
          source: '',
          state: STATE,
          status: 'watching',
          images: from + images.length,
          evidence: 0,
          lastAt: from,
          recoveredAt: null,
        },
      ],
      keepBytes: false,
      at: from,
    }),
  )
}
