import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fit } from '../../src/detector/index.ts'
import { arrayImages, encodePng } from '../../src/images/index.ts'
import { sliceRows } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages } from '../data/packed-images.ts'
import { defineStudy } from '../harness/study.ts'
import { killRun } from '../monitor/kill-run.ts'
import { makePlace, missingPlace, type Victim } from '../monitor/place.ts'
import { leaveWill } from '../monitor/will.ts'

type Cell = {
  readonly database: 'sqlite' | 'postgres'
  readonly victim: Victim
  readonly kills: number
  readonly images: number
  readonly seed: number
}

type Result =
  /** Why it could not be tried. */
  | { readonly skipped: string }
  | {
      readonly kills: number
      readonly acknowledged: number
      /** Requests that it took, those without an answer too. */
      readonly tries: number
      /** Answers that said the service failed: none is expected. */
      readonly failures: number
      readonly counted: number
      readonly lost: number
      readonly countedTwice: number
      readonly events: number
      readonly areEventsEqual: boolean
      readonly verdicts: number
      readonly areVerdictsEqual: boolean
      readonly areAlertsEqual: boolean
      readonly messages: number
      /** Messages that came more than once. */
      readonly repeated: number
    }

const FITTED = 3000
/** Images that stay as they are, then as many darkened by a third, and so on. */
const STRETCH = 400

const TRIED = [
  ['sqlite', 'service'],
  ['postgres', 'service'],
  ['postgres', 'database'],
  ['sqlite', 'disk'],
  ['postgres', 'replica'],
  ['sqlite', 'child'],
] as const

/** Does a service that is killed again and again lose an image, count one twice, or find anything else? */
export const study = defineStudy({
  title: 'A service that is killed',
  description:
    'Digits that turn dark and bright again, sent by two cameras one after the other to `serve`, while at random moments it is killed (SIGKILL) and started again, on SQLite and PostgreSQL; one of two replicas on one database is; the processes that measure and judge are; PostgreSQL itself is stopped at once and started again; or the disk of SQLite is full for a while, the service killed meanwhile every other time. Every acknowledged image has to be counted once and in its order, every event, verdict and alert has to be that of a service that was left alone, and every message has to come, at least once.',
  revision: 2,
  dependsOn: [],
  maximumWorkers: 1,
  options: {
    kills: { kind: 'integer', default: 200, quick: 5, description: 'of the service, on each' },
    others: { kind: 'integer', default: 100, quick: 5, description: 'of all else, of each' },
    together: { kind: 'integer', default: 50, description: 'kills of one run' },
    images: { kind: 'integer', default: 5000, quick: 1500, description: 'images of one run' },
    seed: { kind: 'integer', default: 1, description: 'of the moments' },
  },
  cells: ({ kills, others, together, images, seed }): Cell[] =>
    TRIED.flatMap(([database, victim]) => {
      const all = victim === 'service' ? kills : others
      return Array.from({ length: Math.ceil(all / together) }, (_, run) => ({
        database,
        victim,
        kills: Math.min(together, all - run * together),
        images,
        seed: seed + run,
      }))
    }),
  run: async (cell: Cell, { log, threads }): Promise<Result> => {
    const skipped = missingPlace(cell.database, cell.victim)
    if (skipped !== undefined) return { skipped }
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-kills-'))
    // After those that have files in it.
    const will = leaveWill('sleep 2; rm -rf "$1"', [folder])
    try {
      return await runCell(cell, { folder, log, threads })
    } finally {
      await rm(folder, { recursive: true })
      will.revoke()
    }
  },
  summarise: (outcomes) => ({
    runs: TRIED.map(([database, victim]) => {
      const results = outcomes
        .filter(({ cell }) => cell.database === database && cell.victim === victim)
        .map(({ result }) => result)
      return Object.assign({ database, victim, runs: results.length }, inAll(results))
    }),
  }),
})

/** Sums, and whether all are equal. */
function inAll(results: readonly Result[]): object {
  const all: Record<string, number | boolean | string> = {}
  for (const result of results) {
    for (const [name, value] of Object.entries(result)) {
      const before = all[name]
      if (typeof value === 'number') all[name] = Number(before ?? 0) + value
      else if (typeof value === 'boolean') all[name] = before !== false && value
      else all[name] = value
    }
  }
  return all
}

type Place = {
  readonly folder: string
  readonly threads: number
  readonly log: (line: string) => void
}

async function runCell(
  { database, victim, kills, images, seed }: Cell,
  { folder, log, threads }: Place,
): Promise<Result> {
  const detector = join(folder, 'd.pixeldrift')
  const files = await prepare(images, detector, threads)
  const outcome = async (name: string, wanted: number) => {
    const own = join(folder, name)
    const place = await makePlace(database, victim, own)
    try {
      const common = { place, detector, files, seed, log, together: 7 }
      return await killRun({ ...common, folder: own, kills: wanted, victim })
    } finally {
      await place.remove()
    }
  }
  const alone = await outcome('alone', 0)
  const killed = await outcome('killed', kills)
  const { told } = killed
  const sent = files.map(({ name }) => name)
  const isEqual = (a: readonly string[], b: readonly string[]) => a.join('\n') === b.join('\n')
  return {
    kills: killed.kills,
    acknowledged: killed.acknowledged,
    tries: killed.tries,
    failures: killed.failures,
    counted: told.counted.length,
    lost: sent.filter((name) => !new Set(told.counted).has(name)).length,
    countedTwice: told.counted.length - new Set(told.counted).size,
    events: told.events.length,
    areEventsEqual: isEqual(told.events, alone.told.events),
    verdicts: told.verdicts.length,
    areVerdictsEqual: isEqual(told.verdicts, alone.told.verdicts),
    areAlertsEqual: isEqual(told.alerts, alone.told.alerts),
    messages: killed.deliveredOnce,
    repeated: killed.delivered - killed.deliveredOnce,
  }
}

async function prepare(images: number, detector: string, threads: number) {
  const pool = await loadPooledMnist()
  const fitted = Uint32Array.from({ length: FITTED }, (_, i) => pool.count - 1 - i)
  await using learned = await fit(arrayImages(unpackImages(pool, fitted)), { epochs: 2, threads })
  await learned.save(detector)
  const rows = Uint32Array.from({ length: images }, (_, i) => (i * 37) % (pool.count - FITTED))
  const pixels = unpackImages(pool, rows)
  const { data } = pixels
  const size = data.length / images
  for (let i = 0; i < data.length; i++) {
    if (Math.floor(i / size / STRETCH) % 2 === 1) data[i] = (data[i] * 2) / 3
  }
  return await Promise.all(
    Array.from({ length: images }, async (_, i) => {
      const { shape, data: own } = sliceRows(pixels, i, i + 1)
      const bytes = await encodePng({ shape: shape.slice(1), data: own })
      return { name: `image ${i}`, source: i % 3 === 0 ? 'left' : 'right', bytes }
    }),
  )
}
