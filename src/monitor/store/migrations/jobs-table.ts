import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** Work that takes its time. */
export async function jobsTable(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  const whole = sql.raw<number>(integer)
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reference', 'text', (column) => column.notNull())
    .addColumn('created_at', whole, (column) => column.notNull())
    .addColumn('changed_at', whole, (column) => column.notNull())
    .addColumn('alive_until', whole, (column) => column.notNull())
    .addColumn('progress', 'text')
    .addColumn('detector', 'text')
    .addColumn('error', 'text')
    .execute()
}
