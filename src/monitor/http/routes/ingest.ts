import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SentImage } from '../../inbox/index.ts'
import type { WatchedMonitor } from '../../watching/index.ts'
import { acceptImages, requireSources } from '../accept-images.ts'
import { ARCHIVE_TYPES, archiveKinds } from '../archive-types.ts'
import type { HttpPorts } from '../http-ports.ts'
import { limitCalls } from '../limit-calls.ts'
import { outcomeOf, outcomeSchema } from '../image-outcome.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import { readImages } from '../read-body.ts'
import { imageFactsSchema } from '../read-images.ts'
import { requireBodyBytes, withSpooledBody } from '../spool-body.ts'
import { archiveQuerySchema, archiveReceiptSchema, takeArchive } from '../take-archive.ts'
import { type Server, typed } from '../typed-server.ts'
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
  .extend(archiveQuerySchema.shape)

type Query = z.infer<typeof querySchema>

/** Sending images. */
export function ingestRoutes(app: Server, ports: HttpPorts): void {
  // What is read as it comes is so here alone.
  void app.register(async (scope) => {
    const types = Object.keys(ARCHIVE_TYPES)
    scope.addContentTypeParser(types, (_request, payload, done) => done(null, payload))
    ingestRoute(typed(scope), ports)
  })
}

function ingestRoute(app: Server, ports: HttpPorts): void {
  const { inbox, limits } = ports
  const archives = limitCalls(MOST_ARCHIVES, 'arrays, tables and archives being sent')
  app.post(
    '/v1/monitors/:monitor/images',
    {
      // In base64 it is longer by a third, and there may be several.
      bodyLimit: 2 * limits.imageBytes,
      config: { scope: 'ingest' },
      schema: {
        summary: 'Send images',
        description:
          'The file of one image as the body (what is said of it in the query), several as multipart/form-data, or JSON with base64. Answers once they are stored for good (202), or with `wait=score` once they are measured too (200); sent again under the same predictionId they are not counted twice. Or many at once as an array of pixels (NPY, NPZ, IDX), a table (Parquet) or an archive (tar, zip): the answer says how many were taken, and which were refused.',
        consumes: [
          'image/*',
          'application/octet-stream',
          'multipart/form-data',
          'application/json',
          ...Object.keys(ARCHIVE_TYPES),
        ],
        params: z.object({ monitor: plainText(500) }),
        querystring: querySchema,
        response: { 200: scoredSchema, 202: z.union([acceptedSchema, archiveReceiptSchema]) },
      },
    },
    async (request, reply) => {
      const monitor = await requireMonitor(ports, request.params.monitor)
      inbox.requireRoom()
      if (request.body instanceof Readable) {
        const { body } = request
        const receipt = await archives(() => sendArchive(request, body, { ...ports, monitor }))
        return reply.status(202).send(receipt)
      }
      const { wait, waitMs, ...query } = request.query
      const images = await readImages(request, monitor.id, {
        mostBytes: 2 * limits.imageBytes,
        said: saidOf(query),
      })
      await requireSources(ports, monitor, images)
      if (wait === undefined) {
        return reply.status(202).send({ images: await acceptImages(ports, monitor, images) })
      }
      return sendScored({ request, reply }, { images, waitMs, monitor }, ports)
    },
  )
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }

type Waiting = {
  readonly images: SentImage[]
  readonly waitMs: number
  readonly monitor: WatchedMonitor
}

/** Holds nothing of the images while it waits. */
async function sendScored(
  { request, reply }: Exchange,
  { images, waitMs, monitor }: Waiting,
  ports: HttpPorts,
) {
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
}

function saidOf({ predictionId, source, takenAt, prediction }: Omit<Query, 'wait' | 'waitMs'>) {
  return { predictionId, source, takenAt, prediction }
}

async function sendArchive(
  request: FastifyRequest<{ Querystring: Query }>,
  body: Readable,
  { monitor, ...ports }: HttpPorts & { readonly monitor: WatchedMonitor },
) {
  const { bodyBytes } = ports.limits
  const { query, headers } = request
  requireFits(query)
  requireBodyBytes(headers['content-length'], bodyBytes)
  const facts = { kinds: archiveKinds(headers['content-type']) ?? [], said: saidOf(query), query }
  return withSpooledBody(body, bodyBytes, (spooled) =>
    takeArchive(spooled, { ...facts, monitor }, ports),
  )
}

/** What is for single images says nothing of many. */
function requireFits({ predictionId, wait }: Query): void {
  const got = predictionId !== undefined ? 'predictionId' : wait !== undefined ? 'wait' : undefined
  if (got === undefined) return
  throw new Problem(
    400,
    'request.invalid',
    `${got}: expected single images, got an array, a table or an archive`,
    got === 'wait' ? 'Send single images, or look for the scores later.' : 'Give a prefix instead.',
  )
}

const MOST_ARCHIVES = 4

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
