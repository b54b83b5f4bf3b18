import { z } from 'zod'
import { acknowledgeAlert, feedItemOf, resolveAlert } from '../../alerts/index.ts'
import type { StoredAlert, Tables } from '../../store/index.ts'
import type { Caller } from '../access.ts'
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
  /** When channels were told of it last. */
  toldAt: z.iso.datetime().nullable(),
  mute: z.object({ until: z.iso.datetime(), by: z.string(), reason: z.string() }).nullable(),
})

const deliverySchema = z.object({
  id: z.string(),
  channel: z.string(),
  attempts: z.int(),
  deliveredAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
})

const params = z.object({ alert: plainText(100) })

/** Alerts, and what people do with them. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function alertRoutes(app: Server, ports: HttpPorts): void {
  const { store, clock } = ports
  muteRoutes(app, ports)
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
          await tables.feed.append([feedItemOf(`${what}d`, turned, at)])
          return alertOf(turned)
        }),
    )
  }
}

/** Nobody is told of an alert until a time; what was not told is told then. */
function muteRoutes(app: Server, { store, clock }: HttpPorts): void {
  const change = (
    id: string,
    caller: Caller,
    { until, reason }: { until: number; reason: string },
  ) =>
    store.within(async (tables) => {
      const at = clock().getTime()
      const alert = await requireAlert(tables, id)
      await tables.alerts.mute(id, { until, reason, by: caller.name })
      const what = until > at ? 'mute alert' : 'unmute alert'
      const facts = { alert: id, until: new Date(until).toISOString(), reason }
      await tables.access.record({ at, who: caller.name, what, facts })
      await tables.feed.append([feedItemOf(until > at ? 'muted' : 'unmuted', alert, at)])
      return alertOf({ ...alert, mute: { until, reason, by: caller.name } })
    })
  app.post(
    '/v1/alerts/:alert/mute',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Tell nobody of this source and rule until a time, and what it has become then',
        params,
        body: z.strictObject({
          until: z.iso.datetime({ offset: true }),
          reason: plainText(500).min(1),
        }),
        response: { 200: alertSchema },
      },
    },
    async ({ params: { alert }, body: { until, reason }, caller }) => {
      const time = Date.parse(until)
      if (time <= clock().getTime()) {
        throw new Problem(422, 'request.invalid', `expected a time to come, got ${until}`)
      }
      return change(alert, caller, { until: time, reason })
    },
  )
  app.post(
    '/v1/alerts/:alert/unmute',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Tell of it again, first what it has become',
        params,
        response: { 200: alertSchema },
      },
    },
    async ({ params: { alert }, caller }) => {
      const { mute } = await requireAlert(store, alert)
      if (mute === null) throw new Problem(409, 'request.conflict', 'the alert is not muted')
      return change(alert, caller, { until: clock().getTime(), reason: mute.reason })
    },
  )
}

async function requireAlert({ alerts }: Pick<Tables, 'alerts'>, id: string): Promise<StoredAlert> {
  const found = await alerts.byId(id)
  if (found !== undefined) return found
  throw new Problem(404, 'request.not-found', `no alert has the id ${id}`)
}

function alertOf({ openedAt, changedAt, findings, told, mute, ...alert }: StoredAlert) {
  const timeOf = (at: number): string => new Date(at).toISOString()
  return {
    ...alert,
    findings: [...findings],
    openedAt: timeOf(openedAt),
    changedAt: timeOf(changedAt),
    toldAt: told && timeOf(told.at),
    mute: mute && { ...mute, until: timeOf(mute.until) },
  }
}
