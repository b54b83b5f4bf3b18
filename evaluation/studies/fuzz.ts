import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fit } from '../../src/detector/index.ts'
import { arrayImages, encodePng } from '../../src/images/index.ts'
import { createToken } from '../../src/monitor/index.ts'
import { openStore } from '../../src/monitor/store/index.ts'
import { createRandom, sliceRows } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages } from '../data/packed-images.ts'
import { type FuzzTally, fuzzService } from '../fuzz/fuzz-service.ts'
import { openHostileImages } from '../fuzz/hostile-images.ts'
import { defineStudy } from '../harness/study.ts'
import { type RunningService, runService } from '../monitor/running-service.ts'

type Cell = { readonly requests: number; readonly seed: number }

type Result = FuzzTally & {
  readonly requests: number
  /** Images that were counted and left out, of those that came among them. */
  readonly counted: number
  readonly leftOut: number
  /** Whether it is the same process still, and counts a sound image. */
  readonly isWell: boolean
  /** What it wrote of failures, but of images that can't be read. */
  readonly said: readonly string[]
  /** Of the process that answers, at most. */
  readonly mebibytes: number
}

/** Requests of a service. */
const PER_CELL = 5000
const FITTED = 500
const HOUR_MS = 3600 * 1000

/** Does any request, however bad, do more than be refused? */
export const study = defineStudy({
  title: 'Bad requests',
  description:
    'Requests to `serve` by its own OpenAPI document, a tenth of all values hostile (zeros, paths, markup, numbers beyond all bounds, deep nesting), others made by hand that are no HTTP, and images of every kind damaged, cut, two in one, promising billions of pixels; eight at once. Each must be answered in time, by no 5xx but 503, an error with a code, and with no word of another request; afterwards the same process has to count a sound image.',
  revision: 1,
  dependsOn: [],
  maximumWorkers: 1,
  options: {
    requests: { kind: 'integer', default: 100_000, quick: 1000, description: 'of all' },
    seed: { kind: 'integer', default: 1, description: 'of the first 5,000' },
  },
  cells: ({ requests, seed }): Cell[] =>
    Array.from({ length: Math.ceil(requests / PER_CELL) }, (_, i) => ({
      requests: Math.min(PER_CELL, requests - i * PER_CELL),
      seed: seed + i,
    })),
  run: async (cell: Cell): Promise<Result> => {
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-fuzz-'))
    try {
      return await runCell(cell, folder)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  summarise: (outcomes) => {
    const results = outcomes.map(({ result }) => result)
    const sum = (of: (result: Result) => number) =>
      results.reduce((total, result) => total + of(result), 0)
    const statuses: Record<string, number> = {}
    for (const [status, count] of results.flatMap((result) => Object.entries(result.statuses))) {
      statuses[status] = (statuses[status] ?? 0) + count
    }
    return {
      requests: sum(({ requests }) => requests),
      statuses,
      faults: results.flatMap(({ faults }) => faults),
      counted: sum(({ counted }) => counted),
      leftOut: sum(({ leftOut }) => leftOut),
      services: results.length,
      well: results.filter(({ isWell }) => isWell).length,
      said: [...new Set(results.flatMap(({ said }) => said))],
      longestMs: Math.round(Math.max(...results.map(({ longestMs }) => longestMs))),
      mebibytes: Math.max(...results.map(({ mebibytes }) => mebibytes)),
    }
  },
})

async function runCell({ requests, seed }: Cell, folder: string): Promise<Result> {
  const data = join(folder, 'data')
  const { config, sound } = await prepare(folder, data)
  const authorization = `Bearer ${await makeToken(data)}`
  const random = createRandom(seed)
  const image = await openHostileImages(random)
  const service = runService(config)
  const url = await service.url()
  const pid = service.pid()
  const tally = await fuzzService({ url, authorization, requests, random, image })
  const monitor = `${url}/v1/monitors/m`
  const headers = { authorization, 'content-type': 'image/png' }
  const sent = await fetch(`${monitor}/images`, { method: 'POST', headers, body: sound })
  const state = sent.status === 202 ? await settle(monitor, authorization) : undefined
  const mebibytes = await peakOf(pid)
  const isWell = state !== undefined && service.pid() === pid && !hasEnded(pid)
  await service.stop()
  const said = service.said.filter((line) => !/a process ended/.test(line))
  const { images: counted = 0, skipped: leftOut = 0 } = state ?? {}
  return { ...tally, requests, counted, leftOut, isWell, said, mebibytes }
}

async function prepare(folder: string, data: string) {
  const pool = await loadPooledMnist()
  const detector = join(folder, 'd.pixeldrift')
  const rows = Uint32Array.from({ length: FITTED }, (_, i) => i)
  const pixels = unpackImages(pool, rows)
  await using learned = await fit(arrayImages(pixels), { epochs: 1 })
  await learned.save(detector)
  const config = join(folder, 'config.yaml')
  const monitors = [{ id: 'm', detector, settings: { windowSize: 100 } }]
  const limits = { requestsPerMinute: null, imageBytes: 1 << 20, pixels: 4_000_000 }
  await writeFile(config, JSON.stringify({ data, processes: 1, monitors, limits }))
  const { shape, data: values } = sliceRows(pixels, 7, 8)
  const sound = Buffer.from(await encodePng({ shape: shape.slice(1), data: values }))
  return { config, sound }
}

async function makeToken(folder: string): Promise<string> {
  const store = await openStore({ folder })
  const now = Date.now()
  const { stored, token } = createToken({
    name: 'fuzz',
    scopes: ['admin'],
    now,
    expiresAt: now + HOUR_MS,
  })
  await store.access.add(stored)
  await store.close()
  return token
}

type State = { readonly images: number; readonly skipped: number }

/** Waits until nothing is counted any more; at least one image was. */
async function settle(monitor: string, authorization: string): Promise<State | undefined> {
  let before = -1
  for (let looks = 0; looks < 600; looks++) {
    await delay(1000)
    const answer = await fetch(monitor, { headers: { authorization } }).catch(() => undefined)
    if (answer?.ok !== true) return undefined
    const state = (await answer.json()) as State
    const metrics = await fetch(new URL('/metrics', monitor), { headers: { authorization } })
    const waiting = /^pixeldrift_images_waiting (\d+)/m.exec(await metrics.text())?.[1]
    if (waiting === '0' && state.images > 0 && state.images + state.skipped === before) return state
    before = state.images + state.skipped
  }
  return undefined
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

function hasEnded(pid: ReturnType<RunningService['pid']>): boolean {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}
