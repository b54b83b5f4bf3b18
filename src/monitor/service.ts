import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { type Clock, libraryVersion } from '../detector/index.ts'
import { DriftError } from '../errors.ts'
import { addMonitors, describeDetectors, inspectDetector } from './add-monitors.ts'
import { applyHappenings, type Fetch, openChannel, startDelivering } from './alerts/index.ts'
import type { Config } from './config.ts'
import { createServer, type HttpPorts, isLoopback } from './http/index.ts'
import { openFitter } from './fitting/index.ts'
import { openInbox } from './inbox/index.ts'
import { repeat } from './jobs/index.ts'
import type { Log } from './log/index.ts'
import { openMeasurer } from './measuring/index.ts'
import { createMetrics } from './metrics.ts'
import { openQuality } from './quality/index.ts'
import { repeatedJobs } from './repeated-jobs.ts'
import { watchFolder } from './sources/index.ts'
import { openStore, type Store, type StoreLocation, type Tables } from './store/index.ts'
import { openUnpacker } from './unpacking/index.ts'
import {
  type Committed,
  findingOf,
  type Happening,
  newsOf,
  openJudges,
  openScoreWaits,
  readMonitor,
  startWatcher,
  type Watcher,
  type WatcherPorts,
} from './watching/index.ts'

/** What a service is given of the outside. */
export type ServicePorts = {
  readonly clock: Clock
  readonly log: Log
  readonly request: Fetch
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called with what each step of a monitor came to. */
  readonly onCommitted?: ((step: Committed) => void) | undefined
  /** Pause between two looks for what others may have done; default a second. */
  readonly everyMs?: number | undefined
}

/** A service at work. */
export type Service = {
  /** Where it listens. */
  readonly url: string
  readonly store: Store
  /** Answers what was begun, stores what was accepted, ends. What is not counted yet is at the next start. */
  close(): Promise<void>
}

/** Where a configuration has its data. */
export function storeLocation({ database, data }: Config): StoreLocation {
  return database === undefined ? { folder: data } : { postgres: database }
}

/** The tokens of a configuration's database, beside a service that may be at work. */
export async function openTokens(config: Config): Promise<Pick<Store, 'access' | 'close'>> {
  return openStore(storeLocation(config), { isAlone: false })
}

const CHANNEL_MS = 15_000
const MOST_PROCESSES = 8

/** Opens the store, starts the processes, listens. Throws DriftError where anything of it can't be. */
export async function startService(config: Config, ports: ServicePorts): Promise<Service> {
  const { clock, log } = ports
  const store = await openStore(storeLocation(config), {
    onLost: (error) => log('warn', `a connection to the database broke: ${error.message}`),
  })
  const now = (): number => clock().getTime()
  try {
    await requireTokenBeyond(config, store, now())
    await addMonitors(config, store, now())
    await describeDetectors(store)
    return await putTogether(config, ports, store)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Whoever reaches it could do everything. */
async function requireTokenBeyond({ host }: Config, { access }: Store, now: number): Promise<void> {
  if (isLoopback(host)) return
  const isValid = (await access.all()).some(
    ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
  )
  if (isValid) return
  throw new DriftError(
    'config.invalid',
    `expected a token before others than this machine can reach the service, on ${host}, found none`,
    { hint: 'Make one first: npx pixeldrift token create --name first --scope admin' },
  )
}

// oxlint-disable-next-line eslint/max-lines-per-function -- one part after the other
async function putTogether(config: Config, ports: ServicePorts, store: Store): Promise<Service> {
  const { clock, log, everyMs = 1000 } = ports
  const stopping = new AbortController()
  const { signal } = stopping
  const processes = processesOf(config, store, log)
  const watchers = new Map<string, Watcher>()
  const inbox = openInbox({
    store,
    clock,
    mostWaiting: config.limits.waiting,
    onStored: (monitors) => monitors.forEach((id) => watchers.get(id)?.wake()),
  })
  await inbox.refresh()
  const metrics = createMetrics({ ...processes, store, inbox, now: () => clock().getTime() })
  const { delivering, telling } = alertsOf(config, { ...ports, store, signal, everyMs })
  const watching: WatcherPorts = {
    ...processes,
    store,
    clock,
    log,
    owner: randomUUID(),
    stepMs: everyMs / 5,
    onFound: (tables, happenings) => storeFound(tables, happenings, telling),
    onCommitted: (step) => {
      inbox.took(step.counted + step.leftOut)
      metrics.committed(step)
      processes.scoreWaits.wake(step.monitor)
      delivering.wake()
      ports.onCommitted?.(step)
    },
  }
  const startWatchers = async (): Promise<void> => {
    for (const stored of await store.monitors.all()) {
      if (signal.aborted || watchers.has(stored.id)) continue
      watchers.set(stored.id, startWatcher(readMonitor(stored), watching))
    }
  }
  const quality = openQuality(watching)
  const fitter = await fitterOf(config, { ...watching, everyMs })
  const routes = { ...processes, ...watching, inbox, quality, metrics, fitter }
  const served = { ...routes, limits: config.limits, onMonitors: startWatchers }
  const app = await listen(config, served).catch(async (error: unknown) => {
    // What was begun would keep the program from ending.
    stopping.abort()
    await Promise.all([fitter.close(), delivering.done, processes.close()])
    throw error
  })
  await startWatchers()
  const jobs = [
    ...folderJobs(config, { store, inbox, log, signal, everyMs }),
    ...repeatedJobs(config, { inbox, quality, watching, startWatchers, everyMs, telling }).map(
      (job) => repeat(job, { signal, log }),
    ),
    delivering.done,
  ]
  const close = async (): Promise<void> => {
    await app.close()
    await Promise.all([inbox.drain(), fitter.close()])
    stopping.abort()
    await Promise.all([...watchers.values()].map((watcher) => watcher.stop()))
    await Promise.all(jobs)
    await processes.close()
    await store.close()
  }
  return { url: urlOf(app.server.address() as AddressInfo), store, close }
}

/** What is found becomes an event, where it is none of a stream, and alerts; those who listen live are told. */
async function storeFound(
  tables: Tables,
  happenings: readonly Happening[],
  telling: Parameters<typeof applyHappenings>[2],
): Promise<void> {
  await tables.events.add(happenings.flatMap((happening) => findingOf(happening) ?? []))
  const ofAlerts = await applyHappenings(tables, happenings, telling)
  const found = happenings.flatMap((happening) => newsOf(happening) ?? [])
  await tables.feed.append([...found, ...ofAlerts])
}

type AlertPorts = ServicePorts & {
  readonly store: Store
  readonly signal: AbortSignal
  readonly everyMs: number
}

function alertsOf(
  { channels: settings, allowPrivateWebhooks: allowPrivate, publicUrl }: Config,
  { store, clock, log, request, environment, signal, everyMs }: AlertPorts,
) {
  const channels = new Map(
    settings.map((channel) => [
      channel.name,
      openChannel(channel, { clock, request, environment, allowPrivate }),
    ]),
  )
  const quietHours = new Map(
    settings.flatMap(({ name, quietHours: own }) => (own === undefined ? [] : [[name, own]])),
  )
  const ports = { store, channels, quietHours, clock, log, timeoutMs: CHANNEL_MS }
  return {
    delivering: startDelivering(ports, { signal, everyMs }),
    telling: { channels: [...channels.keys()], publicUrl: publicUrl?.replace(/\/+$/, '') },
  }
}

function fitterOf(
  { limits }: Config,
  { store, clock, log, everyMs }: Pick<WatcherPorts, 'store' | 'clock' | 'log'> & EveryMs,
) {
  const bounds = { memoryBytes: limits.fitBytes, pixelLimit: limits.pixels, everyMs }
  return openFitter({ store, clock, log, inspect: inspectDetector, ...bounds })
}

type EveryMs = { readonly everyMs: number }

type Routes = Omit<HttpPorts, 'inspectDetector' | 'isLocal' | 'version'>

async function listen({ host, port }: Config, routes: Routes) {
  const isLocal = isLoopback(host)
  const app = await createServer({ ...routes, inspectDetector, isLocal, version: libraryVersion() })
  await app.listen({ host, port }).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new DriftError(
      'config.invalid',
      `expected to listen on ${host}:${port}, got ${code ?? message}`,
      { hint: 'Give it another port: --port 8081', cause },
    )
  })
  return app
}

function processesOf({ processes, limits }: Config, store: Store, log: Log) {
  const artifactOf = async (id: string): Promise<Uint8Array> => {
    const found = await store.monitors.artifact(id)
    if (found !== undefined) return found
    throw new DriftError(
      'artifact.corrupt',
      `expected the detector ${id} in the database, found none`,
    )
  }
  const common = { timeoutMs: limits.processMs, memoryBytes: limits.processBytes, artifactOf, log }
  const size = processes ?? Math.min(MOST_PROCESSES, availableParallelism())
  const measurer = openMeasurer({
    ...common,
    processes: size,
    pixelLimit: limits.pixels,
  })
  // A verdict on a large window may take its time.
  const judges = openJudges({
    ...common,
    timeoutMs: 10 * limits.processMs,
    isApart: size > 1,
  })
  const unpacker = openUnpacker(common)
  return {
    measurer,
    judges,
    unpacker,
    scoreWaits: openScoreWaits({ store, judges, log }),
    close: async () =>
      void (await Promise.all([measurer.close(), judges.close(), unpacker.close()])),
  }
}

type FolderPorts = Parameters<typeof watchFolder>[1]

function folderJobs(
  { monitors, limits }: Config,
  ports: Omit<FolderPorts, 'mostBytes'>,
): Promise<void>[] {
  return monitors.flatMap(({ id, watch: path, sourceFromFolder, settings: { mostSources } }) =>
    path === undefined
      ? []
      : [
          watchFolder(
            { path, monitor: id, sourceFromFolder, mostSources },
            { ...ports, mostBytes: limits.imageBytes },
          ),
        ],
  )
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
