import { copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { DriftError } from '../../../errors.ts'
import type { Database, Queries } from '../database.ts'
import { migrate } from '../migrations/index.ts'
import { openPostgres } from '../open-postgres.ts'
import { openSqlite, SQLITE_FILE } from '../open-sqlite.ts'
import { type StoreLocation, type Tables, tablesOf } from '../store.ts'
import { copyTables } from './copy-tables.ts'
import { BACKUP } from './write-backup.ts'

/** Within the transaction that puts it back: says what is missing since the backup was made. */
type Record = (tables: Tables, backedUpAt: number) => Promise<void>

/** Puts a backup back into a database that is empty, of either kind; whole or not at all. Throws DriftError otherwise. */
export async function restoreBackup(
  path: string,
  location: StoreLocation,
  record: Record,
): Promise<void> {
  if ('folder' in location) await intoFolder(path, location.folder, record)
  else await intoPostgres(path, location.postgres, record)
}

async function intoFolder(path: string, folder: string, record: Record): Promise<void> {
  const file = join(folder, SQLITE_FILE)
  if ((await stat(file).catch(() => undefined)) !== undefined) throw notEmpty(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const work = await mkdtemp(join(folder, '.restoring-'))
  try {
    const { database, at } = await openCopy(path, work)
    try {
      await database.db.transaction().execute((db) => finish(db, at, record))
    } finally {
      await database.close()
    }
    await rename(join(work, SQLITE_FILE), file)
  } finally {
    await rm(work, { recursive: true })
  }
}

async function intoPostgres(path: string, address: string, record: Record): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'pixeldrift-restore-'))
  try {
    const { database: source, at } = await openCopy(path, work)
    const target = await openPostgres(address, () => {})
    try {
      await migrate(target)
      await target.db.transaction().execute(async (db) => {
        const { monitors, access, inbox } = tablesOf(db)
        const known = [await monitors.all(), await monitors.detectors(), await access.all()].flat()
        if (known.length > 0 || (await inbox.backlog()).images > 0) throw notEmpty('the database')
        await copyTables({ db: source.db, kind: 'sqlite' }, { db, kind: 'postgres' })
        await finish(db, at, record)
      })
    } finally {
      await target.close()
      await source.close()
    }
  } finally {
    await rm(work, { recursive: true })
  }
}

async function finish(db: Queries, at: number, record: Record): Promise<void> {
  const tables = tablesOf(db)
  await tables.leases.clear()
  await record(tables, at)
}

/** A copy that is brought up to date, and when the backup was made. */
async function openCopy(
  path: string,
  work: string,
): Promise<{ readonly database: Database; readonly at: number }> {
  await copyFile(path, join(work, SQLITE_FILE)).catch((cause: NodeJS.ErrnoException) => {
    throw new DriftError('source.unreadable', `expected a backup in ${path}, got ${cause.code}`, {
      cause,
    })
  })
  let database: Database | undefined
  try {
    database = openSqlite(work, { isAlone: true })
    const { rows } = await sql<{ quick_check: string }>`pragma quick_check`.execute(database.db)
    if (rows[0]?.quick_check !== 'ok') throw new Error(rows[0]?.quick_check)
    await migrate(database)
    const [last] = await tablesOf(database.db).access.audit(1)
    if (last?.what !== BACKUP) throw new Error('a database that no backup wrote')
    return { database, at: last.at }
  } catch (cause) {
    await database?.close()
    if (cause instanceof DriftError) throw cause
    const { message } = cause as Error
    throw new DriftError('artifact.corrupt', `expected a backup in ${path}, got ${message}`, {
      cause,
      hint: 'A backup is a file written by: npx pixeldrift backup <file>',
    })
  }
}

function notEmpty(where: string): DriftError {
  return new DriftError('output.unwritable', `expected no data yet, found some in ${where}`, {
    hint: 'Put a backup back where there is nothing: --data <folder>, or an empty database.',
  })
}
