import type { Queries } from './database.ts'
import type { PeriodKind } from './tables.ts'

/** Images of a period that were counted together. */
export type PeriodImages = {
  readonly start: number
  readonly end: number
  readonly images: number
  /** When the last of them was received. */
  readonly arrivedAt: number
}

/** A window by time. */
export type StoredPeriod = PeriodImages & {
  readonly id: number
  readonly monitor: string
  /** `sliding`: the last periods together. */
  readonly kind: PeriodKind
  /** Images that came after it was closed; they are not judged in it. */
  readonly late: number
  /** The rest is null while it is open. Images that had been counted when it was closed. */
  readonly last: number | null
  readonly closedAt: number | null
  /** JSON; null while it waits for it. */
  readonly verdict: string | null
  readonly severity: string | null
}

/** A closed period, as which images are of it. */
export type ClosedPeriod = Pick<StoredPeriod, 'monitor' | 'start' | 'end'> & {
  readonly last: number
}

/** Windows by time. */
export type PeriodsTable = {
  /** Adds images to periods, which begin with them; to one that is closed as late ones. */
  add(monitor: string, some: readonly PeriodImages[]): Promise<void>
  /** Open ones that ended before a time, the earliest first. */
  open(monitor: string, endedBefore: number): Promise<StoredPeriod[]>
  /** False where it is closed already. */
  close(id: number, facts: { readonly last: number; readonly at: number }): Promise<boolean>
  /** The images of a stretch of periods as one window of its own, which is closed; none where it is there. */
  addSliding(period: ClosedPeriod & { readonly at: number }): Promise<void>
  unjudged(monitor: string): Promise<StoredPeriod | undefined>
  /** False where it has a verdict already. */
  judged(
    id: number,
    facts: { readonly verdict: string; readonly severity: string },
  ): Promise<boolean>
  /** The latest ones first. */
  list(monitor: string, options: PeriodsOptions): Promise<StoredPeriod[]>
  byId(monitor: string, id: number): Promise<StoredPeriod | undefined>
}

type PeriodsOptions = {
  readonly most: number
  /** Only older ones than this. */
  readonly before?: number | undefined
  readonly kind?: PeriodKind | undefined
}

/** Queries of windows by time. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function periodsTable(db: Queries): PeriodsTable {
  const all = (monitor: string) =>
    db.selectFrom('periods').selectAll().where('monitor', '=', monitor)
  return {
    add: async (monitor, some) => {
      if (some.length === 0) return
      const rows = some.map(({ start, end, images, arrivedAt }) => ({
        monitor,
        kind: 'time' as const,
        starts_at: start,
        ends_at: end,
        images,
        late: 0,
        arrived_at: arrivedAt,
      }))
      await db
        .insertInto('periods')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['monitor', 'kind', 'starts_at', 'ends_at']).doUpdateSet((build) => {
            const own = (name: 'images' | 'late' | 'arrived_at') => build.ref(`periods.${name}`)
            const more = build.ref('excluded.images')
            const isOpen = () => build.case().when('periods.closed_at', 'is', null)
            const later = build.ref('excluded.arrived_at')
            return {
              images: isOpen()
                .then(build(own('images'), '+', more))
                .else(own('images'))
                .end(),
              late: isOpen()
                .then(own('late'))
                .else(build(own('late'), '+', more))
                .end(),
              arrived_at: build
                .case()
                .when(later, '>', own('arrived_at'))
                .then(later)
                .else(own('arrived_at'))
                .end(),
            }
          }),
        )
        .execute()
    },
    open: async (monitor, endedBefore) => {
      const rows = await all(monitor)
        .where('closed_at', 'is', null)
        .where('verdict', 'is', null)
        .where('ends_at', '<=', endedBefore)
        .orderBy('ends_at')
        .execute()
      return rows.map(periodOf)
    },
    close: async (id, { last, at }) => {
      const { numUpdatedRows } = await db
        .updateTable('periods')
        .set({ last, closed_at: at })
        .where('id', '=', id)
        .where('closed_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    addSliding: async ({ monitor, start, end, last, at }) => {
      const { images } = await db
        .selectFrom('measured')
        .select(({ fn }) => fn.countAll<number | string>().as('images'))
        .where('monitor', '=', monitor)
        .where('taken_at', '>=', start)
        .where('taken_at', '<', end)
        .where('position', '<=', last)
        .executeTakeFirstOrThrow()
      await db
        .insertInto('periods')
        .values({
          monitor,
          kind: 'sliding',
          starts_at: start,
          ends_at: end,
          images: Number(images),
          late: 0,
          arrived_at: at,
          last,
          closed_at: at,
        })
        .onConflict((conflict) =>
          conflict.columns(['monitor', 'kind', 'starts_at', 'ends_at']).doNothing(),
        )
        .execute()
    },
    unjudged: async (monitor) => {
      const row = await all(monitor)
        .where('verdict', 'is', null)
        .where('closed_at', 'is not', null)
        .orderBy('ends_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return row && periodOf(row)
    },
    judged: async (id, { verdict, severity }) => {
      const { numUpdatedRows } = await db
        .updateTable('periods')
        .set({ verdict, severity })
        .where('id', '=', id)
        .where('verdict', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    list: async (monitor, { most, before, kind }) => {
      let query = all(monitor)
      if (before !== undefined) query = query.where('id', '<', before)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      return (await query.orderBy('id', 'desc').limit(most).execute()).map(periodOf)
    },
    byId: async (monitor, id) => {
      const row = await all(monitor).where('id', '=', id).executeTakeFirst()
      return row && periodOf(row)
    },
  }
}

type Row = Pick<
  StoredPeriod,
  'id' | 'monitor' | 'kind' | 'images' | 'late' | 'last' | 'verdict' | 'severity'
> & {
  readonly starts_at: number
  readonly ends_at: number
  readonly arrived_at: number
  readonly closed_at: number | null
}

function periodOf({
  starts_at: start,
  ends_at: end,
  arrived_at: arrivedAt,
  closed_at: closedAt,
  ...row
}: Row): StoredPeriod {
  return { ...row, start, end, arrivedAt, closedAt }
}
