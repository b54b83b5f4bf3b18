import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import { DriftError } from '../../errors.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** Type of `bigint` in PostgreSQL; all of ours are exact as numbers. */
const INT8 = 20

type Parser = (text: string) => unknown

/** Opens a database by its address, `postgres://user:password@host/name`; throws DriftError where nobody answers. */
export async function openPostgres(
  address: string,
  onLost: (error: Error) => void,
): Promise<Database> {
  const pool = new Pool({
    connectionString: address,
    max: 8,
    connectionTimeoutMillis: 10_000,
    application_name: 'pixeldrift',
    keepAlive: true,
    // Whatever a transaction of another process has come to, it is not waited for without end.
    lock_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary'): Parser =>
        type === INT8 ? Number : (types.getTypeParser(type, format) as Parser),
    },
  })
  // A connection that breaks must not end the process, whether idle or in use; the next query opens another.
  pool.on('error', onLost)
  pool.on('connect', (client) => void client.on('error', onLost))
  await greet(pool, address)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    kind: 'postgres',
    db,
    columnTypes: { bytes: 'bytea', integer: 'bigint', real: 'double precision' },
    // Its own autovacuum does it.
    compact: async () => {},
    close: () => db.destroy(),
  }
}

async function greet(pool: Pool, address: string): Promise<void> {
  try {
    await pool.query('select 1')
  } catch (cause) {
    await pool.end()
    const { message, code } = cause as NodeJS.ErrnoException
    throw new DriftError(
      'resource.unavailable',
      `expected a PostgreSQL database at ${withoutPassword(address)}, got ${message || code}`,
      { hint: 'Is the server running, and does the database exist?', retryable: true, cause },
    )
  }
}

function withoutPassword(address: string): string {
  return address.replace(/:\/\/([^:@/]*):[^@/]*@/, '://$1:…@')
}
