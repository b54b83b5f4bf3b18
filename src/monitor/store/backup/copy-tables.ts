import { type RawBuilder, sql } from 'kysely'
import type { Database, Queries } from '../database.ts'
import { COUNTED, TABLE_KEYS } from './table-keys.ts'

type Side = { readonly db: Queries; readonly kind: Database['kind'] }

type Row = Readonly<Record<string, unknown>>

/** Rows at once; of those with large columns few. */
const TOGETHER = 500
const FEW = 8
const LARGE = new Set(['image_bytes', 'thumbnails', 'detectors', 'windows', 'periods', 'streams'])

/** Copies every row of every table into tables that have none, and where counting goes on. */
export async function copyTables(from: Side, to: Side): Promise<void> {
  for (const [table, keys] of Object.entries(TABLE_KEYS)) {
    await sql`delete from ${sql.table(table)}`.execute(to.db)
    const most = LARGE.has(table) ? FEW : TOGETHER
    let after: Row | undefined
    for (;;) {
      const rows = await rowsAfter(from.db, table, { keys, after, most })
      if (rows.length === 0) break
      await insertRows(to, table, rows)
      after = rows.at(-1)
    }
  }
  for (const [table, column] of COUNTED) await copyCount({ from, to, table, column })
}

async function rowsAfter(
  db: Queries,
  table: string,
  {
    keys,
    after,
    most,
  }: { readonly keys: readonly string[]; readonly after: Row | undefined; readonly most: number },
): Promise<readonly Row[]> {
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  const where =
    after === undefined
      ? sql``
      : sql`where (${columns}) > (${sql.join(keys.map((key) => sql`${after[key]}`))})`
  const { rows } = await sql<Row>`
    select * from ${sql.table(table)} ${where} order by ${columns} limit ${sql.lit(most)}`.execute(
    db,
  )
  return rows
}

async function insertRows({ db, kind }: Side, table: string, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {})
  const own = kind === 'postgres' ? sql`overriding system value` : sql``
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => sql`${row[name]}`))})`)
  await sql`
    insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))}) ${own}
    values ${sql.join(values)}`.execute(db)
}

type Counted = {
  readonly from: Side
  readonly to: Side
  readonly table: string
  readonly column: string
}

/** A number that was given away before is given to nothing else, whether its row is there still or not. */
async function copyCount({ from, to, table, column }: Counted): Promise<void> {
  const sequence = (): RawBuilder<unknown> => sql`pg_get_serial_sequence(${table}, ${column})`
  const last =
    from.kind === 'postgres'
      ? sql<{ last: number | string }>`
          select coalesce(pg_sequence_last_value(${sequence()}::regclass), 0) as last`
      : sql<{
          last: number | string
        }>`select seq as last from sqlite_sequence where name = ${table}`
  const { rows } = await last.execute(from.db)
  const count = Number(rows[0]?.last ?? 0)
  if (count === 0) return
  if (to.kind === 'postgres') {
    await sql`select setval(${sequence()}::regclass, ${count})`.execute(to.db)
    return
  }
  await sql`delete from sqlite_sequence where name = ${table}`.execute(to.db)
  await sql`insert into sqlite_sequence (name, seq) values (${table}, ${count})`.execute(to.db)
}
