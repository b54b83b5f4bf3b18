import type { Queries } from './database.ts'

/** A token, without its secret. */
export type StoredToken = {
  readonly id: string
  readonly name: string
  /** SHA-256 of the secret. */
  readonly digest: string
  readonly scopes: readonly string[]
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

/** Who did what. */
export type AuditEntry = {
  readonly at: number
  readonly who: string
  readonly what: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** Tokens, and who changed what. */
export type AccessTable = {
  add(token: StoredToken): Promise<void>
  byId(id: string): Promise<StoredToken | undefined>
  all(): Promise<StoredToken[]>
  /** False where there is none of that id, or it is revoked already. */
  revoke(id: string, at: number): Promise<boolean>
  record(entry: AuditEntry): Promise<void>
  /** The last ones, newest first. */
  audit(most: number): Promise<AuditEntry[]>
}

/** Queries of tokens and of the audit log. */
export function accessTable(db: Queries): AccessTable {
  return {
    add: async ({ scopes, createdAt, expiresAt, revokedAt, ...token }) => {
      await db
        .insertInto('tokens')
        .values({
          ...token,
          scopes: scopes.join(','),
          created_at: createdAt,
          expires_at: expiresAt,
          revoked_at: revokedAt,
        })
        .execute()
    },
    byId: async (id) => {
      const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
      return row && tokenOf(row)
    },
    all: async () => {
      const rows = await db
        .selectFrom('tokens')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(tokenOf)
    },
    revoke: async (id, at) => {
      const { numUpdatedRows } = await db
        .updateTable('tokens')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    record: async ({ facts, ...entry }) => {
      await db
        .insertInto('audit')
        .values({ ...entry, facts: JSON.stringify(facts) })
        .execute()
    },
    audit: async (most) => {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(most)
        .execute()
      return rows.map(({ at, who, what, facts }) => ({
        at,
        who,
        what,
        facts: JSON.parse(facts) as AuditEntry['facts'],
      }))
    },
  }
}

type Row = Pick<StoredToken, 'id' | 'name' | 'digest'> & {
  readonly scopes: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
}

function tokenOf({ id, name, digest, ...row }: Row): StoredToken {
  return {
    id,
    name,
    digest,
    scopes: row.scopes.split(','),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
