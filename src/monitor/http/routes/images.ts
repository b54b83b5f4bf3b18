import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sniffFormat } from '../../../images/index.ts'
import type { SentImage } from '../../inbox/index.ts'
import { readMonitor, type WatchedMonitor } from '../../watching/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import { imageFactsSchema, parseBody, readJsonImages, sentImage } from '../read-images.ts'
import type { Server } from '../typed-server.ts'

const monitorParams = z.object({ monitor: plainText(500) })

const acceptedSchema = z.object({
  images: z.array(
    z.object({
      predictionId: z.string(),
      /** `known`: it was stored before. */
      status: z.enum(['stored', 'known']),
    }),
  ),
})

/** Sending images, looking at one, forgetting one. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function imageRoutes(app: Server, ports: HttpPorts): void {
  const { store, inbox, metrics, limits } = ports
  app.post(
    '/v1/monitors/:monitor/images',
    {
      // In base64 it is longer by a third, and there may be several.
      bodyLimit: 2 * limits.imageBytes,
      config: { scope: 'ingest' },
      schema: {
        summary: 'Send images',
        description:
          'The file of one image as the body (what is said of it in the query), several as multipart/form-data, or JSON with base64. Answers once they are stored for good; sent again under the same predictionId they are not counted twice.',
        consumes: [
          'image/*',
          'application/octet-stream',
          'multipart/form-data',
          'application/json',
        ],
        params: monitorParams,
        querystring: imageFactsSchema.pick({
          predictionId: true,
          source: true,
          takenAt: true,
          prediction: true,
        }),
        response: { 202: acceptedSchema },
      },
    },
    async (request, reply) => {
      const monitor = await requireMonitor(ports, request.params.monitor)
      inbox.requireRoom()
      const images = await readImages(request, monitor.id, 2 * limits.imageBytes)
      await requireSources(ports, monitor, images)
      const receipts = await inbox.accept(images)
      const conflict = receipts.indexOf('conflict')
      metrics.received(monitor.id, receipts.filter((receipt) => receipt === 'stored').length)
      if (conflict >= 0) {
        throw new Problem(
          409,
          'request.conflict',
          `expected the image that was sent as ${images[conflict].predictionId} before, got another`,
          'Give every image a predictionId of its own. The others of this request are stored.',
        )
      }
      return reply.status(202).send({
        images: images.map(({ predictionId }, i) => ({
          predictionId,
          status: receipts[i] === 'stored' ? ('stored' as const) : ('known' as const),
        })),
      })
    },
  )

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
    '/v1/monitors/:monitor/images/:number/file',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The file of an image, by its number, as long as it is kept',
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

async function readImages(
  request: FastifyRequest<{ Querystring: unknown }>,
  monitor: string,
  mostBytes: number,
): Promise<SentImage[]> {
  if (request.isMultipart()) return readParts(request, monitor, mostBytes).catch(asProblem)
  const { body } = request
  if (Buffer.isBuffer(body)) {
    return [sentImage(monitor, parseBody(imageFactsSchema, request.query), body)]
  }
  return readJsonImages(monitor, body)
}

/** What the parser says of a body that is none has no status of its own. */
function asProblem(error: unknown): never {
  if (error instanceof Problem || (error as { statusCode?: number }).statusCode !== undefined) {
    throw error
  }
  const { message } = error as Error
  throw new Problem(400, 'request.invalid', `expected multipart/form-data: ${message}`)
}

/** Files in their order; a field `facts` before them is a list of what is said of each. */
async function readParts(
  request: FastifyRequest,
  monitor: string,
  mostBytes: number,
): Promise<SentImage[]> {
  let total = 0
  let facts: z.infer<typeof imageFactsSchema>[] = []
  const images: SentImage[] = []
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer()
      total += bytes.length
      if (total > mostBytes) {
        throw new Problem(413, 'request.too-large', `expected at most ${mostBytes} bytes at once`)
      }
      images.push(sentImage(monitor, facts[images.length] ?? {}, bytes))
    } else if (part.fieldname === 'facts') {
      facts = parseBody(z.array(imageFactsSchema), readJson(part.value))
    } else {
      throw new Problem(
        400,
        'request.invalid',
        `expected files and a field facts, got a field ${part.fieldname}`,
      )
    }
  }
  if (images.length === 0) throw new Problem(400, 'request.invalid', 'expected files, got none')
  return images
}

function readJson(value: unknown): unknown {
  try {
    return JSON.parse(String(value))
  } catch {
    throw new Problem(400, 'request.invalid', 'facts: expected JSON, got something else')
  }
}

/** Each source has a stream of its own, which takes memory. */
async function requireSources(
  { inbox }: HttpPorts,
  { id, settings: { mostSources } }: WatchedMonitor,
  images: readonly SentImage[],
): Promise<void> {
  const sent = new Set(images.flatMap(({ source }) => source ?? []))
  const [beyond] = await inbox.sourcesBeyond(id, mostSources, sent)
  if (beyond === undefined) return
  throw new Problem(
    422,
    'request.invalid',
    `expected at most ${mostSources} sources, got ${beyond} beside those`,
    'A source is a camera or a site, not an image; mostSources of the monitor raises the limit.',
  )
}
