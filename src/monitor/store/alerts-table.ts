import type { ExpressionBuilder } from 'kysely'
import type { Queries } from './database.ts'
import type { AlertStanding, AlertState, Tables } from './tables.ts'

/** Until when nobody is told of an alert, who said so, and why. */
export type Mute = { readonly until: number; readonly by: string; readonly reason: string }

/** When the channels were told of an alert last, and as what. */
export type Told = { readonly at: number; readonly as: AlertStanding }

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
  /** Null: nobody yet. */
  readonly told: Told | null
  readonly mute: Mute | null
}

/** Alerts of all monitors. */
export type AlertsTable = {
  /** What is known of it; what was told and the mute of one that is there stay. */
  put(alert: StoredAlert): Promise<void>
  told(id: string, told: Told): Promise<void>
  mute(id: string, mute: Mute): Promise<void>
  byId(id: string): Promise<StoredAlert | undefined>
  /** The last one of a source and rule. */
  latest(of: Pick<StoredAlert, 'monitor' | 'source' | 'rule'>): Promise<StoredAlert | undefined>
  /** Those that were changed last first. */
  list(options: ListOptions): Promise<StoredAlert[]>
  /** Ids of those whose mute is over, and of open ones of which was told so long ago. */
  toTell(options: ToTell & { readonly most: number }): Promise<string[]>
  /** The same one, its mute ended: undefined where it is none of them, or another one has it. Only within a transaction. */
  claimToTell(id: string, options: ToTell): Promise<StoredAlert | undefined>
  /** How many are not resolved. */
  unresolved(): Promise<
    { readonly monitor: string; readonly rule: string; readonly alerts: number }[]
  >
}

type ListOptions = {
  readonly monitor?: string | undefined
  readonly isUnresolved?: boolean | undefined
  readonly most: number
}

type ToTell = {
  readonly now: number
  /** Null: nobody is reminded. */
  readonly toldBefore: number | null
}

/** Queries of alerts. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function alertsTable(db: Queries): AlertsTable {
  const all = () => db.selectFrom('alerts').selectAll()
  return {
    put: async (alert) => {
      const row = rowOf(alert)
      const { told: _, mute: __, ...known } = alert
      await db
        .insertInto('alerts')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(knownOf(known)))
        .execute()
    },
    told: async (id, { at, as }) => {
      await db
        .updateTable('alerts')
        .set({ told_at: at, told_as: as })
        .where('id', '=', id)
        .execute()
    },
    mute: async (id, mute) => {
      await db.updateTable('alerts').set(muteRow(mute)).where('id', '=', id).execute()
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
    toTell: async ({ most, ...when }) => {
      const rows = await db
        .selectFrom('alerts')
        .select('id')
        .where((build) => isToTell(build, when))
        .orderBy('opened_at')
        .limit(most)
        .execute()
      return rows.map(({ id }) => id)
    },
    claimToTell: async (id, when) => {
      const row = await db
        .updateTable('alerts')
        .set({ told_at: when.now, ...muteRow(null) })
        .where('id', '=', id)
        .where((build) => isToTell(build, when))
        .returningAll()
        .executeTakeFirst()
      return row && alertOf(row)
    },
    unresolved: async () => {
      const rows = await db
        .selectFrom('alerts')
        .select((build) => ['monitor', 'rule', build.fn.countAll<number | string>().as('alerts')])
        .where('state', '!=', 'resolved')
        .groupBy(['monitor', 'rule'])
        .execute()
      return rows.map(({ monitor, rule, alerts }) => ({ monitor, rule, alerts: Number(alerts) }))
    },
  }
}

function isToTell(build: ExpressionBuilder<Tables, 'alerts'>, { now, toldBefore }: ToTell) {
  const isMuteOver = build('muted_until', '<=', now)
  if (toldBefore === null) return isMuteOver
  const isLongAgo = build.and([
    build('state', '=', 'open'),
    build('muted_until', 'is', null),
    build('told_at', '<=', toldBefore),
  ])
  return build.or([isMuteOver, isLongAgo])
}

type Known = Omit<StoredAlert, 'told' | 'mute'>

function knownOf({ openedAt, changedAt, findings, ...alert }: Known) {
  return {
    ...alert,
    opened_at: openedAt,
    changed_at: changedAt,
    findings: JSON.stringify(findings),
  }
}

function rowOf({ told, mute, ...known }: StoredAlert) {
  return {
    ...knownOf(known),
    told_at: told?.at ?? null,
    told_as: told?.as ?? null,
    ...muteRow(mute),
  }
}

function muteRow(mute: Mute | null) {
  const { until, by, reason } = mute ?? { until: null, by: null, reason: null }
  return { muted_until: until, muted_by: by, muted_reason: reason }
}

type Row = Tables['alerts']

function alertOf({
  opened_at: openedAt,
  changed_at: changedAt,
  told_at: toldAt,
  told_as: toldAs,
  muted_until: until,
  muted_by: by,
  muted_reason: reason,
  findings,
  ...row
}: Row): StoredAlert {
  return {
    ...row,
    openedAt,
    changedAt,
    findings: JSON.parse(findings) as string[],
    told: toldAt === null || toldAs === null ? null : { at: toldAt, as: toldAs },
    mute: until === null || by === null || reason === null ? null : { until, by, reason },
  }
}
