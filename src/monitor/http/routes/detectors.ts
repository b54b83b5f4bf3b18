import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sniffFormat } from '../../../images/index.ts'
import type { FitSource } from '../../fitting/index.ts'
import type { StoredJob } from '../../store/index.ts'
import { ARCHIVE_TYPES, archiveKinds } from '../archive-types.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import { parseBody } from '../read-images.ts'
import { requireBodyBytes, withSpooledBody } from '../spool-body.ts'
import { archiveQuerySchema } from '../take-archive.ts'
import { type Server, typed } from '../typed-server.ts'
import { requireMonitor } from './images.ts'
import { jobOf, jobSchema } from './jobs.ts'

const epochs = z.coerce.number().int().min(1).max(1000).optional()

/** The images of a monitor whose files are kept. */
const fromMonitorSchema = z.strictObject({ monitor: plainText(500), epochs })

const fitQuerySchema = archiveQuerySchema.pick({ column: true, layout: true }).extend({ epochs })

type FitQuery = z.infer<typeof fitQuerySchema>

/** Detectors: uploaded, or fitted here. */
export function detectorRoutes(app: Server, ports: HttpPorts): void {
  const { store } = ports
  void app.register(async (scope) => {
    const types = Object.keys(ARCHIVE_TYPES)
    scope.addContentTypeParser(types, (_request, payload, done) => done(null, payload))
    addRoute(typed(scope), ports)
  })

  app.get(
    '/v1/detectors',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Detectors that there are',
        response: {
          200: z.object({
            detectors: z.array(z.object({ id: z.string(), addedAt: z.iso.datetime() })),
          }),
        },
      },
    },
    async () => ({
      detectors: (await store.monitors.detectors()).map(({ id, addedAt }) => ({
        id,
        addedAt: new Date(addedAt).toISOString(),
      })),
    }),
  )
}

function addRoute(app: Server, ports: HttpPorts): void {
  app.post(
    '/v1/detectors',
    {
      bodyLimit: 256 * 1024 * 1024,
      config: { scope: 'admin' },
      schema: {
        summary: 'Upload a detector, or fit one',
        description:
          'The file written by fit as the body (application/octet-stream) is a detector at once (201). An array, a table or an archive of reference images, or as JSON the name of a monitor whose images are kept, begins a job that fits one (202): GET /v1/jobs/<id> says how far it is.',
        consumes: ['application/octet-stream', 'application/json', ...Object.keys(ARCHIVE_TYPES)],
        querystring: fitQuerySchema,
        response: { 201: z.object({ id: z.string() }), 202: z.object({ job: jobSchema }) },
      },
    },
    async (request, reply) => {
      const { body } = request
      if (Buffer.isBuffer(body)) {
        return reply.status(201).send(await addDetector(body, request.caller.name, ports))
      }
      ports.fitter.requireRoom()
      const job =
        body instanceof Readable
          ? await fitOnBody(request, body, ports)
          : await fitOnMonitor(body, ports)
      const { id, from } = job
      const entry = { who: request.caller.name, what: 'fit detector', facts: { job: id, from } }
      await ports.store.access.record({ at: ports.clock().getTime(), ...entry })
      return reply.status(202).send({ job: jobOf(job) })
    },
  )
}

async function addDetector(
  artifact: Uint8Array,
  who: string,
  { store, clock, inspectDetector }: HttpPorts,
): Promise<{ readonly id: string }> {
  const { id, facts } = await inspectDetector(artifact)
  const at = clock().getTime()
  await store.within(async (tables) => {
    await tables.monitors.addDetector({ id, artifact, at, facts })
    await tables.access.record({ at, who, what: 'add detector', facts: { id } })
  })
  return { id }
}

async function fitOnBody(
  { query, headers }: FastifyRequest<{ Querystring: FitQuery }>,
  body: Readable,
  { fitter, limits: { bodyBytes } }: HttpPorts,
): Promise<StoredJob> {
  requireBodyBytes(headers['content-length'], bodyBytes)
  const kinds = archiveKinds(headers['content-type']) ?? []
  const { column, layout } = query
  return withSpooledBody(body, bodyBytes, (spooled) =>
    fitter.begin({
      from: `images that were sent as ${kinds.join(', ')}`,
      epochs: query.epochs,
      prepare: async (folder) => {
        const path = join(folder, 'body')
        await rename(spooled.path, path)
        return { path, kinds, column, layout }
      },
    }),
  )
}

async function fitOnMonitor(body: unknown, ports: HttpPorts): Promise<StoredJob> {
  const { monitor: name, epochs: own } = parseBody(fromMonitorSchema, body)
  const { id } = await requireMonitor(ports, name)
  const numbers = await ports.store.images.originals(id)
  if (numbers.length === 0) {
    throw new Problem(
      422,
      'request.invalid',
      `expected images of ${id} whose files are kept, found none`,
      'Its setting keep has to be originals; or send the images as an archive.',
    )
  }
  return ports.fitter.begin({
    from: `${numbers.length} images of ${id}`,
    epochs: own,
    prepare: (folder) => writeOriginals(join(folder, 'images'), numbers, ports),
  })
}

const TOGETHER = 32

async function writeOriginals(
  folder: string,
  numbers: readonly number[],
  { store }: HttpPorts,
): Promise<FitSource> {
  await mkdir(folder)
  for (let at = 0; at < numbers.length; at += TOGETHER) {
    const files = await store.images.bytesOf(numbers.slice(at, at + TOGETHER))
    for (const [number, bytes] of files) {
      const format = sniffFormat(bytes)
      if (format !== undefined) await writeFile(join(folder, `${number}.${format}`), bytes)
    }
  }
  return { folder }
}
