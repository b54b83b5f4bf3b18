import { createToken, openTokens, type Scope } from '../../monitor/index.ts'
import { DriftError } from '../../errors.ts'
import { renderTable } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { type StoreFlags, storeConfig } from '../store-config.ts'

/** Flags of `pixeldrift token create`. */
export type TokenFlags = StoreFlags & {
  readonly name?: string | undefined
  readonly scope?: readonly Scope[] | undefined
  readonly days?: number | undefined
}

const DAY_MS = 24 * 3600 * 1000

/** `pixeldrift token create`: prints the token, and nothing else on the output. */
export async function runTokenCreate(
  { name = 'unnamed', scope: scopes = ['ingest'], days, ...flags }: TokenFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const now = context.wallClock().getTime()
  const expiresAt = days === undefined ? null : now + days * DAY_MS
  const { stored, token } = createToken({ name, scopes, now, expiresAt })
  await withTokens(flags, context, (access) => access.add(stored))
  context.err.write(`${name}, for ${scopes.join(', ')}; it is shown this once:\n`)
  context.out.write(`${token}\n`)
  return EXIT.noDrift
}

/** `pixeldrift token list`: what there is, without the secrets. */
export async function runTokenList(flags: StoreFlags, context: CommandContext): Promise<ExitCode> {
  await withTokens(flags, context, async (access) => {
    const rows = (await access.all()).map(({ id, name, scopes, expiresAt, revokedAt }) => [
      id,
      name,
      scopes.join(', '),
      revokedAt !== null ? 'revoked' : expiresAt === null ? '' : `to ${dayOf(expiresAt)}`,
    ])
    context.out.write(`${renderTable([['id', 'name', 'for', ''], ...rows])}\n`)
  })
  return EXIT.noDrift
}

/** `pixeldrift token revoke <id>`: at once, also while the service runs. */
export async function runTokenRevoke(
  id: string,
  flags: StoreFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await withTokens(flags, context, async (access) => {
    if (await access.revoke(id, context.wallClock().getTime())) return
    throw new DriftError('config.invalid', `expected the id of a valid token, got ${id}`, {
      hint: 'The ids are those of: npx pixeldrift token list',
    })
  })
  context.err.write(`${id} is revoked\n`)
  return EXIT.noDrift
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

type Tokens = Awaited<ReturnType<typeof openTokens>>['access']

async function withTokens(
  flags: StoreFlags,
  context: CommandContext,
  act: (access: Tokens) => Promise<void>,
): Promise<void> {
  const tokens = await openTokens(storeConfig(flags, context))
  try {
    await act(tokens.access)
  } finally {
    await tokens.close()
  }
}
