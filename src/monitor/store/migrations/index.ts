import { Migrator, type Migration } from 'kysely/migration'
import { DriftError } from '../../../errors.ts'
import type { Database } from '../database.ts'
import { alertMutes } from './alert-mutes.ts'
import { feedTables } from './feed-tables.ts'
import { firstTables } from './first-tables.ts'
import { groundTruthTables } from './ground-truth-tables.ts'
import { guardsTable } from './guards-table.ts'
import { jobsTable } from './jobs-table.ts'
import { periodTables } from './period-tables.ts'
import { placesTable } from './places-table.ts'
import { thumbnailsTable } from './thumbnails-table.ts'

/** Brings the tables to what this version needs, one process at a time; throws DriftError where they are of a newer one. */
export async function migrate({ db, columnTypes }: Database): Promise<void> {
  const migrations: Record<string, Migration> = {
    '0001-first-tables': { up: (own) => firstTables(own, columnTypes) },
    '0002-alert-mutes': { up: (own) => alertMutes(own, columnTypes) },
    '0003-ground-truth': { up: (own) => groundTruthTables(own, columnTypes) },
    '0004-guards': { up: guardsTable },
    '0005-feed': { up: (own) => feedTables(own, columnTypes) },
    '0006-periods': { up: (own) => periodTables(own, columnTypes) },
    '0007-thumbnails': { up: (own) => thumbnailsTable(own, columnTypes) },
    '0008-jobs': { up: (own) => jobsTable(own, columnTypes) },
    '0009-places': { up: (own) => placesTable(own, columnTypes) },
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  throw new DriftError(
    'artifact.version',
    `expected a database of this version of pixeldrift or an older one, got ${(error as Error).message}`,
    { hint: 'Use the version that wrote it, or a newer one.', cause: error },
  )
}
