import type { Queries } from './database.ts'
import type { AlertState } from './tables.ts'

/** Something that somebody should look at, of one source; the empty name stands for all together. */
export type StoredAlert = {
  readonly id: string
  readonly monitor: string
  readonly source: string
  readonly rule: string
  readonly state: AlertState
  readonly openedAt: number
  readonly changedAt: number
  /** Times it was opened. */
  readonly times: number
  readonly summary: string
  readonly findings: readonly string[]
}

/** Alerts of all monitors. */
export type AlertsTable = {
  put(alert: StoredAlert): Promise<void>
  byId(id: string): Promise<StoredAlert | undefined>
  /** The last one of a source and rule. */
  latest(of: Pick<StoredAlert, 'monitor' | 'source' | 'rule'>): Promise<StoredAlert | undefined>
  /** Those that were changed last first. */
  list(options: ListOptions): Promise<StoredAlert[]>
}

type ListOptions = {
  readonly monitor?: string | undefined
  readonly isUnresolved?: boolean | undefined
  readonly most: number
}

/** Queries of alerts. */
export function alertsTable(db: Queries): AlertsTable {
  const all = () => db.selectFrom('alerts').selectAll()
  return {
    put: async ({ openedAt, changedAt, findings, ...alert }) => {
      const row = {
        ...alert,
        opened_at: openedAt,
        changed_at: changedAt,
        findings: JSON.stringify(findings),
      }
      await db
        .insertInto('alerts')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
    byId: async (id) => {
      const row = await all().where('id', '=', id).executeTakeFirst()
      return row && alertOf(row)
    },
    latest: async ({ monitor, source, rule }) => {
      const row = await all()
        .where('monitor', '=', monitor)
        .where('source', '=', source)
        .where('rule', '=', rule)
        .orderBy('opened_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && alertOf(row)
    },
    list: async ({ monitor, isUnresolved = false, most }) => {
      let query = all()
      if (monitor !== undefined) query = query.where('monitor', '=', monitor)
      if (isUnresolved) query = query.where('state', '!=', 'resolved')
      const rows = await query.orderBy('changed_at', 'desc').orderBy('id').limit(most).execute()
      return rows.map(alertOf)
    },
  }
}

type Row = Omit<StoredAlert, 'openedAt' | 'changedAt' | 'findings'> & {
  readonly opened_at: number
  readonly changed_at: number
  readonly findings: string
}

function alertOf({
  opened_at: openedAt,
  changed_at: changedAt,
  findings,
  ...row
}: Row): StoredAlert {
  return { ...row, openedAt, changedAt, findings: JSON.parse(findings) as string[] }
}
