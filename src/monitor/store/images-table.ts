import type { Queries } from './database.ts'
import type { ImageState } from './tables.ts'
import { floatsOf } from './stored-numbers.ts'

/** What an image has come to. */
export type ImageOutcome = {
  readonly number: number
  readonly predictionId: string
  readonly state: ImageState
  readonly source: string | null
  /** ISO 8601. */
  readonly takenAt: string | null
  readonly receivedAt: number
  /** Null where it is not counted, or was forgotten; the record is JSON. */
  readonly measured: {
    readonly hash: number
    readonly record: string
    readonly numbers: Float32Array
  } | null
  /** Why it was left out, where it was. */
  readonly skipped: { readonly code: string; readonly message: string } | null
}

/** The file of an image, a small picture of it, or neither. */
export type KeptImage = {
  readonly original: Uint8Array | null
  readonly thumbnail: Uint8Array | null
}

/** Single images: what they have come to, and their bytes as far as they are kept. */
export type ImagesTable = {
  /** By number, as far as they are kept; where only a small picture is, that. */
  bytesOf(numbers: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>>
  /** The same of an image of this monitor. */
  file(monitor: string, number: number): Promise<Uint8Array | undefined>
  /** Numbers of counted images whose files are kept. */
  originals(monitor: string): Promise<number[]>
  /** What is kept of the image of this name. */
  kept(monitor: string, predictionId: string): Promise<KeptImage | undefined>
  /** Of these names those that are known, at most a thousand. */
  outcomes(monitor: string, predictionIds: readonly string[]): Promise<ImageOutcome[]>
}

/** Queries of single images. */
export function imagesTable(db: Queries): ImagesTable {
  return {
    bytesOf: async (numbers) => {
      if (numbers.length === 0) return new Map()
      const found = new Map<number, Uint8Array>()
      for (const table of ['thumbnails', 'image_bytes'] as const) {
        const rows = await db
          .selectFrom(table)
          .select(['image', 'bytes'])
          .where('image', 'in', [...numbers])
          .execute()
        for (const { image, bytes } of rows) found.set(image, bytes)
      }
      return found
    },
    file: async (monitor, number) => {
      const row = await keptRows(db, monitor).where('number', '=', number).executeTakeFirst()
      return row?.original ?? row?.thumbnail ?? undefined
    },
    originals: async (monitor) => {
      const rows = await db
        .selectFrom('image_bytes')
        .innerJoin('images', 'images.number', 'image_bytes.image')
        .select('image')
        .where('image_bytes.monitor', '=', monitor)
        .where('images.state', '=', 'counted')
        .orderBy('image')
        .execute()
      return rows.map(({ image }) => image)
    },
    kept: (monitor, predictionId) =>
      keptRows(db, monitor).where('prediction_id', '=', predictionId).executeTakeFirst(),
    outcomes: async (monitor, predictionIds) => {
      if (predictionIds.length === 0) return []
      const rows = await outcomeRows(db)
        .where('images.monitor', '=', monitor)
        .where('images.prediction_id', 'in', [...predictionIds])
        .execute()
      return rows.map(outcomeOf)
    },
  }
}

function keptRows(db: Queries, monitor: string) {
  return db
    .selectFrom('images')
    .leftJoin('image_bytes', 'image_bytes.image', 'images.number')
    .leftJoin('thumbnails', 'thumbnails.image', 'images.number')
    .select(['image_bytes.bytes as original', 'thumbnails.bytes as thumbnail'])
    .where('images.monitor', '=', monitor)
}

function outcomeRows(db: Queries) {
  return db
    .selectFrom('images')
    .leftJoin('measured', 'measured.image', 'images.number')
    .leftJoin('skipped', 'skipped.image', 'images.number')
    .select([
      'images.number',
      'images.prediction_id',
      'images.state',
      'images.source',
      'images.taken_at',
      'images.received_at',
      'measured.hash',
      'measured.record',
      'measured.numbers',
      'skipped.code',
      'skipped.message',
    ])
}

function outcomeOf({
  prediction_id: predictionId,
  taken_at: takenAt,
  received_at: receivedAt,
  hash,
  record,
  numbers,
  code,
  message,
  ...row
}: Awaited<ReturnType<ReturnType<typeof outcomeRows>['execute']>>[number]): ImageOutcome {
  return {
    ...row,
    predictionId,
    takenAt,
    receivedAt,
    measured:
      hash === null || record === null || numbers === null
        ? null
        : { hash, record, numbers: floatsOf(numbers) },
    skipped: code === null || message === null ? null : { code, message },
  }
}
