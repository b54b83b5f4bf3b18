import type { Queries } from './database.ts'

/** A detector and how to watch with it. */
export type StoredMonitor = {
  readonly id: string
  readonly detector: string
  /** JSON. */
  readonly settings: string
  readonly createdAt: number
}

/** Detectors, and the monitors that watch with them. */
export type MonitorsTable = {
  /** A detector that is there already stays. */
  addDetector(detector: {
    readonly id: string
    readonly artifact: Uint8Array
    readonly at: number
  }): Promise<void>
  artifact(id: string): Promise<Uint8Array | undefined>
  detectors(): Promise<{ readonly id: string; readonly addedAt: number }[]>
  /** False where there is one of that name. */
  add(monitor: StoredMonitor): Promise<boolean>
  changeSettings(id: string, settings: string): Promise<void>
  byId(id: string): Promise<StoredMonitor | undefined>
  all(): Promise<StoredMonitor[]>
}

/** Queries of detectors and monitors. */
export function monitorsTable(db: Queries): MonitorsTable {
  return {
    addDetector: async ({ id, artifact, at }) => {
      await db
        .insertInto('detectors')
        .values({ id, artifact, added_at: at })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },
    artifact: async (id) => {
      const row = await db
        .selectFrom('detectors')
        .select('artifact')
        .where('id', '=', id)
        .executeTakeFirst()
      return row?.artifact
    },
    detectors: async () => {
      const rows = await db
        .selectFrom('detectors')
        .select(['id', 'added_at'])
        .orderBy('added_at')
        .execute()
      return rows.map((row) => ({ id: row.id, addedAt: row.added_at }))
    },
    add: async ({ createdAt, ...monitor }) => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('monitors')
        .values({ ...monitor, created_at: createdAt })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },
    changeSettings: async (id, settings) => {
      await db.updateTable('monitors').set({ settings }).where('id', '=', id).execute()
    },
    byId: async (id) => {
      const row = await db
        .selectFrom('monitors')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && monitorOf(row)
    },
    all: async () => {
      const rows = await db.selectFrom('monitors').selectAll().orderBy('id').execute()
      return rows.map(monitorOf)
    },
  }
}

type Row = Omit<StoredMonitor, 'createdAt'> & { readonly created_at: number }

function monitorOf({ created_at: createdAt, ...row }: Row): StoredMonitor {
  return { ...row, createdAt }
}
