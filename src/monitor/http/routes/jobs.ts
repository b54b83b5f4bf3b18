import { z } from 'zod'
import type { StoredJob } from '../../store/index.ts'
import type { HttpPorts } from '../http-ports.ts'
import { plainText } from '../plain-text.ts'
import { Problem } from '../problem.ts'
import type { Server } from '../typed-server.ts'

/** A fit: `failed` says why, and what to do. */
export const jobSchema = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** What it is fitted on. */
  from: z.string(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** `total` 0 while it is unknown. */
  progress: z
    .object({
      stage: z.enum(['reading', 'training', 'measuring']),
      done: z.number(),
      total: z.number(),
    })
    .nullable(),
  /** Once it is done: with it a monitor can be begun. */
  detector: z.string().nullable(),
  error: z.string().nullable(),
})

/** The same of a stored one. */
export function jobOf(job: StoredJob): z.infer<typeof jobSchema> {
  const { id, state, from, createdAt, changedAt, progress, detector, error } = job
  return {
    id,
    state,
    from,
    detector,
    error,
    createdAt: new Date(createdAt).toISOString(),
    changedAt: new Date(changedAt).toISOString(),
    progress: progress === null ? null : jobSchema.shape.progress.parse(JSON.parse(progress)),
  }
}

const jobParams = z.object({ job: plainText(100) })

/** Work that takes its time. */
export function jobRoutes(app: Server, { store, fitter, clock }: HttpPorts): void {
  const requireJob = async (id: string): Promise<StoredJob> => {
    const job = await store.jobs.byId(id)
    if (job === undefined) throw new Problem(404, 'request.not-found', `no job is called ${id}`)
    return job
  }
  app.get(
    '/v1/jobs',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Jobs, newest first',
        response: { 200: z.object({ jobs: z.array(jobSchema) }) },
      },
    },
    async () => ({ jobs: (await store.jobs.last(100)).map(jobOf) }),
  )
  app.get(
    '/v1/jobs/:job',
    {
      config: { scope: 'read' },
      schema: { summary: 'How far a job is', params: jobParams, response: { 200: jobSchema } },
    },
    async ({ params }) => jobOf(await requireJob(params.job)),
  )
  app.post(
    '/v1/jobs/:job/cancel',
    {
      config: { scope: 'admin' },
      schema: { summary: 'End a job', params: jobParams, response: { 200: jobSchema } },
    },
    async ({ params, caller }) => {
      const { id } = await requireJob(params.job)
      if (!(await fitter.cancel(id))) {
        throw new Problem(409, 'request.conflict', `expected a job that is not over, got ${id}`)
      }
      const entry = { who: caller.name, what: 'cancel job', facts: { job: id } }
      await store.access.record({ at: clock().getTime(), ...entry })
      return jobOf(await requireJob(id))
    },
  )
}
