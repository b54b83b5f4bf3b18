import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** Alerts know what was told of them, and until when nobody wants to hear of them. */
export async function alertMutes(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  const whole = sql.raw<number>(integer)
  for (const [name, type] of [
    ['told_at', whole],
    ['told_as', 'text'],
    ['muted_until', whole],
    ['muted_by', 'text'],
    ['muted_reason', 'text'],
  ] as const) {
    await db.schema.alterTable('alerts').addColumn(name, type).execute()
  }
  await sql`update alerts set told_at = changed_at,
    told_as = case when state = 'resolved' then 'resolved' else 'open' end`.execute(db)
  await db.schema.createIndex('outbox_by_alert').on('outbox').column('alert').execute()
}
