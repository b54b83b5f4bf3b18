import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** What the two databases call the same thing. */
export type ColumnTypes = {
  readonly bytes: 'blob' | 'bytea'
  readonly integer: 'integer' | 'bigint'
  readonly real: 'real' | 'double precision'
}

/** An open database, whichever it is. */
export type Database = {
  readonly kind: 'sqlite' | 'postgres'
  readonly db: Kysely<Tables>
  readonly columnTypes: ColumnTypes
  /** Gives space that was freed back to the disk, some of it at a time. */
  readonly compact: () => Promise<void>
  /** Ends connections and locks. */
  readonly close: () => Promise<void>
}

/** Queries run on either. */
export type Queries = Kysely<Tables> | Transaction<Tables>
