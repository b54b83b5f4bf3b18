import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** Windows by time, and when images were made; of images of before it is not known. */
export async function periodTables(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  const whole = sql.raw<number>(integer)
  for (const column of ['taken_at', 'draw']) {
    await db.schema.alterTable('measured').addColumn(column, whole).execute()
  }
  await db.schema
    .createIndex('measured_by_time')
    .on('measured')
    .columns(['monitor', 'taken_at'])
    .execute()
  const id =
    integer === 'integer'
      ? db.schema
          .createTable('periods')
          .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      : db.schema
          .createTable('periods')
          .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
  await id
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('starts_at', whole, (column) => column.notNull())
    .addColumn('ends_at', whole, (column) => column.notNull())
    .addColumn('images', whole, (column) => column.notNull())
    .addColumn('late', whole, (column) => column.notNull())
    .addColumn('arrived_at', whole, (column) => column.notNull())
    .addColumn('last', whole)
    .addColumn('closed_at', whole)
    .addColumn('verdict', 'text')
    .addColumn('severity', 'text')
    .addUniqueConstraint('periods_of_one_time', ['monitor', 'kind', 'starts_at', 'ends_at'])
    .execute()
  await db.schema
    .createIndex('periods_unjudged')
    .on('periods')
    .columns(['monitor', 'ends_at'])
    .where(sql.ref('verdict'), 'is', null)
    .execute()
}
