import type { Kysely } from 'kysely'

/** What guards remember of each source. */
export async function guardsTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('guards')
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('guards_of_one_source', ['monitor', 'source'])
    .execute()
}
