import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** From `start` up to but without `end`. */
export type ByteRange = { readonly start: number; readonly end: number }

/** Bytes that are stored under one name: a file, or an object of a bucket. */
export type StoredBytes = {
  /** As the user wrote it, for messages. */
  readonly location: string
  readonly size: number
  /** Path of the file, for libraries that open it themselves; undefined where the bytes lie elsewhere. */
  readonly file?: string | undefined
  /** Exactly the bytes of the range; rejects where there are fewer. */
  read(range: ByteRange): Promise<Uint8Array<ArrayBuffer>>
  /** Piece by piece, of all without a range. */
  stream(range?: ByteRange): AsyncIterable<Uint8Array>
}

/** The bytes of a file on this machine. */
export function fileBytes(path: string, size: number): StoredBytes {
  return {
    location: path,
    size,
    file: path,
    read: async ({ start, end }) => {
      const file = await open(path)
      try {
        const bytes = new Uint8Array(end - start)
        const { bytesRead } = await file.read(bytes, 0, end - start, start)
        if (bytesRead < end - start) throw new RangeError(`${path} ends before byte ${end}`)
        return bytes
      } finally {
        await file.close()
      }
    },
    stream: (range) =>
      createReadStream(path, {
        highWaterMark: 1 << 18,
        ...(range && { start: range.start, end: range.end - 1 }),
      }),
  }
}
