import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

type Column = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder

const needed: Column = (column) => column.notNull()
const key: Column = (column) => column.primaryKey()

/** The tables of the first version. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one table after the other
export async function firstTables(
  db: Kysely<unknown>,
  { bytes, integer, real }: ColumnTypes,
): Promise<void> {
  const whole = sql.raw<number>(integer)
  const blob = sql.raw<Uint8Array>(bytes)
  const number = sql.raw<number>(real)
  const create = (name: string) => db.schema.createTable(name)
  const counted = (table: CreateTableBuilder<string>, name: string) =>
    integer === 'integer'
      ? table.addColumn(name, 'integer', (column) => column.primaryKey().autoIncrement())
      : table.addColumn(name, 'bigint', (column) => key(column).generatedAlwaysAsIdentity())

  await create('detectors')
    .addColumn('id', 'text', key)
    .addColumn('artifact', blob, needed)
    .addColumn('added_at', whole, needed)
    .execute()
  await create('monitors')
    .addColumn('id', 'text', key)
    .addColumn('detector', 'text', needed)
    .addColumn('settings', 'text', needed)
    .addColumn('created_at', whole, needed)
    .execute()
  await counted(create('images'), 'number')
    .addColumn('monitor', 'text', needed)
    .addColumn('prediction_id', 'text', needed)
    .addColumn('digest', 'text', needed)
    .addColumn('size', whole, needed)
    .addColumn('source', 'text')
    .addColumn('taken_at', 'text')
    .addColumn('facts', 'text', needed)
    .addColumn('received_at', whole, needed)
    .addColumn('state', 'text', needed)
    .addUniqueConstraint('images_of_one_name', ['monitor', 'prediction_id'])
    .execute()
  await db.schema
    .createIndex('images_pending')
    .on('images')
    .columns(['monitor', 'number', 'size'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute()
  await db.schema
    .createIndex('images_by_age')
    .on('images')
    .columns(['monitor', 'received_at'])
    .where(sql.ref('state'), '!=', sql.lit('forgotten'))
    .execute()
  await create('image_bytes')
    .addColumn('image', whole, key)
    .addColumn('monitor', 'text', needed)
    .addColumn('bytes', blob, needed)
    .execute()
  await createIndex(db, 'image_bytes', ['monitor', 'image'])
  await create('measured')
    .addColumn('image', whole, key)
    .addColumn('monitor', 'text', needed)
    .addColumn('position', whole, needed)
    .addColumn('hash', whole, needed)
    .addColumn('record', 'text', needed)
    .addColumn('numbers', blob, needed)
    .addUniqueConstraint('measured_once', ['monitor', 'position'])
    .execute()
  await create('skipped')
    .addColumn('image', whole, key)
    .addColumn('monitor', 'text', needed)
    .addColumn('position', whole, needed)
    .addColumn('code', 'text', needed)
    .addColumn('message', 'text', needed)
    .addColumn('skipped_at', whole, needed)
    .execute()
  await createIndex(db, 'skipped', ['monitor', 'position'])
  await create('watches')
    .addColumn('monitor', 'text', key)
    .addColumn('position', whole, needed)
    .addColumn('skipped', whole, needed)
    .addColumn('stamp', 'text', needed)
    .execute()
  await create('streams')
    .addColumn('monitor', 'text', needed)
    .addColumn('source', 'text', needed)
    .addColumn('state', blob, needed)
    .addColumn('status', 'text', needed)
    .addColumn('images', whole, needed)
    .addColumn('evidence', number, needed)
    .addColumn('last_at', whole, needed)
    .addColumn('recovered_at', whole)
    .addPrimaryKeyConstraint('streams_of_one_source', ['monitor', 'source'])
    .execute()
  await counted(create('events'), 'id')
    .addColumn('monitor', 'text', needed)
    .addColumn('source', 'text', needed)
    .addColumn('kind', 'text', needed)
    .addColumn('event', 'text', needed)
    .addColumn('told_at', whole, needed)
    .execute()
  await createIndex(db, 'events', ['monitor', 'id'])
  await create('windows')
    .addColumn('monitor', 'text', needed)
    .addColumn('number', whole, needed)
    .addColumn('first', whole, needed)
    .addColumn('last', whole, needed)
    .addColumn('closed_at', whole, needed)
    .addColumn('verdict', 'text')
    .addColumn('severity', 'text')
    .addPrimaryKeyConstraint('windows_of_one_number', ['monitor', 'number'])
    .execute()
  await db.schema
    .createIndex('windows_unjudged')
    .on('windows')
    .columns(['monitor', 'number'])
    .where(sql.ref('verdict'), 'is', null)
    .execute()
  await alertTables(db, whole)
  await accessTables(db, counted, whole)
}

type Whole = ReturnType<typeof sql.raw<number>>

async function alertTables(db: Kysely<unknown>, whole: Whole): Promise<void> {
  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', key)
    .addColumn('monitor', 'text', needed)
    .addColumn('source', 'text', needed)
    .addColumn('rule', 'text', needed)
    .addColumn('state', 'text', needed)
    .addColumn('opened_at', whole, needed)
    .addColumn('changed_at', whole, needed)
    .addColumn('times', whole, needed)
    .addColumn('summary', 'text', needed)
    .addColumn('findings', 'text', needed)
    .execute()
  await createIndex(db, 'alerts', ['monitor', 'source', 'rule'])
  await db.schema
    .createTable('outbox')
    .addColumn('id', 'text', key)
    .addColumn('alert', 'text', needed)
    .addColumn('channel', 'text', needed)
    .addColumn('message', 'text', needed)
    .addColumn('attempts', whole, needed)
    .addColumn('due_at', whole)
    .addColumn('claimed_until', whole, needed)
    .addColumn('delivered_at', whole)
    .addColumn('error', 'text')
    .addColumn('created_at', whole, needed)
    .execute()
  await createIndex(db, 'outbox', ['due_at'])
}

async function accessTables(
  db: Kysely<unknown>,
  counted: (table: CreateTableBuilder<string>, name: string) => CreateTableBuilder<string>,
  whole: Whole,
): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', key)
    .addColumn('owner', 'text', needed)
    .addColumn('epoch', whole, needed)
    .addColumn('until', whole, needed)
    .execute()
  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', key)
    .addColumn('name', 'text', needed)
    .addColumn('digest', 'text', needed)
    .addColumn('scopes', 'text', needed)
    .addColumn('created_at', whole, needed)
    .addColumn('expires_at', whole)
    .addColumn('revoked_at', whole)
    .execute()
  await counted(db.schema.createTable('audit'), 'id')
    .addColumn('at', whole, needed)
    .addColumn('who', 'text', needed)
    .addColumn('what', 'text', needed)
    .addColumn('facts', 'text', needed)
    .execute()
}

async function createIndex(
  db: Kysely<unknown>,
  table: string,
  columns: readonly string[],
): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns([...columns])
    .execute()
}
