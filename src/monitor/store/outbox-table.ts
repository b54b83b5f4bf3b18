import type { Queries } from './database.ts'

/** A message to one channel; its id is the same at every try. */
export type OutboxMessage = {
  readonly id: string
  readonly alert: string
  readonly channel: string
  /** JSON. */
  readonly message: string
  readonly createdAt: number
}

/** How its delivery went so far. */
export type Delivery = OutboxMessage & {
  readonly attempts: number
  readonly deliveredAt: number | null
  readonly error: string | null
  /** Null once it was delivered or given up. */
  readonly dueAt: number | null
}

/** Messages to be delivered, at least once. */
export type OutboxTable = {
  post(messages: readonly OutboxMessage[]): Promise<void>
  /** Messages that are due, none before those that came before it of its alert and channel; for so long nobody else gets them. */
  claim(options: {
    readonly now: number
    readonly forMs: number
    readonly most: number
  }): Promise<Delivery[]>
  delivered(id: string, at: number): Promise<void>
  /** Tried again at that time, or given up where there is none. */
  failed(
    id: string,
    again: { readonly error: string; readonly dueAt: number | null },
  ): Promise<void>
  /** Not tried, but due at another time. */
  postponed(id: string, dueAt: number): Promise<void>
  ofAlert(alert: string): Promise<Delivery[]>
  /** How many are to be delivered yet. */
  waiting(): Promise<number>
}

/** Queries of the outbox. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function outboxTable(db: Queries): OutboxTable {
  return {
    post: async (messages) => {
      if (messages.length === 0) return
      const rows = messages.map(({ createdAt, ...message }) => ({
        ...message,
        attempts: 0,
        due_at: createdAt,
        claimed_until: 0,
        created_at: createdAt,
      }))
      await db.insertInto('outbox').values(rows).execute()
    },
    claim: async ({ now, forMs, most }) => {
      const rows = await db
        .updateTable('outbox')
        .set({ claimed_until: now + forMs })
        .where('id', 'in', (sub) =>
          sub
            .selectFrom('outbox')
            .select('id')
            .where('due_at', '<=', now)
            .where('claimed_until', '<=', now)
            .where((build) =>
              build.not(
                build.exists(
                  build
                    .selectFrom('outbox as earlier')
                    .select('earlier.id')
                    .whereRef('earlier.alert', '=', 'outbox.alert')
                    .whereRef('earlier.channel', '=', 'outbox.channel')
                    .whereRef('earlier.created_at', '<', 'outbox.created_at')
                    .where('earlier.due_at', 'is not', null),
                ),
              ),
            )
            .orderBy('due_at')
            .orderBy('created_at')
            .limit(most),
        )
        // Of two who ask at once the second looks again at what the first has changed.
        .where('claimed_until', '<=', now)
        .where('due_at', '<=', now)
        .returningAll()
        .execute()
      return rows.map(deliveryOf)
    },
    delivered: async (id, at) => {
      await db
        .updateTable('outbox')
        .set(({ eb }) => ({
          delivered_at: at,
          due_at: null,
          claimed_until: 0,
          error: null,
          attempts: eb('attempts', '+', 1),
        }))
        .where('id', '=', id)
        .execute()
    },
    failed: async (id, { error, dueAt }) => {
      await db
        .updateTable('outbox')
        .set(({ eb }) => ({
          error,
          due_at: dueAt,
          claimed_until: 0,
          attempts: eb('attempts', '+', 1),
        }))
        .where('id', '=', id)
        .execute()
    },
    postponed: async (id, dueAt) => {
      await db
        .updateTable('outbox')
        .set({ due_at: dueAt, claimed_until: 0 })
        .where('id', '=', id)
        .execute()
    },
    waiting: async () => {
      const { messages } = await db
        .selectFrom('outbox')
        .select(({ fn }) => fn.countAll<number | string>().as('messages'))
        .where('due_at', 'is not', null)
        .executeTakeFirstOrThrow()
      return Number(messages)
    },
    ofAlert: async (alert) => {
      const rows = await db
        .selectFrom('outbox')
        .selectAll()
        .where('alert', '=', alert)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(deliveryOf)
    },
  }
}

type Row = Pick<Delivery, 'id' | 'alert' | 'channel' | 'message' | 'attempts' | 'error'> & {
  readonly due_at: number | null
  readonly delivered_at: number | null
  readonly created_at: number
}

function deliveryOf(row: Row): Delivery {
  const { id, alert, channel, message, attempts, error } = row
  return {
    id,
    alert,
    channel,
    message,
    attempts,
    error,
    dueAt: row.due_at,
    deliveredAt: row.delivered_at,
    createdAt: row.created_at,
  }
}
