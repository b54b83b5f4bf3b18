import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readToken } from '../access.ts'
import type { HttpPorts } from '../http-ports.ts'
import { openLiveFeed } from '../live/live-feed.ts'
import { plainText } from '../plain-text.ts'
import type { Server } from '../typed-server.ts'
import { requireMonitor } from './images.ts'

const LOOK_EVERY_MS = 300

/** What is found, at once. */
export function liveRoutes(app: Server, ports: HttpPorts): void {
  const live = openLiveFeed({ store: ports.store, everyMs: LOOK_EVERY_MS })
  // Whoever listens must not keep the service from ending.
  app.addHook('preClose', async () => live.close())
  app.get(
    '/v1/live',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What is found, as server-sent events',
        description:
          'Events `event` (of streams and the service), `window` (verdicts) and `alert` (what became of one), as JSON. After a break a reader sends `Last-Event-ID` and is told all since, the last 10,000 of them; what is kept no longer is named by an event `gap`. A stream ends when its reader is too slow or its token is none any more.',
        querystring: z.strictObject({
          monitor: plainText(500).optional(),
          /** As the header Last-Event-ID, which is above it; 0: all that is kept. */
          after: z.coerce.number().int().min(0).optional(),
        }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { monitor, after } = request.query
      if (monitor !== undefined) await requireMonitor(ports, monitor)
      const stream = await live.open({
        monitor,
        after: lastEventOf(request) ?? after,
        requireAllowed: () => requireStillAllowed(request, ports),
      })
      return reply.type('text/event-stream').send(stream)
    },
  )
}

function lastEventOf({ headers }: FastifyRequest): number | undefined {
  const text = String(headers['last-event-id'] ?? '')
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A token that was revoked in between, or has ended, is no token. */
async function requireStillAllowed(
  { caller, headers }: FastifyRequest,
  { store, clock }: HttpPorts,
): Promise<void> {
  if (caller.token === null) return
  await readToken(headers.authorization, store.access, clock().getTime())
}
