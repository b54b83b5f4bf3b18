import { DriftError } from '../errors.ts'
import type { S3Client } from './s3-client.ts'
import type { ByteRange, StoredBytes } from './stored-bytes.ts'

/** An object as a list has it. */
export type ObjectEntry = {
  readonly key: string
  readonly size: number
  /** Changes with its bytes. */
  readonly etag: string | undefined
}

/** Bytes of a request: so many are lost and asked for again when a connection breaks. */
const BLOCK_BYTES = 8 << 20
/** Blocks of one large read that are on their way at once. */
const BLOCKS_AT_ONCE = 4

/** The bytes of an object, asked for range by range; all of one and the same state of the object. */
export function objectBytes(
  client: S3Client,
  { key, size, etag }: ObjectEntry,
  location: string,
): StoredBytes {
  const readBlock = async ({ start, end }: ByteRange): Promise<Uint8Array<ArrayBuffer>> => {
    const range = `bytes=${start}-${end - 1}`
    const headers = { range, ...(etag !== undefined && { 'if-match': etag }) }
    const mostBytes = Math.max(end - start, 1 << 20)
    const { status, body } = await client.ask({ key, headers, mostBytes, location })
    // A service without ranges gives a small object whole.
    const bytes = status === 206 ? body : body.slice(start, end)
    if (bytes.length === end - start) return bytes
    throw new DriftError(
      'source.unreadable',
      `expected ${end - start} bytes from byte ${start} on, got ${bytes.length}: ${location}`,
    )
  }
  const stream = async function* stream({ start, end } = { start: 0, end: size }) {
    let next = start < end ? readBlock(blockAt(start, end)) : undefined
    for (let at = start; next !== undefined;) {
      const block = await next
      at += block.length
      // The next one comes while this one is unpacked.
      next = at < end ? readBlock(blockAt(at, end)) : undefined
      next?.catch(() => {})
      yield block
    }
  }
  return {
    location,
    size,
    stream,
    read: async ({ start, end }) => {
      if (end - start <= 0) return new Uint8Array()
      if (end - start <= BLOCK_BYTES) return readBlock({ start, end })
      const whole = new Uint8Array(end - start)
      const starts: number[] = []
      for (let at = start; at < end; at += BLOCK_BYTES) starts.push(at)
      for (let i = 0; i < starts.length; i += BLOCKS_AT_ONCE) {
        const some = starts.slice(i, i + BLOCKS_AT_ONCE)
        const blocks = await Promise.all(some.map((at) => readBlock(blockAt(at, end))))
        blocks.forEach((block, k) => whole.set(block, some[k] - start))
      }
      return whole
    },
  }
}

function blockAt(start: number, end: number): ByteRange {
  return { start, end: Math.min(end, start + BLOCK_BYTES) }
}
