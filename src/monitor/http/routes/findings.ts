import { z } from 'zod'
import { streamEventSchema, verdictSchema, type Verdict } from '../../../verdict/index.ts'
import { describeStreamEvent } from '../../../wording/index.ts'
import type { StoredEvent, StoredWindow } from '../../store/index.ts'
import { SERVICE_FINDINGS, type StoredFinding } from '../../watching/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import type { Server } from '../typed-server.ts'
import { sendReport } from '../window-report.ts'
import { requireMonitor } from './images.ts'

const monitorParams = z.object({ monitor: plainText(500) })
const page = z.strictObject({
  most: z.coerce.number().int().min(1).max(1000).default(100),
  /** Only older ones. */
  before: z.coerce.number().int().optional(),
})

const eventSchema = z.object({
  id: z.int(),
  /** Empty: all together. */
  source: z.string(),
  kind: z.string(),
  toldAt: z.iso.datetime(),
  summary: z.string(),
  findings: z.array(z.string()),
  /** Null where it is none of a stream. */
  event: streamEventSchema.nullable(),
})

const windowSchema = z.object({
  number: z.int(),
  /** Counted images from and to, from 1. */
  first: z.int(),
  last: z.int(),
  closedAt: z.iso.datetime(),
  /** Null while it waits for its verdict. */
  severity: z.string().nullable(),
})

/** What was found of images: events, windows and their verdicts, images that could not be read. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function findingRoutes(app: Server, ports: HttpPorts): void {
  const { store } = ports
  const scope = { config: { scope: 'read' } } as const
  app.get(
    '/v1/monitors/:monitor/events',
    {
      ...scope,
      schema: {
        summary: 'What happened, newest first',
        params: monitorParams,
        querystring: page,
        response: { 200: z.object({ events: z.array(eventSchema) }) },
      },
    },
    async ({ params, query }) => {
      const { id } = await requireMonitor(ports, params.monitor)
      return { events: (await store.events.last(id, query)).map(eventOf) }
    },
  )

  app.get(
    '/v1/monitors/:monitor/windows',
    {
      ...scope,
      schema: {
        summary: 'Windows of counted images, newest first',
        params: monitorParams,
        querystring: page,
        response: { 200: z.object({ windows: z.array(windowSchema) }) },
      },
    },
    async ({ params, query }) => {
      const { id } = await requireMonitor(ports, params.monitor)
      return { windows: (await store.events.windows(id, query)).map(windowOf) }
    },
  )

  const windowParams = monitorParams.extend({ number: z.coerce.number().int() })
  app.get(
    '/v1/monitors/:monitor/windows/:number',
    {
      ...scope,
      schema: {
        summary: 'The verdict on a window',
        params: windowParams,
        response: { 200: windowSchema.extend({ verdict: verdictSchema.nullable() }) },
      },
    },
    async ({ params }) => {
      const window = await requireWindow(ports, params)
      const verdict = window.verdict === null ? null : (JSON.parse(window.verdict) as Verdict)
      return { ...windowOf(window), verdict: verdict as z.infer<typeof verdictSchema> | null }
    },
  )

  app.get(
    '/v1/monitors/:monitor/windows/:number/report',
    {
      ...scope,
      schema: {
        summary: 'The report of a window as a page',
        params: windowParams,
        produces: ['text/html'],
      },
    },
    async ({ params }, reply) => {
      const { id, detector } = await requireMonitor(ports, params.monitor)
      const { first, last, verdict } = await requireWindow(ports, params)
      if (verdict === null) {
        throw new Problem(404, 'request.not-found', `window ${params.number} has no verdict yet`)
      }
      const counted = await store.watching.counted(id, first, last)
      return sendReport(reply, ports, { detector, verdict, counted })
    },
  )

  app.get(
    '/v1/monitors/:monitor/skipped',
    {
      ...scope,
      schema: {
        summary: 'Images that could not be read, newest first',
        params: monitorParams,
        querystring: page.pick({ most: true }),
        response: {
          200: z.object({
            skipped: z.array(
              z.object({
                predictionId: z.string(),
                code: z.string(),
                message: z.string(),
                at: z.iso.datetime(),
              }),
            ),
          }),
        },
      },
    },
    async ({ params, query: { most } }) => {
      const { id } = await requireMonitor(ports, params.monitor)
      const skipped = await store.watching.lastLeftOut(id, most)
      return {
        skipped: skipped.map(({ predictionId, code, message, at }) => ({
          predictionId,
          code,
          message,
          at: new Date(at).toISOString(),
        })),
      }
    },
  )
}

type WindowParams = { readonly monitor: string; readonly number: number }

async function requireWindow(
  ports: HttpPorts,
  { monitor, number }: WindowParams,
): Promise<StoredWindow> {
  const { id } = await requireMonitor(ports, monitor)
  const window = await ports.store.events.window(id, number)
  if (window !== undefined) return window
  throw new Problem(404, 'request.not-found', `${id} has no window ${number}`)
}

function eventOf({ id, source, kind, event: text, toldAt }: StoredEvent) {
  const said = { id, source, kind, toldAt: new Date(toldAt).toISOString() }
  if (SERVICE_FINDINGS.some((own) => own === kind)) {
    const { summary, findings } = JSON.parse(text) as StoredFinding
    return { ...said, summary, findings: [...findings], event: null }
  }
  const event = JSON.parse(text) as z.infer<typeof streamEventSchema>
  const { summary, findings } = describeStreamEvent(event)
  return { ...said, summary, findings: [...findings], event }
}

function windowOf({ number, first, last, closedAt, severity }: StoredWindow) {
  return { number, first, last, closedAt: new Date(closedAt).toISOString(), severity }
}
