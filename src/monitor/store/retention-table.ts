import { sql } from 'kysely'
import type { Queries } from './database.ts'

/** What goes, and when. */
export type RetentionTable = {
  /** Drops the bytes of counted images, or their small pictures, but those of the last so many; returns of how many, at most. */
  dropBytes(options: {
    readonly monitor: string
    readonly of: 'image_bytes' | 'thumbnails'
    readonly keep: number
    readonly most: number
  }): Promise<number>
  /** Drops all that is known of single images that came before a time and were counted; returns of how many, at most. */
  dropImages(options: {
    readonly monitor: string
    readonly before: number
    readonly most: number
    /** Their names stay: their files may still lie where they are taken from. */
    readonly keepNames: boolean
  }): Promise<number>
  /** Drops true classes that came before a time and whose image never did; returns of how many, at most. */
  dropWaiting(options: {
    readonly monitor: string
    readonly before: number
    readonly most: number
  }): Promise<number>
  /** Drops everything that is known of one image; false where there is none, or it is not counted yet. */
  forget(monitor: string, predictionId: string): Promise<boolean>
}

/** Queries of retention. An image keeps its name until it is dropped: sent again it would be a new one. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function retentionTable(db: Queries): RetentionTable {
  return {
    dropBytes: async ({ monitor, of, keep, most }) => {
      const bytes = () => db.selectFrom(of).select('image').where('monitor', '=', monitor)
      const newest = await bytes().orderBy('image', 'desc').offset(keep).limit(1).executeTakeFirst()
      if (newest === undefined) return 0
      const { waiting } = await db
        .selectFrom('images')
        .select(({ fn }) => fn.min('number').as('waiting'))
        .where('monitor', '=', monitor)
        .where('state', '=', sql.lit('pending' as const))
        .executeTakeFirstOrThrow()
      const rows = await bytes()
        .where('image', '<=', newest.image)
        .where('image', '<', waiting ?? newest.image + 1)
        .orderBy('image')
        .limit(most)
        .execute()
      const numbers = rows.map(({ image }) => image)
      if (numbers.length > 0) {
        await db.deleteFrom(of).where('image', 'in', numbers).execute()
      }
      return numbers.length
    },
    dropImages: async ({ monitor, before, most, keepNames }) => {
      const rows = await db
        .selectFrom('images')
        .select('number')
        .where('monitor', '=', monitor)
        .where('received_at', '<', before)
        .where('state', '!=', sql.lit('forgotten' as const))
        .where('state', '!=', 'pending')
        .orderBy('received_at')
        .limit(most)
        .execute()
      const numbers = rows.map(({ number }) => number)
      await dropNumbers(db, numbers, { keepNames })
      return numbers.length
    },
    dropWaiting: async ({ monitor, before, most }) => {
      const rows = await db
        .selectFrom('ground_truth')
        .select('prediction_id')
        .where('monitor', '=', monitor)
        .where('image', 'is', null)
        .where('said_at', '<', before)
        .limit(most)
        .execute()
      if (rows.length === 0) return 0
      const names = rows.map(({ prediction_id: name }) => name)
      await db
        .deleteFrom('ground_truth')
        .where('monitor', '=', monitor)
        .where('image', 'is', null)
        .where('prediction_id', 'in', names)
        .execute()
      return names.length
    },
    forget: async (monitor, predictionId) => {
      const row = await db
        .selectFrom('images')
        .select('number')
        .where('monitor', '=', monitor)
        .where('prediction_id', '=', predictionId)
        .where('state', '!=', 'pending')
        .executeTakeFirst()
      if (row === undefined) return false
      await dropNumbers(db, [row.number], { keepNames: false })
      return true
    },
  }
}

const DROPPED = [
  'image_bytes',
  'thumbnails',
  'measured',
  'places',
  'skipped',
  'ground_truth',
] as const

async function dropNumbers(
  db: Queries,
  numbers: readonly number[],
  { keepNames }: { readonly keepNames: boolean },
): Promise<void> {
  if (numbers.length === 0) return
  for (const table of DROPPED) {
    await db
      .deleteFrom(table)
      .where('image', 'in', [...numbers])
      .execute()
  }
  const own = [...numbers]
  if (keepNames) {
    const nothing = { state: 'forgotten', facts: '{}', source: null, taken_at: null } as const
    await db.updateTable('images').set(nothing).where('number', 'in', own).execute()
  } else {
    await db.deleteFrom('images').where('number', 'in', own).execute()
  }
}
