import type { Queries } from './database.ts'

/** Something that happened in a stream; the empty source stands for all together. */
export type StoredEvent = {
  readonly id: number
  readonly monitor: string
  readonly source: string
  readonly kind: string
  /** JSON. */
  readonly event: string
  readonly toldAt: number
}

/** A stretch of counted images, by their positions. */
export type StoredWindow = {
  readonly monitor: string
  readonly number: number
  readonly first: number
  readonly last: number
  readonly closedAt: number
  /** JSON; null while it waits for it. */
  readonly verdict: string | null
  readonly severity: string | null
}

/** What was found. */
export type EventsTable = {
  /** Returns their ids. */
  add(events: readonly Omit<StoredEvent, 'id'>[]): Promise<number[]>
  /** The last ones, newest first. */
  last(monitor: string, options: PageOptions): Promise<StoredEvent[]>
  byId(monitor: string, id: number): Promise<StoredEvent | undefined>
  closeWindows(windows: readonly StoredWindow[]): Promise<void>
  unjudged(monitor: string): Promise<StoredWindow | undefined>
  /** False where it has one already. */
  judged(window: StoredWindow): Promise<boolean>
  /** The last ones, newest first. */
  windows(monitor: string, options: PageOptions): Promise<StoredWindow[]>
  window(monitor: string, number: number): Promise<StoredWindow | undefined>
}

type PageOptions = { readonly most: number; readonly before?: number | undefined }

/** Queries of events and windows. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function eventsTable(db: Queries): EventsTable {
  const windowsOf = (monitor: string) =>
    db.selectFrom('windows').selectAll().where('monitor', '=', monitor)
  return {
    add: async (events) => {
      if (events.length === 0) return []
      const rows = events.map(({ toldAt, ...event }) => ({ ...event, told_at: toldAt }))
      const added = await db.insertInto('events').values(rows).returning('id').execute()
      return added.map(({ id }) => id)
    },
    last: async (monitor, { most, before }) => {
      let query = db.selectFrom('events').selectAll().where('monitor', '=', monitor)
      if (before !== undefined) query = query.where('id', '<', before)
      const rows = await query.orderBy('id', 'desc').limit(most).execute()
      return rows.map(eventOf)
    },
    byId: async (monitor, id) => {
      const row = await db
        .selectFrom('events')
        .selectAll()
        .where('monitor', '=', monitor)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && eventOf(row)
    },
    closeWindows: async (windows) => {
      if (windows.length === 0) return
      const rows = windows.map(({ closedAt, ...window }) => ({ ...window, closed_at: closedAt }))
      await db.insertInto('windows').values(rows).execute()
    },
    unjudged: async (monitor) => {
      const row = await windowsOf(monitor)
        .where('verdict', 'is', null)
        .orderBy('number')
        .limit(1)
        .executeTakeFirst()
      return row && windowOf(row)
    },
    judged: async ({ monitor, number, verdict, severity }) => {
      const { numUpdatedRows } = await db
        .updateTable('windows')
        .set({ verdict, severity })
        .where('monitor', '=', monitor)
        .where('number', '=', number)
        .where('verdict', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    windows: async (monitor, { most, before }) => {
      const query = windowsOf(monitor)
      const rows = await (before === undefined ? query : query.where('number', '<', before))
        .orderBy('number', 'desc')
        .limit(most)
        .execute()
      return rows.map(windowOf)
    },
    window: async (monitor, number) => {
      const row = await windowsOf(monitor).where('number', '=', number).executeTakeFirst()
      return row && windowOf(row)
    },
  }
}

type EventRow = Omit<StoredEvent, 'toldAt'> & { readonly told_at: number }

function eventOf({ told_at: toldAt, ...row }: EventRow): StoredEvent {
  return { ...row, toldAt }
}

type WindowRow = Omit<StoredWindow, 'closedAt'> & { readonly closed_at: number }

function windowOf({ closed_at: closedAt, ...row }: WindowRow): StoredWindow {
  return { ...row, closedAt }
}
