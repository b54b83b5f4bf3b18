import { z } from 'zod'
import { sniffFormat } from '../../../images/index.ts'
import { readMonitor, scoreOutcomes, type WatchedMonitor } from '../../watching/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { limitCalls } from '../limit-calls.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import { outcomeOf, outcomeSchema } from '../image-outcome.ts'
import type { Server } from '../typed-server.ts'

const PICTURES = {
  thumbnail: {
    summary: 'A small picture of an image, where one or its file is kept',
    type: 'image/webp',
  },
  reconstruction: {
    summary: 'What the detector makes of an image again, where a picture of it is kept',
    type: 'image/png',
  },
} as const

const NOTHING_KEPT = { original: null, thumbnail: null }
/** Of which each holds a file. */
const MOST_PICTURES = 16

const monitorParams = z.object({ monitor: plainText(500) })

/** Which images there are, looking at one, forgetting one. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function imageRoutes(app: Server, ports: HttpPorts): void {
  const { store, judges } = ports
  const pictures = limitCalls(MOST_PICTURES, 'pictures being made')
  app.post(
    '/v1/monitors/:monitor/images/known',
    {
      config: { scope: 'ingest' },
      schema: {
        summary: 'Which of these names are stored already: they need not be sent again',
        params: monitorParams,
        body: z.strictObject({ predictionIds: z.array(plainText(500)).max(1000) }),
        response: { 200: z.object({ known: z.array(z.string()) }) },
      },
    },
    async ({ params, body: { predictionIds } }) => {
      const { id } = await requireMonitor(ports, params.monitor)
      return { known: [...(await store.inbox.known(id, predictionIds))] }
    },
  )

  app.get(
    '/v1/monitors/:monitor/images/:predictionId',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What an image has come to, and how unusual it is',
        params: monitorParams.extend({ predictionId: plainText(500) }),
        response: {
          200: outcomeSchema.extend({
            predictionId: z.string(),
            /** By it its file is found. */
            number: z.int(),
            source: z.string().nullable(),
            takenAt: z.iso.datetime().nullable(),
            receivedAt: z.iso.datetime(),
          }),
        },
      },
    },
    async ({ params: { monitor: name, predictionId } }) => {
      const monitor = await requireMonitor(ports, name)
      const found = await store.images.outcomes(monitor.id, [predictionId])
      const [image] = await scoreOutcomes(monitor, found, judges)
      if (image === undefined) {
        throw new Problem(404, 'request.not-found', `no image of ${name} is called ${predictionId}`)
      }
      const { number, source, takenAt, receivedAt } = image
      return {
        predictionId,
        number,
        source,
        takenAt,
        receivedAt: new Date(receivedAt).toISOString(),
        ...outcomeOf(image),
      }
    },
  )

  app.get(
    '/v1/monitors/:monitor/images/:number/file',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'The file of an image, by its number, or the small picture of it, whichever is kept',
        params: monitorParams.extend({ number: z.coerce.number().int() }),
        produces: ['image/*'],
      },
    },
    async ({ params: { monitor, number } }, reply) => {
      const bytes = await store.images.file(monitor, number)
      const format = bytes && sniffFormat(bytes)
      if (bytes === undefined || format === undefined) {
        throw new Problem(404, 'request.not-found', `no file of image ${number} is kept`)
      }
      return reply.type(`image/${format}`).send(Buffer.from(bytes))
    },
  )

  for (const [of, { summary, type }] of Object.entries(PICTURES)) {
    app.get(
      `/v1/monitors/:monitor/images/:predictionId/${of}`,
      {
        config: { scope: 'read' },
        schema: {
          summary,
          params: monitorParams.extend({ predictionId: plainText(500) }),
          produces: [type],
        },
      },
      async ({ params: { monitor, predictionId } }, reply) => {
        const { id, detector } = await requireMonitor(ports, monitor)
        const { original, thumbnail } = (await store.images.kept(id, predictionId)) ?? NOTHING_KEPT
        const bytes = original ?? thumbnail
        if (bytes === null) {
          throw new Problem(
            404,
            'request.not-found',
            `no picture of ${predictionId} is kept`,
            'The setting keep of the monitor says what is kept of images, and keepImages of how many.',
          )
        }
        const isThere = of === 'thumbnail' && thumbnail !== null
        const picture = isThere
          ? thumbnail
          : await pictures(() =>
              judges.picture({ detector, of: of as keyof typeof PICTURES, bytes }),
            )
        return reply.type(type).send(Buffer.from(picture))
      },
    )
  }

  app.delete(
    '/v1/monitors/:monitor/images/:predictionId',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Forget an image: its bytes, its numbers and its name',
        params: monitorParams.extend({ predictionId: plainText(500) }),
        response: { 204: z.null() },
      },
    },
    async ({ params, caller }, reply) => {
      const { monitor, predictionId } = params
      const found = await store.within(async (tables) => {
        const isGone = await tables.retention.forget(monitor, predictionId)
        if (isGone) {
          const at = ports.clock().getTime()
          await tables.access.record({ at, who: caller.name, what: 'forget image', facts: params })
        }
        return isGone
      })
      if (!found) {
        throw new Problem(
          404,
          'request.not-found',
          `no counted image of ${monitor} is called ${predictionId}`,
        )
      }
      return reply.status(204).send(null)
    },
  )
}

/** The monitor of a name; throws Problem(404). */
export async function requireMonitor({ store }: HttpPorts, id: string): Promise<WatchedMonitor> {
  const stored = await store.monitors.byId(id)
  if (stored !== undefined) return readMonitor(stored)
  const known = (await store.monitors.all()).map((monitor) => monitor.id)
  const hint = known.length === 0 ? 'There is none yet.' : `There are ${known.join(', ')}.`
  throw new Problem(404, 'request.not-found', `no monitor is called ${id}`, hint)
}
