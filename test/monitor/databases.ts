/** Databases for tests: SQLite in a folder of its own, PostgreSQL where a server is named. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { openStore, type Store, type StoreLocation } from '../../src/monitor/store/index.ts'

/** A database of one kind that is made and thrown away. */
export type TestDatabase = {
  readonly name: string
  /** Why it can't be used here. */
  readonly skip: string | false
  /** A new and empty one. */
  readonly make: () => Promise<{
    readonly location: StoreLocation
    readonly remove: () => Promise<void>
  }>
}

/** An empty name is that of no server. */
const server = process.env['PIXELDRIFT_TEST_POSTGRES'] || undefined

/** Both. */
export const DATABASES: readonly TestDatabase[] = [
  {
    name: 'SQLite',
    skip: false,
    make: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-store-'))
      return {
        location: { folder: join(folder, 'data') },
        remove: async () => rmSync(folder, { recursive: true }),
      }
    },
  },
  {
    name: 'PostgreSQL',
    skip: server === undefined && 'PIXELDRIFT_TEST_POSTGRES names no server; .ci/run starts one',
    make: async () => {
      const name = `test_${randomBytes(6).toString('hex')}`
      await ask(`create database ${name}`)
      const address = new URL(server ?? '')
      address.pathname = name
      return {
        location: { postgres: address.href },
        remove: () => ask(`drop database ${name} with (force)`),
      }
    },
  },
]

async function ask(statement: string): Promise<void> {
  const client = new Client({ connectionString: server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Runs with a store that is empty, and throws it away. */
export async function withStore(
  database: TestDatabase,
  act: (store: Store, location: StoreLocation) => Promise<void>,
): Promise<void> {
  const { location, remove } = await database.make()
  try {
    const store = await openStore(location)
    try {
      await act(store, location)
    } finally {
      await store.close()
    }
  } finally {
    await remove()
  }
}
