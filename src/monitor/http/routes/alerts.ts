import { z } from 'zod'
import { acknowledgeAlert, resolveAlert } from '../../alerts/index.ts'
import type { StoredAlert, Tables } from '../../store/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import type { Server } from '../typed-server.ts'

const alertSchema = z.object({
  id: z.string(),
  monitor: z.string(),
  source: z.string(),
  rule: z.string(),
  state: z.enum(['open', 'acknowledged', 'resolved']),
  openedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  times: z.int(),
  summary: z.string(),
  findings: z.array(z.string()),
})

const deliverySchema = z.object({
  id: z.string(),
  channel: z.string(),
  attempts: z.int(),
  deliveredAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
})

/** Alerts, and what people do with them. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function alertRoutes(app: Server, { store, clock }: HttpPorts): void {
  app.get(
    '/v1/alerts',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Alerts, those that changed last first',
        querystring: z.strictObject({
          monitor: plainText(500).optional(),
          unresolved: z.stringbool().default(false),
          most: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: { 200: z.object({ alerts: z.array(alertSchema) }) },
      },
    },
    async ({ query: { monitor, unresolved, most } }) => {
      const alerts = await store.alerts.list({ monitor, isUnresolved: unresolved, most })
      return { alerts: alerts.map(alertOf) }
    },
  )

  const params = z.object({ alert: plainText(100) })
  app.get(
    '/v1/alerts/:alert',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'An alert, and how its messages were delivered',
        params,
        response: { 200: alertSchema.extend({ deliveries: z.array(deliverySchema) }) },
      },
    },
    async ({ params: { alert } }) => {
      const found = await requireAlert(store, alert)
      const deliveries = await store.outbox.ofAlert(alert)
      return {
        ...alertOf(found),
        deliveries: deliveries.map(({ id, channel, attempts, deliveredAt, error }) => ({
          id,
          channel,
          attempts,
          error,
          deliveredAt: deliveredAt === null ? null : new Date(deliveredAt).toISOString(),
        })),
      }
    },
  )

  const turns = {
    acknowledge: (alert: StoredAlert, at: number) => acknowledgeAlert(alert, at),
    resolve: (alert: StoredAlert, at: number) =>
      resolveAlert(alert, { summary: alert.summary, at })?.alert,
  }
  for (const [what, turn] of Object.entries(turns)) {
    app.post(
      `/v1/alerts/:alert/${what}`,
      {
        config: { scope: 'admin' },
        schema: {
          summary: what === 'resolve' ? 'It is over' : 'Somebody looks into it',
          params,
          response: { 200: alertSchema },
        },
      },
      async ({ params: { alert: id }, caller }) =>
        store.within(async (tables) => {
          const at = clock().getTime()
          const alert = await requireAlert(tables, id)
          const turned = turn(alert, at)
          if (turned === undefined) {
            throw new Problem(409, 'request.conflict', `the alert is ${alert.state} already`)
          }
          await tables.alerts.put(turned)
          const facts = { alert: id }
          await tables.access.record({ at, who: caller.name, what: `${what} alert`, facts })
          return alertOf(turned)
        }),
    )
  }
}

async function requireAlert({ alerts }: Pick<Tables, 'alerts'>, id: string): Promise<StoredAlert> {
  const found = await alerts.byId(id)
  if (found !== undefined) return found
  throw new Problem(404, 'request.not-found', `no alert has the id ${id}`)
}

function alertOf({ openedAt, changedAt, findings, ...alert }: StoredAlert) {
  return {
    ...alert,
    findings: [...findings],
    openedAt: new Date(openedAt).toISOString(),
    changedAt: new Date(changedAt).toISOString(),
  }
}
