import { sql } from 'kysely'
import type { Queries } from './database.ts'

/** An image that came in, not stored yet. */
export type ReceivedImage = {
  readonly monitor: string
  readonly predictionId: string
  readonly digest: string
  readonly source: string | null
  /** ISO 8601. */
  readonly takenAt: string | null
  /** JSON. */
  readonly facts: string
  readonly receivedAt: number
  readonly bytes: Uint8Array
}

/** `known`: it was stored before. `conflict`: another image was, of the same name. */
export type Receipt = 'stored' | 'known' | 'conflict'

/** An image that waits to be counted. */
export type PendingImage = Omit<ReceivedImage, 'digest' | 'monitor'> & { readonly number: number }

/** How much waits. */
export type Backlog = { readonly images: number; readonly bytes: number }

/** Images between their arrival and their count. */
export type InboxTable = {
  /** Stores all that are new; once it resolves they outlive a crash, if it is no part of a transaction. */
  add(images: readonly ReceivedImage[]): Promise<Receipt[]>
  /** The first ones that wait, of so many bytes together, but at least one. */
  pending(monitor: string, options: PendingOptions): Promise<PendingImage[]>
  backlog(): Promise<Backlog>
  /** When the first one that waits was received; undefined where none does. */
  oldest(monitor: string): Promise<number | undefined>
  /** Of these names those that are stored. */
  known(monitor: string, predictionIds: readonly string[]): Promise<ReadonlySet<string>>
  sources(monitor: string): Promise<string[]>
}

type PendingOptions = {
  readonly images: number
  readonly bytes: number
  /** Numbers of those that are being measured. */
  readonly except: ReadonlySet<number>
}

/** As a literal: for a parameter SQLite would not use the index of those that wait, and look through all images. */
const PENDING = sql.lit('pending' as const)

/** Queries of the inbox. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function inboxTable(db: Queries): InboxTable {
  return {
    add: async (images) => {
      if (images.length === 0) return []
      const inserted = await db
        .insertInto('images')
        .values(images.map(rowOf))
        .onConflict((conflict) => conflict.columns(['monitor', 'prediction_id']).doNothing())
        .returning(['number', 'monitor', 'prediction_id'])
        .execute()
      const numbers = new Map(inserted.map((row) => [nameOf(row.monitor, row.prediction_id), row]))
      const stored = new Set<number>()
      const bytes = images.flatMap((image, i) => {
        const name = nameOf(image.monitor, image.predictionId)
        const row = numbers.get(name)
        if (row === undefined) return []
        // A second one of the same name within these is no new one.
        numbers.delete(name)
        stored.add(i)
        return [{ image: row.number, monitor: image.monitor, bytes: image.bytes }]
      })
      if (bytes.length > 0) await db.insertInto('image_bytes').values(bytes).execute()
      const others = images.filter((_, i) => !stored.has(i))
      const digests = await digestsOf(db, others)
      return images.map((image, i) => {
        if (stored.has(i)) return 'stored'
        const known = digests.get(nameOf(image.monitor, image.predictionId))
        return known === image.digest ? 'known' : 'conflict'
      })
    },
    pending: async (monitor, { images, bytes, except }) => {
      const waiting = await db
        .selectFrom('images')
        .select(['number', 'size'])
        .where('monitor', '=', monitor)
        .where('state', '=', PENDING)
        .orderBy('number')
        .limit(images + except.size)
        .execute()
      const others = waiting.filter(({ number }) => !except.has(number)).slice(0, images)
      const chosen = firstWithin(others, bytes)
      if (chosen.length === 0) return []
      const rows = await db
        .selectFrom('images')
        .innerJoin('image_bytes', 'image_bytes.image', 'images.number')
        .selectAll('images')
        .select('image_bytes.bytes')
        .where('number', 'in', chosen)
        .orderBy('number')
        .execute()
      return rows.map((row) => ({
        number: row.number,
        predictionId: row.prediction_id,
        source: row.source,
        takenAt: row.taken_at,
        facts: row.facts,
        receivedAt: row.received_at,
        bytes: row.bytes,
      }))
    },
    backlog: async () => {
      const { images, bytes } = await db
        .selectFrom('images')
        .select(({ fn }) => [
          fn.countAll<number | string>().as('images'),
          fn.coalesce(fn.sum<number | string>('size'), sql<number>`0`).as('bytes'),
        ])
        .where('state', '=', PENDING)
        .executeTakeFirstOrThrow()
      return { images: Number(images), bytes: Number(bytes) }
    },
    oldest: async (monitor) => {
      const row = await db
        .selectFrom('images')
        .select('received_at')
        .where('monitor', '=', monitor)
        .where('state', '=', PENDING)
        .orderBy('number')
        .limit(1)
        .executeTakeFirst()
      return row?.received_at
    },
    known: async (monitor, predictionIds) => {
      if (predictionIds.length === 0) return new Set()
      const rows = await db
        .selectFrom('images')
        .select('prediction_id')
        .where('monitor', '=', monitor)
        .where('prediction_id', 'in', [...predictionIds])
        .execute()
      return new Set(rows.map((row) => row.prediction_id))
    },
    sources: async (monitor) => {
      const rows = await db
        .selectFrom('streams')
        .select('source')
        .where('monitor', '=', monitor)
        .execute()
      return rows.map(({ source }) => source).filter((source) => source !== '')
    },
  }
}

function rowOf({ predictionId, takenAt, receivedAt, bytes, ...image }: ReceivedImage) {
  return {
    ...image,
    prediction_id: predictionId,
    taken_at: takenAt,
    received_at: receivedAt,
    size: bytes.length,
    state: 'pending' as const,
  }
}

function nameOf(monitor: string, predictionId: string): string {
  return JSON.stringify([monitor, predictionId])
}

async function digestsOf(
  db: Queries,
  images: readonly ReceivedImage[],
): Promise<ReadonlyMap<string, string>> {
  if (images.length === 0) return new Map()
  const ids = images.map(({ predictionId }) => predictionId)
  const rows = await db
    .selectFrom('images')
    .select(['monitor', 'prediction_id', 'digest'])
    .where('prediction_id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [nameOf(row.monitor, row.prediction_id), row.digest]))
}

function firstWithin(
  waiting: readonly { readonly number: number; readonly size: number }[],
  bytes: number,
): number[] {
  let sum = 0
  return waiting.flatMap(({ number, size }, i) => {
    sum += size
    return i === 0 || sum <= bytes ? [number] : []
  })
}
