import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DriftError } from '../../errors.ts'
import { fileBytes, type StoredBytes } from '../../storage/index.ts'

/** Bytes as they come. No type of Node's: declarations that reach a user must not ask for @types/node. */
export type ByteStream = AsyncIterable<Uint8Array>

/** Reads a stream in pieces of a chosen size. */
export type ByteReader = {
  /** The next `count` bytes; fewer only at the end. */
  read(count: number): Promise<Uint8Array>
  /** Ends the stream early. */
  close(): Promise<void>
}

/** Opens a file's bytes; gzip is unpacked on the way when `gzipped`. */
export function streamFile(path: string, options: { readonly gzipped?: boolean } = {}): ByteStream {
  return streamStored(fileBytes(path, Number.POSITIVE_INFINITY), options)
}

/** Opens stored bytes; gzip is unpacked on the way when `gzipped`. */
export function streamStored(bytes: StoredBytes, { gzipped = false } = {}): ByteStream {
  const stream = bytes.stream()
  // The callback only marks the error as handled; whoever reads the stream gets it too.
  return gzipped ? pipeline(stream, createGunzip({ chunkSize: 1 << 18 }), () => {}) : stream
}

/** Opens a file for `read` alone and closes it behind it. */
export async function withFile<T>(
  path: string,
  options: { readonly gzipped: boolean },
  read: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  return withStored(fileBytes(path, Number.POSITIVE_INFINITY), options, read)
}

/** Opens stored bytes for `read` alone and closes them behind it. */
export async function withStored<T>(
  bytes: StoredBytes,
  options: { readonly gzipped: boolean },
  read: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  const reader = readBytes(streamStored(bytes, options), bytes.location)
  try {
    return await read(reader)
  } finally {
    await reader.close()
  }
}

/** Wraps a stream; `location` names it in the error of a stream that breaks off. */
export function readBytes(stream: ByteStream, location: string): ByteReader {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()
  return {
    async read(count) {
      const parts = [rest.subarray(0, count)]
      let missing = count - rest.length
      rest = rest.subarray(count)
      while (missing > 0) {
        const next = await chunks.next().catch((error: unknown) => {
          throw brokenStream(error, location)
        })
        if (next.done === true) break
        parts.push(next.value.subarray(0, missing))
        rest = next.value.subarray(missing)
        missing -= next.value.length
      }
      return Buffer.concat(parts)
    },
    close: async () => {
      await chunks.return?.()
    },
  }
}

/** The error of a file, archive or compressed stream that ends or breaks before its time. */
export function brokenStream(error: unknown, location: string): DriftError {
  if (error instanceof DriftError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new DriftError(
    'source.unreadable',
    `expected a whole file, got a damaged or truncated one: ${location} (${detail})`,
    { hint: 'Copy or download the file again.', cause: error },
  )
}
