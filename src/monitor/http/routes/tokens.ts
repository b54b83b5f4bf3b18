import { z } from 'zod'
import type { StoredToken } from '../../store/index.ts'
import { createToken, SCOPES } from '../access.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import type { Server } from '../typed-server.ts'

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
})

/** Who may speak to the service, and who changed what. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function tokenRoutes(app: Server, { store, clock }: HttpPorts): void {
  const scope = { config: { scope: 'admin' } } as const
  app.get(
    '/v1/tokens',
    {
      ...scope,
      schema: {
        summary: 'Tokens, without their secrets',
        response: { 200: z.object({ tokens: z.array(tokenSchema) }) },
      },
    },
    async () => ({ tokens: (await store.access.all()).map(tokenOf) }),
  )

  app.post(
    '/v1/tokens',
    {
      ...scope,
      schema: {
        summary: 'Make a token; its secret is told this once',
        body: z.strictObject({
          name: plainText(100).min(1),
          scopes: z.array(z.enum(SCOPES)).min(1),
          expiresAt: z.iso.datetime({ offset: true }).optional(),
        }),
        response: { 201: tokenSchema.extend({ token: z.string() }) },
      },
    },
    async ({ body: { name, scopes, expiresAt }, caller }, reply) => {
      const now = clock().getTime()
      const until = expiresAt === undefined ? null : Date.parse(expiresAt)
      const { stored, token } = createToken({ name, scopes, now, expiresAt: until })
      await store.within(async (tables) => {
        await tables.access.add(stored)
        const facts = { id: stored.id, name, scopes }
        await tables.access.record({ at: now, who: caller.name, what: 'create token', facts })
      })
      return reply.status(201).send({ ...tokenOf(stored), token })
    },
  )

  app.delete(
    '/v1/tokens/:token',
    {
      ...scope,
      schema: {
        summary: 'Revoke a token',
        params: z.object({ token: plainText(100) }),
        response: { 204: z.null() },
      },
    },
    async ({ params: { token: id }, caller }, reply) => {
      const at = clock().getTime()
      const isRevoked = await store.within(async (tables) => {
        const found = await tables.access.revoke(id, at)
        const entry = { at, who: caller.name, what: 'revoke token', facts: { id } }
        if (found) await tables.access.record(entry)
        return found
      })
      if (!isRevoked) throw new Problem(404, 'request.not-found', `no valid token has the id ${id}`)
      return reply.status(204).send(null)
    },
  )

  app.get(
    '/v1/audit',
    {
      ...scope,
      schema: {
        summary: 'Who changed what, newest first',
        response: {
          200: z.object({
            entries: z.array(
              z.object({
                at: z.iso.datetime(),
                who: z.string(),
                what: z.string(),
                facts: z.record(z.string(), z.unknown()),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      entries: (await store.access.audit(1000)).map(({ at, who, what, facts }) => ({
        at: new Date(at).toISOString(),
        who,
        what,
        facts,
      })),
    }),
  )
}

function tokenOf({ id, name, scopes, createdAt, expiresAt, revokedAt }: StoredToken) {
  const time = (at: number | null): string | null =>
    at === null ? null : new Date(at).toISOString()
  return {
    id,
    name,
    scopes: [...scopes],
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: time(expiresAt),
    revokedAt: time(revokedAt),
  }
}
