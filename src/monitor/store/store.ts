import { type AccessTable, accessTable } from './access-table.ts'
import { type AlertsTable, alertsTable } from './alerts-table.ts'
import type { Database, Queries } from './database.ts'
import { type EventsTable, eventsTable } from './events-table.ts'
import { type FeedTable, feedTable } from './feed-table.ts'
import { type GroundTruthTable, groundTruthTable } from './ground-truth-table.ts'
import { type ImagesTable, imagesTable } from './images-table.ts'
import { type InboxTable, inboxTable } from './inbox-table.ts'
import { type JobsTable, jobsTable } from './jobs-table.ts'
import { type Lease, type LeasesTable, leasesTable } from './leases-table.ts'
import { migrate } from './migrations/index.ts'
import { type MonitorsTable, monitorsTable } from './monitors-table.ts'
import { openPostgres } from './open-postgres.ts'
import { openSqlite } from './open-sqlite.ts'
import { type OutboxTable, outboxTable } from './outbox-table.ts'
import { type PeriodsTable, periodsTable } from './periods-table.ts'
import { type RetentionTable, retentionTable } from './retention-table.ts'
import { OvertakenError, type WatchingTable, watchingTable } from './watching-table.ts'

/** All that can be asked of the database, by subject. */
export type Tables = {
  readonly monitors: MonitorsTable
  readonly inbox: InboxTable
  readonly images: ImagesTable
  readonly watching: WatchingTable
  readonly events: EventsTable
  readonly alerts: AlertsTable
  readonly outbox: OutboxTable
  readonly leases: LeasesTable
  readonly access: AccessTable
  readonly retention: RetentionTable
  readonly groundTruth: GroundTruthTable
  readonly feed: FeedTable
  readonly periods: PeriodsTable
  readonly jobs: JobsTable
}

/** What a service remembers. Outside `within` every call is a transaction of its own. */
export type Store = Tables & {
  /** `sqlite`: nobody else has it open. */
  readonly kind: Database['kind']
  /** All that `act` does, or nothing. */
  within<T>(act: (tables: Tables) => Promise<T>): Promise<T>
  /** The same while a lease lasts; throws OvertakenError where somebody else has it. */
  holding<T>(lease: Lease, act: (tables: Tables) => Promise<T>): Promise<T>
  /** Gives space that was freed back to the disk, some of it at a time. */
  compact(): Promise<void>
  /** Throws where the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Where the data are: a folder of its own, or the address of a PostgreSQL database. */
export type StoreLocation = { readonly folder: string } | { readonly postgres: string }

export type OpenStoreOptions = {
  /** A connection broke; others are opened. */
  readonly onLost?: ((error: Error) => void) | undefined
  /** False: for a short look beside a service that is at work. Default true: a folder has one service. */
  readonly isAlone?: boolean | undefined
}

/** Opens a store and brings its tables up to date; throws DriftError where it can't. */
export async function openStore(
  location: StoreLocation,
  { onLost = () => {}, isAlone = true }: OpenStoreOptions = {},
): Promise<Store> {
  const database =
    'folder' in location
      ? openSqlite(location.folder, { isAlone })
      : await openPostgres(location.postgres, onLost)
  try {
    await migrate(database)
    const store = storeOf(database)
    // Alone in its folder: whoever had them has ended.
    if (database.kind === 'sqlite' && isAlone) await store.leases.clear()
    return store
  } catch (error) {
    await database.close()
    throw error
  }
}

function storeOf({ kind, db, compact, close }: Database): Store {
  const within: Store['within'] = (act) =>
    db.transaction().execute((transaction) => act(tablesOf(transaction)))
  return {
    ...tablesOf(db),
    kind,
    within,
    holding: (lease, act) =>
      within(async (tables) => {
        if (!(await tables.leases.hold(lease))) {
          throw new OvertakenError(`another process has the lease ${lease.name}`)
        }
        return act(tables)
      }),
    ping: async () => void (await db.selectFrom('leases').select('name').limit(1).execute()),
    compact,
    close,
  }
}

/** All queries, in a transaction or outside. */
export function tablesOf(db: Queries): Tables {
  return {
    monitors: monitorsTable(db),
    inbox: inboxTable(db),
    images: imagesTable(db),
    watching: watchingTable(db),
    events: eventsTable(db),
    alerts: alertsTable(db),
    outbox: outboxTable(db),
    leases: leasesTable(db),
    access: accessTable(db),
    retention: retentionTable(db),
    groundTruth: groundTruthTable(db),
    feed: feedTable(db),
    periods: periodsTable(db),
    jobs: jobsTable(db),
  }
}
