import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AccessTable, StoredToken } from '../store/index.ts'
import { Problem } from './problem.ts'

/** What a token may be used for; `admin` is everything. */
export const SCOPES = ['ingest', 'read', 'admin'] as const

/** What a token may be used for. */
export type Scope = (typeof SCOPES)[number]

/** A new token: what is stored of it, and what its owner is told once. */
export function createToken({
  name,
  scopes,
  now,
  expiresAt,
}: {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly now: number
  readonly expiresAt: number | null
}): { readonly stored: StoredToken; readonly token: string } {
  const id = randomBytes(6).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  const stored = {
    id,
    name,
    digest: digestOf(secret),
    scopes,
    createdAt: now,
    expiresAt,
    revokedAt: null,
  }
  return { stored, token: `pdt_${id}_${secret}` }
}

/** 256 random bits: a slow hash would only slow requests down. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Who asks. */
export type Caller = {
  /** Of the token; null without one. */
  readonly token: string | null
  readonly name: string
  readonly scopes: readonly string[]
}

/** Whoever reaches a service that has no token: it listens to this machine alone. */
export const LOCAL: Caller = { token: null, name: 'local', scopes: ['admin'] }

/** The owner of a token; throws Problem(401) where it is none that counts. */
export async function readToken(
  header: string | undefined,
  access: AccessTable,
  now: number,
): Promise<Caller> {
  const [, id, secret] = /^Bearer pdt_([0-9a-f]{12})_([\w-]{43})$/i.exec(header ?? '') ?? []
  if (id === undefined || secret === undefined) {
    throw new Problem(
      401,
      'request.unauthenticated',
      header === undefined ? 'expected a token, got none' : 'expected a token, got something else',
      'Send the header `Authorization: Bearer pdt_…`; `npx pixeldrift token create --name cameras --scope ingest` makes a token.',
    )
  }
  const stored = await access.byId(id)
  const isItself = timingSafeEqual(
    Buffer.from(digestOf(secret)),
    Buffer.from(stored?.digest ?? digestOf('')),
  )
  const isValid =
    stored !== undefined &&
    isItself &&
    stored.revokedAt === null &&
    (stored.expiresAt === null || stored.expiresAt > now)
  if (isValid) return { token: id, name: stored.name, scopes: stored.scopes }
  throw new Problem(401, 'request.unauthenticated', 'expected a token that is valid, got another')
}

/** Throws Problem(403) where the caller may not do such a thing. */
export function requireScope({ name, scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope) || scopes.includes('admin')) return
  throw new Problem(
    403,
    'request.forbidden',
    `expected a token for ${scope}, got ${name}, which is for ${scopes.join(', ')}`,
  )
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

/**
 * Without tokens a page in a browser of this machine must not speak for its user: neither by a name that it made point
 * here, nor from another origin.
 */
export function requireLocal({
  host = '',
  origin,
  'sec-fetch-site': site,
}: Readonly<Record<string, string | string[] | undefined>>): void {
  const isForeign =
    (origin !== undefined && origin !== `http://${String(host)}`) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  if (LOOPBACK.test(String(host)) && !isForeign) return
  throw new Problem(
    403,
    'request.forbidden',
    'expected a program of this machine, got a page of another origin or another host name',
    'Make a token, and send it: `npx pixeldrift token create --name cameras --scope ingest`.',
  )
}
