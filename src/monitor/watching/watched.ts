import type { Clock } from '../../detector/index.ts'
import type { Log } from '../log/index.ts'
import type { Measurer } from '../measuring/index.ts'
import type { Lease, Store, StoredMonitor, Tables } from '../store/index.ts'
import type { Happening } from './happening.ts'
import type { Judges } from './judges.ts'
import { type MonitorSettings, monitorSettingsSchema } from './monitor-settings.ts'

/** What a watcher works with. */
export type WatcherPorts = {
  readonly store: Store
  readonly measurer: Measurer
  readonly judges: Judges
  readonly clock: Clock
  readonly log: Log
  /** Name of this process among those of one database. */
  readonly owner: string
  /** Within the transaction that says so: what follows from it happens with it or not at all. */
  readonly onFound: (tables: Tables, happenings: readonly Happening[]) => Promise<void>
  /** After that transaction: for whoever only listens. */
  readonly onCommitted: (step: Committed) => void
  /** From one step of a monitor to its next, while images come quickly; default 200. */
  readonly stepMs?: number | undefined
}

/** What a step of a monitor came to. */
export type Committed = {
  readonly monitor: string
  readonly counted: number
  readonly leftOut: number
  readonly happenings: readonly Happening[]
}

/** A monitor, its settings read. */
export type WatchedMonitor = {
  readonly id: string
  readonly detector: string
  readonly settings: MonitorSettings
}

/** Reads what is stored of a monitor. */
export function readMonitor({ id, detector, settings }: StoredMonitor): WatchedMonitor {
  return { id, detector, settings: monitorSettingsSchema.parse(JSON.parse(settings)) }
}

/** Ports of a process that has the lease. */
export type LeasedPorts = WatcherPorts & { readonly lease: Lease }
