import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** What is at each place of images; images of before have nothing there. */
export async function placesTable(
  db: Kysely<unknown>,
  { bytes, integer }: ColumnTypes,
): Promise<void> {
  await db.schema
    .createTable('places')
    .addColumn('image', sql.raw<number>(integer), (column) => column.primaryKey())
    .addColumn('cells', sql.raw<Uint8Array>(bytes), (column) => column.notNull())
    .execute()
}
