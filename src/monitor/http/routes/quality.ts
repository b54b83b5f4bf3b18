import { z } from 'zod'
import { type Share, TRUTH_STATUSES } from '../../quality/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import type { Server } from '../typed-server.ts'
import { requireMonitor } from './images.ts'

const monitorParams = z.object({ monitor: plainText(500) })

const shareSchema = z.object({
  images: z.int(),
  /** Of these the model was right on so many. */
  right: z.int(),
  share: z.number(),
  /** Wilson's 95% interval of the share. */
  low: z.number(),
  high: z.number(),
}) satisfies z.ZodType<Share>

const reportSchema = z.object({
  /** True classes that wait for their image. */
  waiting: z.int(),
  /** When windows of answers raise an alert. */
  rule: z.object({
    window: z.int(),
    /** Answers from one false alarm to the next, on average, at least: of all sources together. */
    falseAlarmEvery: z.number(),
    floor: z.number().nullable(),
    baseline: z.int(),
  }),
  /** Of late, whatever days are asked for; the empty name stands for all together. */
  sources: z.array(
    shareSchema.extend({
      source: z.string(),
      state: z.enum(['insufficient-data', 'ok', 'low']),
      baseline: shareSchema.nullable(),
      lastWindow: shareSchema.extend({ pValue: z.number(), judgedAt: z.iso.datetime() }).nullable(),
    }),
  ),
  all: shareSchema.nullable(),
  classes: z.array(
    z.object({
      name: z.string(),
      /** Of images of this class how many were found (recall). */
      found: shareSchema.nullable(),
      /** Of images taken for it how many are of it (precision). */
      trusted: shareSchema.nullable(),
    }),
  ),
  /** By the day on which images were taken, in the time zone of the monitor. */
  days: z.array(shareSchema.extend({ start: z.iso.datetime() })),
  confusion: z.array(z.object({ predicted: z.string(), actual: z.string(), images: z.int() })),
})

/** Of a thousand long names and labels. */
const MOST_BYTES = 4 * 1024 * 1024

/** True classes, and how often the model is right. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function qualityRoutes(app: Server, ports: HttpPorts): void {
  app.post(
    '/v1/monitors/:monitor/ground-truth',
    {
      bodyLimit: MOST_BYTES,
      config: { scope: 'ingest' },
      schema: {
        summary: 'Say what images really show',
        description:
          'By the predictionId that they were sent under, before or after the image, again or otherwise. Answers once all are stored for good.',
        params: monitorParams,
        body: z.strictObject({
          groundTruth: z
            .array(
              z.strictObject({
                predictionId: plainText(500).min(1),
                /** The true class, in the words of the predictions. */
                label: plainText(200).min(1),
              }),
            )
            .min(1)
            .max(1000),
        }),
        response: {
          200: z.object({
            groundTruth: z.array(
              z.object({ predictionId: z.string(), status: z.enum(TRUTH_STATUSES) }),
            ),
          }),
        },
      },
    },
    async ({ params, body }) => {
      const monitor = await requireMonitor(ports, params.monitor)
      return { groundTruth: await ports.quality.take(monitor, body.groundTruth) }
    },
  )

  app.get(
    '/v1/monitors/:monitor/quality',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'How often the model is right, as far as the truth is known',
        params: monitorParams,
        querystring: z.strictObject({
          /** Of days that begin from this time on. */
          since: z.iso.datetime({ offset: true }).optional(),
          /** Of days that begin before it. */
          until: z.iso.datetime({ offset: true }).optional(),
          source: plainText(200).optional(),
        }),
        response: { 200: reportSchema },
      },
    },
    async ({ params, query: { since, until, source } }) => {
      const monitor = await requireMonitor(ports, params.monitor)
      const { settings } = monitor
      const time = (text: string | undefined) => (text === undefined ? text : Date.parse(text))
      const report = await ports.quality.report(monitor, {
        since: time(since),
        until: time(until),
        source,
      })
      return {
        ...report,
        rule: {
          window: settings.accuracyWindow,
          falseAlarmEvery: settings.accuracyWindow / settings.accuracyLevel,
          floor: settings.accuracyFloor,
          baseline: settings.accuracyBaseline,
        },
        sources: report.sources.map(({ lastWindow, ...rest }) => ({
          ...rest,
          lastWindow: lastWindow && { ...lastWindow, judgedAt: isoOf(lastWindow.judgedAt) },
        })),
        classes: [...report.classes],
        days: report.days.map(({ start, ...day }) => ({ ...day, start: isoOf(start) })),
        confusion: [...report.confusion],
      }
    },
  )
}

function isoOf(time: number): string {
  return new Date(time).toISOString()
}
