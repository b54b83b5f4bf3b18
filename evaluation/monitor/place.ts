import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoreLocation } from '../../src/monitor/store/index.ts'
import { missingPostgres, startPostgres } from './own-postgres.ts'
import { missingDisk, mountSmallDisk, type SmallDisk } from './small-disk.ts'

/** What is struck: the service, one of two on one database, its processes, its database, or its disk. */
export type Victim = 'service' | 'replica' | 'child' | 'database' | 'disk'

/** A new and empty database, and what can be done to it. */
export type Place = {
  readonly location: StoreLocation
  /** Its server, as after a power cut. */
  readonly restart?: () => Promise<void>
  /** What its files are on. */
  readonly disk?: SmallDisk
  readonly remove: () => Promise<void>
}

/** So small that images of a study have room, and little more. */
const DISK_MEBIBYTES = 160

/** Why this can't be tried here. */
export function missingPlace(database: 'sqlite' | 'postgres', victim: Victim): string | undefined {
  if (database === 'postgres') return missingPostgres()
  return victim === 'disk' ? missingDisk() : undefined
}

/** Makes it below a folder. */
export async function makePlace(
  database: 'sqlite' | 'postgres',
  victim: Victim,
  folder: string,
): Promise<Place> {
  await mkdir(folder, { recursive: true })
  if (database === 'postgres') {
    const server = await startPostgres()
    return {
      location: { postgres: server.address },
      restart: () => server.restart(),
      remove: () => server.stop(),
    }
  }
  if (victim !== 'disk') {
    return { location: { folder: join(folder, 'data') }, remove: async () => {} }
  }
  const disk = mountSmallDisk(join(folder, 'disk'), DISK_MEBIBYTES)
  const location = { folder: join(disk.folder, 'data') }
  return { location, disk, remove: async () => disk.remove() }
}
