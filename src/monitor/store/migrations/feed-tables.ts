import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** What those who listen live are told. */
export async function feedTables(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  const whole = sql.raw<number>(integer)
  await db.schema
    .createTable('feed')
    .addColumn('id', whole, (column) => column.primaryKey())
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('at', whole, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('feed_ends')
    .addColumn('last', whole, (column) => column.notNull())
    .execute()
  await sql`insert into feed_ends (last) values (0)`.execute(db)
}
