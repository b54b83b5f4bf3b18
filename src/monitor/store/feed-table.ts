import type { Queries } from './database.ts'

/** Something that whoever listens is told at once. */
export type FeedItem = {
  readonly monitor: string
  /** `event`, `window`, `alert`. */
  readonly type: string
  /** JSON. */
  readonly data: string
  readonly at: number
}

/** The same with its number: they have no gaps, and come to be seen in their order. */
export type StoredFeedItem = FeedItem & { readonly id: number }

/** What those who listen live are told, the last so many. */
export type FeedTable = {
  /** Last of all in a transaction: nobody else can add to the feed before its end. */
  append(items: readonly FeedItem[]): Promise<void>
  /** Those after a number, in their order. */
  after(id: number, options: FeedOptions): Promise<StoredFeedItem[]>
  /** Numbers of the first that is kept and of the last there was; 1 and 0 where there was none. */
  bounds(): Promise<{ readonly first: number; readonly last: number }>
  /** Drops all but the last so many. */
  keep(most: number): Promise<void>
}

type FeedOptions = { readonly monitor?: string | undefined; readonly most: number }

/** Queries of the feed. */
export function feedTable(db: Queries): FeedTable {
  const lastOf = async (): Promise<number> =>
    (await db.selectFrom('feed_ends').select('last').executeTakeFirstOrThrow()).last
  return {
    append: async (items) => {
      if (items.length === 0) return
      // The row is held to the end of the transaction: numbers become visible in their order.
      const { last } = await db
        .updateTable('feed_ends')
        .set((build) => ({ last: build('last', '+', items.length) }))
        .returning('last')
        .executeTakeFirstOrThrow()
      const rows = items.map((item, i) => Object.assign({ id: last - items.length + 1 + i }, item))
      await db.insertInto('feed').values(rows).execute()
    },
    after: async (id, { monitor, most }) => {
      let query = db.selectFrom('feed').selectAll().where('id', '>', id)
      if (monitor !== undefined) query = query.where('monitor', '=', monitor)
      return query.orderBy('id').limit(most).execute()
    },
    bounds: async () => {
      const last = await lastOf()
      const { first } = await db
        .selectFrom('feed')
        .select(({ fn }) => fn.min('id').as('first'))
        .executeTakeFirstOrThrow()
      return { first: first ?? last + 1, last }
    },
    keep: async (most) => {
      await db
        .deleteFrom('feed')
        .where('id', '<=', (await lastOf()) - most)
        .execute()
    },
  }
}
