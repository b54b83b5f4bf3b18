import type { Queries } from './database.ts'

/** A detector and how to watch with it. */
export type StoredMonitor = {
  readonly id: string
  readonly detector: string
  /** JSON. */
  readonly settings: string
  readonly createdAt: number
}

/** What is known of a detector without loading it. */
export type DetectorFacts = {
  /** ISO 8601; absent in detectors of before it was written down. */
  readonly fittedAt?: string | undefined
  /** When the last image of its reference was made (ISO 8601), where images say so. */
  readonly referenceUntil?: string | undefined
  /** Names of the classes in the order of the classifier's outputs. */
  readonly classNames?: readonly string[] | undefined
}

/** Detectors, and the monitors that watch with them. */
export type MonitorsTable = {
  /** A detector that is there already stays. */
  addDetector(detector: {
    readonly id: string
    readonly artifact: Uint8Array
    readonly at: number
    readonly facts: DetectorFacts
  }): Promise<void>
  artifact(id: string): Promise<Uint8Array | undefined>
  /** Undefined where there is none, or it was added by an older version. */
  detectorFacts(id: string): Promise<DetectorFacts | undefined>
  /** Of a detector that an older version added. */
  describeDetector(id: string, facts: DetectorFacts): Promise<void>
  detectors(): Promise<{ readonly id: string; readonly addedAt: number }[]>
  /** False where there is one of that name. */
  add(monitor: StoredMonitor): Promise<boolean>
  changeSettings(id: string, settings: string): Promise<void>
  byId(id: string): Promise<StoredMonitor | undefined>
  all(): Promise<StoredMonitor[]>
}

/** Queries of detectors and monitors. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function monitorsTable(db: Queries): MonitorsTable {
  return {
    addDetector: async ({ id, artifact, at, facts }) => {
      await db
        .insertInto('detectors')
        .values({ id, artifact, added_at: at, facts: JSON.stringify(facts) })
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
    detectorFacts: async (id) => {
      const row = await db
        .selectFrom('detectors')
        .select('facts')
        .where('id', '=', id)
        .executeTakeFirst()
      return typeof row?.facts === 'string' ? (JSON.parse(row.facts) as DetectorFacts) : undefined
    },
    describeDetector: async (id, facts) => {
      await db
        .updateTable('detectors')
        .set({ facts: JSON.stringify(facts) })
        .where('id', '=', id)
        .execute()
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
