import { z } from 'zod'
import {
  monitorSettingsSchema,
  readMonitor,
  readSources,
  SOURCE_STATES,
  type WatchedMonitor,
} from '../../watching/index.ts'
import { GUARD_NAMES } from '../../guards/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import type { Server } from '../typed-server.ts'
import { requireMonitor } from './images.ts'

const monitorSchema = z.object({
  id: z.string(),
  detector: z.string(),
  settings: monitorSettingsSchema.required(),
  /** Images that were counted, and those that could not be read. */
  images: z.int(),
  skipped: z.int(),
  sources: z.array(
    z.object({
      /** Empty: all together. */
      source: z.string(),
      state: z.enum(SOURCE_STATES),
      /** What is wrong with its images, whatever they show. */
      found: z.array(z.enum(GUARD_NAMES)),
      images: z.int(),
      /** Of a change; 1 alarms. */
      evidence: z.number(),
      /** Null where none could be read. */
      lastImageAt: z.iso.datetime().nullable(),
    }),
  ),
})

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i)

/** Monitors that watch with detectors. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one route after the other
export function monitorRoutes(app: Server, ports: HttpPorts): void {
  const { store, clock } = ports
  app.post(
    '/v1/monitors',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Begin to watch',
        body: z.strictObject({
          id: name,
          detector: plainText(100),
          settings: monitorSettingsSchema.prefault({}),
        }),
        response: { 201: monitorSchema },
      },
    },
    async ({ body: { id, detector, settings }, caller }, reply) => {
      const at = clock().getTime()
      const detectors = await store.monitors.detectors()
      if (!detectors.some((known) => known.id === detector)) {
        throw new Problem(
          422,
          'request.invalid',
          `no detector has the id ${detector}`,
          'Upload it first.',
        )
      }
      const isNew = await store.within(async (tables) => {
        const stored = { id, detector, settings: JSON.stringify(settings), createdAt: at }
        const isAdded = await tables.monitors.add(stored)
        if (isAdded) {
          const facts = { id, detector, settings }
          await tables.access.record({ at, who: caller.name, what: 'add monitor', facts })
        }
        return isAdded
      })
      if (!isNew) {
        throw new Problem(409, 'request.conflict', `expected a new name, got ${id}, which there is`)
      }
      await ports.onMonitors()
      return reply.status(201).send(await describeMonitor({ id, detector, settings }, ports))
    },
  )

  app.get(
    '/v1/monitors',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'All monitors, and what they are at',
        response: { 200: z.object({ monitors: z.array(monitorSchema) }) },
      },
    },
    async () => {
      const all = await store.monitors.all()
      const monitors = all.map((stored) => describeMonitor(readMonitor(stored), ports))
      return { monitors: await Promise.all(monitors) }
    },
  )

  app.get(
    '/v1/monitors/:monitor',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What a monitor is at',
        params: z.object({ monitor: plainText(500) }),
        response: { 200: monitorSchema },
      },
    },
    async ({ params }) => describeMonitor(await requireMonitor(ports, params.monitor), ports),
  )
}

async function describeMonitor(
  { id, detector, settings }: WatchedMonitor,
  { store, clock }: HttpPorts,
): Promise<z.infer<typeof monitorSchema>> {
  const now = clock().getTime()
  const { position, skipped } = await store.watching.watch(id)
  const sources = await readSources({ id, detector, settings }, { store, now })
  return {
    id,
    detector,
    settings,
    images: position,
    skipped,
    sources: sources.map(({ source, state, raised, images, evidence, lastAt }) => ({
      source,
      state,
      found: [...raised],
      images,
      evidence,
      lastImageAt: lastAt === null ? null : new Date(lastAt).toISOString(),
    })),
  }
}
