import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type Dialect,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely'
import { DriftError } from '../../errors.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** The file of the database within its folder. */
export const SQLITE_FILE = 'monitor.sqlite'
const LOCK = 'lock.sqlite'

/** Opens the database of a folder, which is made where there is none; throws DriftError where another service has it, unless one may be beside. */
export function openSqlite(folder: string, { isAlone }: { readonly isAlone: boolean }): Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = isAlone ? lockFolder(folder) : undefined
  const own = new DatabaseSync(join(folder, SQLITE_FILE))
  own.exec(PRAGMAS)
  const db = new Kysely<Tables>({ dialect: dialectOf(adapt(own)) })
  return {
    kind: 'sqlite',
    db,
    columnTypes: { bytes: 'blob', integer: 'integer', real: 'real' },
    compact: async () => own.exec(`pragma incremental_vacuum(${FREED_PAGES})`),
    close: async () => {
      await db.destroy()
      if (own.isOpen) own.close()
      lock?.close()
    },
  }
}

/** Of 4 KiB: nobody waits for them longer than some milliseconds. */
const FREED_PAGES = 2000

/** FULL: what was committed outlives a power cut. Space that is freed is given back when it is asked for. */
const PRAGMAS = `
  pragma auto_vacuum = incremental;
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma busy_timeout = 5000;
  pragma journal_size_limit = 67108864;
`

/** SQLite changes tables within transactions too, so that a kill leaves no half of a migration. */
function dialectOf(database: SqliteDatabase): Dialect {
  const sqlite = new SqliteDialect({ database })
  return {
    createAdapter: () =>
      Object.defineProperty(sqlite.createAdapter(), 'supportsTransactionalDdl', { value: true }),
    createDriver: () => sqlite.createDriver(),
    createIntrospector: (db) => sqlite.createIntrospector(db),
    createQueryCompiler: () => sqlite.createQueryCompiler(),
  }
}

/** A lock that the system takes away from a process that ends, however it ends. */
function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, LOCK))
  try {
    lock.exec('pragma busy_timeout = 0; pragma journal_mode = delete; begin exclusive;')
    return lock
  } catch (cause) {
    lock.close()
    throw new DriftError(
      'resource.busy',
      `expected a folder of its own, found another service at work in ${folder}`,
      { hint: 'Stop that one first, or give this one another folder: --data <folder>.', cause },
    )
  }
}

/** Statements that are kept ready; those with many rows are of many lengths. */
const MOST_PREPARED = 200

/** What Kysely asks of better-sqlite3, by the database built into Node. */
function adapt(own: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>()
  return {
    close: () => own.close(),
    prepare: (sql) => {
      const known = prepared.get(sql)
      if (known !== undefined) return known
      if (prepared.size >= MOST_PREPARED) prepared.clear()
      const statement = sql === 'rollback' ? rollbackOf(own) : adaptStatement(own.prepare(sql))
      prepared.set(sql, statement)
      return statement
    },
  }
}

/** On a full disk and the like SQLite has rolled back by itself, and to do so again would hide why. */
function rollbackOf(own: DatabaseSync): SqliteStatement {
  const statement = adaptStatement(own.prepare('rollback'))
  const run: SqliteStatement['run'] = (parameters) =>
    own.isTransaction ? statement.run(parameters) : { changes: 0, lastInsertRowid: 0 }
  return { ...statement, run }
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => [
    ...(parameters as SQLInputValue[]),
  ]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  }
}
