import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { type Log, messageOf } from '../log/index.ts'
import { openProcessPool, ProcessEndedError, startProcess } from '../processes/index.ts'
import type { DetectorFacts, Store, StoredJob } from '../store/index.ts'
import type { FitAnswer, FitRequest, FitSource } from './fitting-messages.ts'

/** Fits detectors in a process of its own, one after the other; each is a job that everybody can look at. */
export type Fitter = {
  /** Throws DriftError('resource.busy') where too many wait already. */
  requireRoom(): void
  /** Begins a job whose reference `prepare` puts into a folder of its own, which goes when the job is over. */
  begin(job: FitJob): Promise<StoredJob>
  /** False where there is none that is not over. */
  cancel(id: string): Promise<boolean>
  /** Ends what runs; it is marked as failed. */
  close(): Promise<void>
}

/** A fit to begin. */
export type FitJob = {
  /** In words: what it is fitted on. */
  readonly from: string
  readonly epochs?: number | undefined
  readonly prepare: (folder: string) => Promise<FitSource>
}

/** What a fitter works with. */
export type FitterPorts = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly inspect: (
    artifact: Uint8Array,
  ) => Promise<{ readonly id: string; readonly facts: DetectorFacts }>
  readonly memoryBytes: number
  readonly pixelLimit: number
  readonly everyMs: number
}

const MOST_WAITING = 4
/** A job whose service gives no sign of life for so long has ended with it. */
const ALIVE_MS = 60_000
const SIGN_EVERY_MS = 10_000
/** For one look at a process that trains. */
const LOOK_MS = 600_000

type Running = Pick<FitJob, 'epochs'> & {
  readonly id: string
  readonly source: FitSource
  readonly folder: string
}

/** Jobs of a service that has ended are marked as such, here or by another replica. */
export async function openFitter(ports: FitterPorts): Promise<Fitter> {
  const { store, clock, log } = ports
  const now = (): number => clock().getTime()
  const own = new Set<string>()
  const closing = new AbortController()
  // A folder of SQLite belongs to this service: whoever began them has ended.
  await store.jobs.failLost(store.kind === 'sqlite' ? Number.MAX_SAFE_INTEGER : now(), now())
  const signs = setInterval(() => {
    const until = now() + ALIVE_MS
    store.jobs
      .alive([...own], until)
      .then(() => store.jobs.failLost(now(), now()))
      .catch((error: unknown) => log('warn', `jobs: ${messageOf(error)}`))
  }, SIGN_EVERY_MS)
  // A service that can't listen is to end.
  signs.unref()
  let last: Promise<void> = Promise.resolve()
  return {
    requireRoom: () => {
      if (own.size > MOST_WAITING) throw tooMany()
    },
    begin: async (job) => {
      const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-fit-'))
      const stored = newJob(job.from, now())
      try {
        const source = await job.prepare(folder)
        await store.jobs.add(stored)
        const running = { id: stored.id, source, epochs: job.epochs, folder }
        own.add(stored.id)
        last = last
          .then(() => run(running, ports, closing.signal))
          .then(() => void own.delete(stored.id))
        return stored
      } catch (error) {
        await rm(folder, { recursive: true, force: true })
        throw error
      }
    },
    cancel: (id) => store.jobs.change(id, OPEN, { state: 'cancelled', changedAt: now() }),
    close: async () => {
      clearInterval(signs)
      closing.abort()
      await last
    },
  }
}

const OPEN = ['waiting', 'running'] as const

function newJob(from: string, at: number): StoredJob {
  return {
    id: randomUUID(),
    state: 'waiting',
    from,
    createdAt: at,
    changedAt: at,
    aliveUntil: at + ALIVE_MS,
    progress: null,
    detector: null,
    error: null,
  }
}

function tooMany(): DriftError {
  return new DriftError('resource.busy', `expected at most ${MOST_WAITING} fits that wait`, {
    hint: 'Begin it again once one is over: GET /v1/jobs.',
    retryable: true,
  })
}

/** To its end, whatever that is. */
async function run(running: Running, ports: FitterPorts, signal: AbortSignal): Promise<void> {
  const { id, folder } = running
  const { store, clock, log } = ports
  const now = (): number => clock().getTime()
  try {
    const isOurs = await store.jobs.change(id, ['waiting'], { state: 'running', changedAt: now() })
    if (isOurs) await fitOne(running, ports, signal)
  } catch (error) {
    log('warn', `job ${id}: ${messageOf(error)}`)
    const failed = {
      state: 'failed',
      error: whyFailed(error, signal.aborted),
      changedAt: now(),
    } as const
    await store.jobs.change(id, OPEN, failed).catch(() => {})
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const DEADLY = {
  'not-started': 'no process could be started for it',
  crashed: 'its process crashed',
  'too-slow': 'its process hung',
  'too-large': 'it took too much memory (limits.fitBytes); fewer or smaller images take less',
} as const

function whyFailed(error: unknown, isClosing: boolean): string {
  if (isClosing) return 'The service was stopped. Begin it again.'
  if (error instanceof ProcessEndedError) return DEADLY[error.ending]
  if (error instanceof DriftError) return [error.message, error.hint].filter(Boolean).join(' ')
  return 'the service failed; its log says why'
}

/** Returns early where somebody cancelled it. */
async function fitOne(
  { id, source, epochs, folder }: Running,
  { store, clock, log, inspect, memoryBytes, pixelLimit, everyMs }: FitterPorts,
  signal: AbortSignal,
): Promise<void> {
  const now = (): number => clock().getTime()
  const limits = { timeoutMs: LOOK_MS, memoryBytes, log }
  const pool = openProcessPool<FitRequest, FitAnswer>({
    start: () => startProcess('./fitting-process', import.meta.url, { isPatient: true }),
    size: 1,
    ...limits,
  })
  const stop = (): void => void pool.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const out = join(folder, 'fitted.pixeldrift')
    const task = { source, epochs, out, pixelLimit, memoryBytes }
    let found = await pool.ask({ kind: 'start', task })
    while (found.state === 'running') {
      const progress = JSON.stringify(found.stage)
      if (!(await store.jobs.change(id, ['running'], { progress, changedAt: now() }))) return
      await delay(everyMs, undefined, { signal })
      found = await pool.ask({ kind: 'look' })
    }
    const artifact = await readFile(out)
    const detector = await inspect(artifact)
    await store.within(async ({ monitors, jobs }) => {
      const done = { state: 'done', detector: detector.id, changedAt: now() } as const
      if (!(await jobs.change(id, ['running'], done))) return
      await monitors.addDetector({ ...detector, artifact, at: now() })
    })
  } finally {
    signal.removeEventListener('abort', stop)
    await pool.close()
  }
}
