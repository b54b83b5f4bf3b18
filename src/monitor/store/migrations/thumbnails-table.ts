import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** Small pictures of images. */
export async function thumbnailsTable(
  db: Kysely<unknown>,
  { bytes, integer }: ColumnTypes,
): Promise<void> {
  await db.schema
    .createTable('thumbnails')
    .addColumn('image', sql.raw<number>(integer), (column) => column.primaryKey())
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('bytes', sql.raw<Uint8Array>(bytes), (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('thumbnails_by_monitor_image')
    .on('thumbnails')
    .columns(['monitor', 'image'])
    .execute()
}
