import { chmod, mkdtemp, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sql } from 'kysely'
import { DriftError } from '../../../errors.ts'
import { migrate } from '../migrations/index.ts'
import { openPostgres } from '../open-postgres.ts'
import { openSqlite, SQLITE_FILE } from '../open-sqlite.ts'
import { openStore, type StoreLocation } from '../store.ts'
import { copyTables } from './copy-tables.ts'

/** What the log says of it, so that a file is known as a backup, and of when. */
export const BACKUP = 'backup'

/**
 * Writes all that a database holds at one moment into one file of SQLite, whichever database it is and while a service is
 * at work on it; whole or not at all. Throws DriftError where there is such a file already, or no database.
 */
export async function writeBackup(
  location: StoreLocation,
  path: string,
  { at }: { readonly at: number },
): Promise<void> {
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    throw new DriftError('output.unwritable', `expected a new file, got ${path}, which there is`, {
      hint: 'Give the backup another name.',
    })
  }
  const folder = await mkdtemp(join(dirname(resolve(path)), '.pixeldrift-backup-'))
  try {
    if ('folder' in location) await copyFolder(location.folder, folder)
    else await copyPostgres(location.postgres, folder)
    const copy = await openStore({ folder })
    await copy.access.record({ at, who: 'command', what: BACKUP, facts: {} })
    await copy.close()
    const written = join(folder, SQLITE_FILE)
    await chmod(written, 0o600)
    const file = await open(written, 'r+')
    await file.sync()
    await file.close()
    await rename(written, path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** One statement reads all of it as it was when it began; whoever writes meanwhile goes on. */
async function copyFolder(from: string, folder: string): Promise<void> {
  if ((await stat(join(from, SQLITE_FILE)).catch(() => undefined)) === undefined) {
    throw new DriftError(
      'source.unreadable',
      `expected the data of a service in ${from}, found none`,
    )
  }
  const source = openSqlite(from, { isAlone: false })
  try {
    await sql`vacuum into ${join(folder, SQLITE_FILE)}`.execute(source.db)
  } finally {
    await source.close()
  }
}

/** One transaction that sees the database as it was when it began. */
async function copyPostgres(address: string, folder: string): Promise<void> {
  const source = await openPostgres(address, () => {})
  const target = openSqlite(folder, { isAlone: true })
  try {
    await migrate(target)
    const snapshot = source.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
    await snapshot.execute((from) =>
      target.db
        .transaction()
        .execute((to) => copyTables({ db: from, kind: 'postgres' }, { db: to, kind: 'sqlite' })),
    )
  } finally {
    await target.close()
    await source.close()
  }
}
