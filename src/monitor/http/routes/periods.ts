import { z } from 'zod'
import { type Verdict, verdictSchema } from '../../../verdict/index.ts'
import { LARGEST_SAMPLE } from '../../../measuring/values/index.ts'
import type { StoredPeriod } from '../../store/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import type { Server } from '../typed-server.ts'
import { sendReport } from '../window-report.ts'
import { requireMonitor } from './images.ts'

const monitorParams = z.object({ monitor: plainText(500) })
const periodParams = monitorParams.extend({ period: z.coerce.number().int() })
const kindSchema = z.enum(['time', 'sliding'])

const periodSchema = z.object({
  id: z.int(),
  /** `sliding`: the last windows by time together. */
  kind: kindSchema,
  start: z.iso.datetime(),
  /** Not part of it. */
  end: z.iso.datetime(),
  /** Those that are judged; of more than 10,000 a sample. */
  images: z.int(),
  /** Those that came after it was closed, and are not. */
  late: z.int(),
  /** Null while it is open. */
  closedAt: z.iso.datetime().nullable(),
  /** Null while it waits for its verdict. */
  severity: z.string().nullable(),
})

/** Windows by time, and the last ones of them together. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function periodRoutes(app: Server, ports: HttpPorts): void {
  const { store } = ports
  const scope = { config: { scope: 'read' } } as const
  app.get(
    '/v1/monitors/:monitor/periods',
    {
      ...scope,
      schema: {
        summary: 'Windows by time, those that began last first',
        params: monitorParams,
        querystring: z.strictObject({
          most: z.coerce.number().int().min(1).max(1000).default(100),
          /** Only those of smaller ids. */
          before: z.coerce.number().int().optional(),
          kind: kindSchema.optional(),
        }),
        response: { 200: z.object({ periods: z.array(periodSchema) }) },
      },
    },
    async ({ params, query }) => {
      const { id } = await requireMonitor(ports, params.monitor)
      return { periods: (await store.periods.list(id, query)).map(periodOf) }
    },
  )

  app.get(
    '/v1/monitors/:monitor/periods/:period',
    {
      ...scope,
      schema: {
        summary: 'The verdict on a window by time',
        params: periodParams,
        response: { 200: periodSchema.extend({ verdict: verdictSchema.nullable() }) },
      },
    },
    async ({ params }) => {
      const { id } = await requireMonitor(ports, params.monitor)
      const period = await requirePeriod(ports, id, params.period)
      const verdict = period.verdict === null ? null : (JSON.parse(period.verdict) as Verdict)
      return { ...periodOf(period), verdict: verdict as z.infer<typeof verdictSchema> | null }
    },
  )

  app.get(
    '/v1/monitors/:monitor/periods/:period/report',
    {
      ...scope,
      schema: {
        summary: 'The report of a window by time as a page',
        params: periodParams,
        produces: ['text/html'],
      },
    },
    async ({ params }, reply) => {
      const { id, detector } = await requireMonitor(ports, params.monitor)
      const { verdict, last, ...period } = await requirePeriod(ports, id, params.period)
      if (verdict === null || last === null) {
        throw new Problem(404, 'request.not-found', `period ${params.period} has no verdict yet`)
      }
      const counted = await store.watching.ofPeriod({ ...period, last }, LARGEST_SAMPLE)
      return sendReport(reply, ports, { detector, verdict, counted })
    },
  )
}

async function requirePeriod(
  { store }: HttpPorts,
  monitor: string,
  period: number,
): Promise<StoredPeriod> {
  const found = await store.periods.byId(monitor, period)
  if (found !== undefined) return found
  throw new Problem(404, 'request.not-found', `${monitor} has no period ${period}`)
}

function periodOf({ id, kind, start, end, images, late, closedAt, severity }: StoredPeriod) {
  const iso = (time: number): string => new Date(time).toISOString()
  return {
    id,
    kind,
    start: iso(start),
    end: iso(end),
    images,
    late,
    closedAt: closedAt === null ? null : iso(closedAt),
    severity,
  }
}
