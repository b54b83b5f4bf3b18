import type { Selectable } from 'kysely'
import type { Queries } from './database.ts'
import type { ClosedPeriod } from './periods-table.ts'
import { bytesOf, floatsOf, signedOf } from './stored-numbers.ts'
import type { Tables as AllTables } from './tables.ts'

/** How far a monitor has come. */
export type Watch = {
  /** Images that were counted. */
  readonly position: number
  readonly skipped: number
  /** Another after each commit: whoever remembers this one knows the state that belongs to it. */
  readonly stamp: string
}

/** An image that was counted. */
export type CountedImage = {
  readonly number: number
  readonly position: number
  readonly hash: number
  /** JSON. */
  readonly record: string
  readonly numbers: Float32Array
}

/** The same as it is stored. */
export type ImageToCount = CountedImage & {
  /** What is at each place of its frame, where windows are judged by it. */
  readonly places?: Int8Array | undefined
  /** When it was made, else received. */
  readonly takenAt: number
  /** Of a sample those with the smallest are drawn. */
  readonly draw: number
}

/** An image that was left out. */
export type LeftOutImage = {
  readonly number: number
  readonly position: number
  readonly code: string
  readonly message: string
}

/** A source as it is stored; the empty name stands for all together. */
export type StoredStream = {
  readonly source: string
  readonly state: Uint8Array
  readonly status: string
  readonly images: number
  readonly evidence: number
  readonly lastAt: number
  readonly recoveredAt: number | null
}

/** The same without what it remembers. */
export type StreamFacts = Omit<StoredStream, 'state'>

/** What a step of watching changes. */
export type WatchStep = {
  readonly monitor: string
  readonly before: Watch
  readonly after: Watch
  readonly counted: readonly ImageToCount[]
  readonly leftOut: readonly LeftOutImage[]
  readonly streams: readonly StoredStream[]
  readonly guards: readonly StoredGuards[]
  /** Whether their bytes stay. */
  readonly keepBytes: boolean
  /** Small pictures in their place. */
  readonly thumbnails?: readonly StoredThumbnail[] | undefined
  readonly at: number
}

/** A small picture of the image of that number. */
export type StoredThumbnail = { readonly image: number; readonly bytes: Uint8Array }

/** What guards remember of a source, JSON; the empty name stands for images that name none. */
export type StoredGuards = readonly [source: string, state: string]

/** What is known of the images that were counted, and of the streams they are in. */
export type WatchingTable = {
  watch(monitor: string): Promise<Watch>
  streams(monitor: string): Promise<StreamFacts[]>
  /** What each of them remembers, by source: up to a megabyte each. */
  streamStates(monitor: string): Promise<(readonly [source: string, state: Uint8Array])[]>
  guards(monitor: string): Promise<StoredGuards[]>
  /** All of a step, or nothing; throws where another one was faster. Only within a transaction. */
  count(step: WatchStep): Promise<void>
  /** Counted images from one position to another, both included. */
  counted(monitor: string, from: number, to: number): Promise<CountedImage[]>
  /** Of the images of a closed period so many at most, drawn as a sample is, in the order in which they came. */
  ofPeriod(period: ClosedPeriod, most: number): Promise<CountedImage[]>
  /** What is at each place of these images, by their number; of those that have nothing kept, nothing. */
  places(numbers: readonly number[]): Promise<ReadonlyMap<number, Int8Array>>
  /** Images left out while so many had been counted. */
  leftOut(monitor: string, from: number, to: number): Promise<NamedLeftOut[]>
  /** The last ones, newest first. */
  lastLeftOut(monitor: string, most: number): Promise<(NamedLeftOut & { readonly at: number })[]>
}

/** With the name it came under. */
export type NamedLeftOut = LeftOutImage & { readonly predictionId: string }

/** Another process committed a step of the same monitor meanwhile. */
export class OvertakenError extends Error {}

/** Queries of watching. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function watchingTable(db: Queries): WatchingTable {
  return {
    watch: async (monitor) => {
      const row = await db
        .selectFrom('watches')
        .selectAll()
        .where('monitor', '=', monitor)
        .executeTakeFirst()
      return row ?? { position: 0, skipped: 0, stamp: '' }
    },
    streams: async (monitor) => {
      const rows = await db
        .selectFrom('streams')
        .select(['source', 'status', 'images', 'evidence', 'last_at', 'recovered_at'])
        .where('monitor', '=', monitor)
        .orderBy('source')
        .execute()
      return rows.map((row) => ({
        source: row.source,
        status: row.status,
        images: row.images,
        evidence: row.evidence,
        lastAt: row.last_at,
        recoveredAt: row.recovered_at,
      }))
    },
    streamStates: async (monitor) => {
      const rows = await db
        .selectFrom('streams')
        .select(['source', 'state'])
        .where('monitor', '=', monitor)
        .execute()
      return rows.map(({ source, state }) => [source, state] as const)
    },
    guards: async (monitor) => {
      const rows = await db
        .selectFrom('guards')
        .select(['source', 'state'])
        .where('monitor', '=', monitor)
        .orderBy('source')
        .execute()
      return rows.map(({ source, state }) => [source, state] as const)
    },
    count: async (step) => {
      await advance(db, step)
      await settle(db, step)
      await insertCounted(db, step)
      await saveStreams(db, step)
      await saveGuards(db, step)
    },
    counted: async (monitor, from, to) => {
      const rows = await db
        .selectFrom('measured')
        .selectAll()
        .where('monitor', '=', monitor)
        .where('position', '>=', from)
        .where('position', '<=', to)
        .orderBy('position')
        .execute()
      return rows.map(countedOf)
    },
    ofPeriod: async ({ monitor, start, end, last }, most) => {
      const drawn = await db
        .selectFrom('measured')
        .select('image')
        .where('monitor', '=', monitor)
        .where('taken_at', '>=', start)
        .where('taken_at', '<', end)
        .where('position', '<=', last)
        .orderBy('draw')
        .orderBy('position')
        .limit(most)
        .execute()
      const rows: MeasuredRow[] = []
      for (let at = 0; at < drawn.length; at += TOGETHER) {
        const some = drawn.slice(at, at + TOGETHER).map(({ image }) => image)
        const found = await db
          .selectFrom('measured')
          .selectAll()
          .where('image', 'in', some)
          .execute()
        rows.push(...found)
      }
      return rows.map(countedOf).toSorted((a, b) => a.position - b.position)
    },
    places: async (numbers) => {
      const found = new Map<number, Int8Array>()
      for (let at = 0; at < numbers.length; at += TOGETHER) {
        const some = numbers.slice(at, at + TOGETHER)
        const rows = await db.selectFrom('places').selectAll().where('image', 'in', some).execute()
        for (const { image, cells } of rows) found.set(image, signedOf(cells))
      }
      return found
    },
    leftOut: async (monitor, from, to) => {
      const rows = await leftOutRows(db, monitor)
        .where('skipped.position', '>=', from)
        .where('skipped.position', '<=', to)
        .orderBy('image')
        .execute()
      return rows.map(leftOutOf)
    },
    lastLeftOut: async (monitor, most) => {
      const rows = await leftOutRows(db, monitor).orderBy('image', 'desc').limit(most).execute()
      return rows.map((row) => Object.assign(leftOutOf(row), { at: row.skipped_at }))
    },
  }
}

/** The step that reads what another one has written must not write it again. */
async function advance(db: Queries, { monitor, before, after }: WatchStep): Promise<void> {
  const row = { monitor, ...after }
  const changed =
    before.stamp === ''
      ? await db
          .insertInto('watches')
          .values(row)
          .onConflict((conflict) => conflict.column('monitor').doNothing())
          .executeTakeFirst()
      : await db
          .updateTable('watches')
          .set(after)
          .where('monitor', '=', monitor)
          .where('stamp', '=', before.stamp)
          .executeTakeFirst()
  const rows =
    'numUpdatedRows' in changed ? changed.numUpdatedRows : changed.numInsertedOrUpdatedRows
  if (rows !== 1n) throw new OvertakenError(`another process counted images of ${monitor}`)
}

async function settle(db: Queries, { counted, leftOut, keepBytes }: WatchStep): Promise<void> {
  const [done, skipped] = [counted, leftOut].map((images) => images.map(({ number }) => number))
  if (done.length > 0) {
    await db.updateTable('images').set({ state: 'counted' }).where('number', 'in', done).execute()
  }
  if (skipped.length > 0) {
    await db
      .updateTable('images')
      .set({ state: 'skipped' })
      .where('number', 'in', skipped)
      .execute()
  }
  const dropped = keepBytes ? skipped : [...done, ...skipped]
  if (dropped.length > 0) {
    await db.deleteFrom('image_bytes').where('image', 'in', dropped).execute()
  }
}

async function insertCounted(
  db: Queries,
  { monitor, counted, leftOut, thumbnails = [], at }: WatchStep,
): Promise<void> {
  if (counted.length > 0) {
    const rows = counted.map(({ number, position, hash, record, numbers, takenAt, draw }) => ({
      image: number,
      monitor,
      position,
      hash,
      record,
      numbers: bytesOf(numbers),
      taken_at: takenAt,
      draw,
    }))
    await db.insertInto('measured').values(rows).execute()
  }
  const placed = counted.flatMap(({ number, places }) =>
    places === undefined ? [] : [{ image: number, cells: bytesOf(places) }],
  )
  if (placed.length > 0) await db.insertInto('places').values(placed).execute()
  if (thumbnails.length > 0) {
    const rows = thumbnails.map(({ image, bytes }) => ({ image, monitor, bytes }))
    await db.insertInto('thumbnails').values(rows).execute()
  }
  if (leftOut.length > 0) {
    const rows = leftOut.map(({ number, ...why }) => ({
      ...why,
      image: number,
      monitor,
      skipped_at: at,
    }))
    await db.insertInto('skipped').values(rows).execute()
  }
}

async function saveStreams(db: Queries, { monitor, streams }: WatchStep): Promise<void> {
  for (const { lastAt, recoveredAt, ...stream } of streams) {
    const row = { ...stream, monitor, last_at: lastAt, recovered_at: recoveredAt }
    await db
      .insertInto('streams')
      .values(row)
      .onConflict((conflict) => conflict.columns(['monitor', 'source']).doUpdateSet(row))
      .execute()
  }
}

async function saveGuards(db: Queries, { monitor, guards }: WatchStep): Promise<void> {
  if (guards.length === 0) return
  await db
    .insertInto('guards')
    .values(guards.map(([source, state]) => ({ monitor, source, state })))
    .onConflict((conflict) =>
      conflict
        .columns(['monitor', 'source'])
        .doUpdateSet((build) => ({ state: build.ref('excluded.state') })),
    )
    .execute()
}

function leftOutRows(db: Queries, monitor: string) {
  return db
    .selectFrom('skipped')
    .innerJoin('images', 'images.number', 'skipped.image')
    .selectAll('skipped')
    .select('images.prediction_id')
    .where('skipped.monitor', '=', monitor)
}

type LeftOutRow = Awaited<ReturnType<ReturnType<typeof leftOutRows>['execute']>>[number]

function leftOutOf(row: LeftOutRow): NamedLeftOut {
  const { image, position, code, message, prediction_id: predictionId } = row
  return { number: image, predictionId, position, code, message }
}

/** Images that are looked up by one query. */
const TOGETHER = 1000

type MeasuredRow = Omit<Selectable<AllTables['measured']>, 'taken_at' | 'draw'>

function countedOf({ image, position, hash, record, numbers }: MeasuredRow): CountedImage {
  return { number: image, position, hash, record, numbers: floatsOf(numbers) }
}
