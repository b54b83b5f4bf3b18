import type { Queries } from './database.ts'

/** Bytes of images that are kept. */
export type ImagesTable = {
  /** By number, as far as they are kept. */
  bytesOf(numbers: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>>
  /** Of an image of this monitor. */
  file(monitor: string, number: number): Promise<Uint8Array | undefined>
}

/** Queries of bytes. */
export function imagesTable(db: Queries): ImagesTable {
  return {
    bytesOf: async (numbers) => {
      if (numbers.length === 0) return new Map()
      const rows = await db
        .selectFrom('image_bytes')
        .selectAll()
        .where('image', 'in', [...numbers])
        .execute()
      return new Map(rows.map(({ image, bytes }) => [image, bytes]))
    },
    file: async (monitor, number) => {
      const row = await db
        .selectFrom('images')
        .innerJoin('image_bytes', 'image_bytes.image', 'images.number')
        .select('image_bytes.bytes')
        .where('images.monitor', '=', monitor)
        .where('number', '=', number)
        .executeTakeFirst()
      return row?.bytes
    },
  }
}
