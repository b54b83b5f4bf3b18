import type { Selectable } from 'kysely'
import type { Queries } from './database.ts'
import type { JobState, Tables } from './tables.ts'

/** Work that takes its time. */
export type StoredJob = {
  readonly id: string
  readonly state: JobState
  /** In words: what it works on. */
  readonly from: string
  readonly createdAt: number
  readonly changedAt: number
  /** Until then its service has given a sign of life. */
  readonly aliveUntil: number
  /** JSON. */
  readonly progress: string | null
  /** What it came to. */
  readonly detector: string | null
  readonly error: string | null
}

type JobChange = Partial<Pick<StoredJob, 'state' | 'progress' | 'detector' | 'error'>> & {
  readonly changedAt: number
}

/** Jobs, waiting, at work and over. */
export type JobsTable = {
  add(job: StoredJob): Promise<void>
  byId(id: string): Promise<StoredJob | undefined>
  /** The last ones, newest first. */
  last(most: number): Promise<StoredJob[]>
  /** False where it is in none of these states. */
  change(id: string, from: readonly JobState[], to: JobChange): Promise<boolean>
  /** Signs of life. */
  alive(ids: readonly string[], until: number): Promise<void>
  /** Those that gave none until a time are failed: whoever worked on them has ended. */
  failLost(before: number, now: number): Promise<void>
}

const LOST = 'The service that worked on it has ended. Begin it again.'

/** Queries of jobs. */
export function jobsTable(db: Queries): JobsTable {
  const open = ['waiting', 'running'] as const
  return {
    add: async ({ from, createdAt, changedAt, aliveUntil, ...job }) => {
      const row = { ...job, reference: from, created_at: createdAt, changed_at: changedAt }
      await db
        .insertInto('jobs')
        .values({ ...row, alive_until: aliveUntil })
        .execute()
    },
    byId: async (id) => {
      const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
      return row && jobOf(row)
    },
    last: async (most) => {
      const rows = await db
        .selectFrom('jobs')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(most)
        .execute()
      return rows.map(jobOf)
    },
    change: async (id, from, { changedAt, ...to }) => {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({ ...to, changed_at: changedAt })
        .where('id', '=', id)
        .where('state', 'in', [...from])
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    alive: async (ids, until) => {
      if (ids.length === 0) return
      await db
        .updateTable('jobs')
        .set({ alive_until: until })
        .where('id', 'in', [...ids])
        .execute()
    },
    failLost: async (before, now) => {
      await db
        .updateTable('jobs')
        .set({ state: 'failed', error: LOST, changed_at: now })
        .where('state', 'in', [...open])
        .where('alive_until', '<', before)
        .execute()
    },
  }
}

function jobOf({
  reference,
  created_at: createdAt,
  changed_at: changedAt,
  alive_until: aliveUntil,
  ...job
}: Selectable<Tables['jobs']>): StoredJob {
  return { ...job, from: reference, createdAt, changedAt, aliveUntil }
}
