import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { WatchedMonitor } from '../../watching/index.ts'
import { acceptImages, requireSources } from '../accept-images.ts'
import type { HttpPorts } from '../http-ports.ts'
import { outcomeOf, outcomeSchema } from '../image-outcome.ts'
import { plainText } from '../plain-text.ts'
import { readImages } from '../read-body.ts'
import { imageFactsSchema } from '../read-images.ts'
import type { Server } from '../typed-server.ts'
import { requireMonitor } from './images.ts'

const receiptSchema = z.object({
  predictionId: z.string(),
  /** `known`: it was stored before. */
  status: z.enum(['stored', 'known']),
})

const acceptedSchema = z.object({
  images: z.array(receiptSchema.extend(outcomeSchema.partial().shape)),
  /** With wait=score: how many are not measured yet, and where their scores will be. */
  hint: z.string().optional(),
})

/** With wait=score, all being known. */
const scoredSchema = z.object({ images: z.array(receiptSchema.extend(outcomeSchema.shape)) })

const querySchema = imageFactsSchema
  .pick({ predictionId: true, source: true, takenAt: true, prediction: true })
  .extend({
    /** The answer comes once all are measured, with their scores (200), or what is known when it is time (202). */
    wait: z.literal('score').optional(),
    /** At most so long. */
    waitMs: z.coerce.number().int().min(0).max(60_000).default(10_000),
  })

/** Sending images. */
export function ingestRoutes(app: Server, ports: HttpPorts): void {
  const { inbox, limits } = ports
  app.post(
    '/v1/monitors/:monitor/images',
    {
      // In base64 it is longer by a third, and there may be several.
      bodyLimit: 2 * limits.imageBytes,
      config: { scope: 'ingest' },
      schema: {
        summary: 'Send images',
        description:
          'The file of one image as the body (what is said of it in the query), several as multipart/form-data, or JSON with base64. Answers once they are stored for good (202), or with `wait=score` once they are measured too (200); sent again under the same predictionId they are not counted twice.',
        consumes: [
          'image/*',
          'application/octet-stream',
          'multipart/form-data',
          'application/json',
        ],
        params: z.object({ monitor: plainText(500) }),
        querystring: querySchema,
        response: { 200: scoredSchema, 202: acceptedSchema },
      },
    },
    async (request, reply) => {
      const monitor = await requireMonitor(ports, request.params.monitor)
      inbox.requireRoom()
      const { wait, waitMs, ...said } = request.query
      const images = await readImages(request, monitor.id, {
        mostBytes: 2 * limits.imageBytes,
        said,
      })
      await requireSources(ports, monitor, images)
      if (wait === undefined) {
        return reply.status(202).send({ images: await acceptImages(ports, monitor, images) })
      }
      const place = ports.scoreWaits.take(images.length)
      try {
        const receipts = await acceptImages(ports, monitor, images)
        images.length = 0
        request.dropBody()
        const found = await place.outcomes(
          monitor,
          receipts.map(({ predictionId }) => predictionId),
          { waitMs, signal: goneSignal(request, reply) },
        )
        const known = receipts.map((receipt) =>
          Object.assign(receipt, outcomeOf(found.get(receipt.predictionId))),
        )
        const left = known.filter(({ outcome }) => outcome === 'waiting').length
        if (left === 0) return await reply.status(200).send({ images: known })
        const hint = hintOf(monitor, { left, of: known.length })
        return await reply.status(202).send({ images: known, hint })
      } finally {
        place.leave()
      }
    },
  )
}

/** Raised when whoever asked is gone. */
function goneSignal(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  if (request.raw.destroyed && !request.raw.complete) gone.abort()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

function hintOf(
  { id }: WatchedMonitor,
  { left, of }: { readonly left: number; readonly of: number },
): string {
  const where = `/v1/monitors/${encodeURIComponent(id)}/images/<predictionId>`
  return `All are stored; ${left} of ${of} are not measured yet. GET ${where} has their scores later.`
}
