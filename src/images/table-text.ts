import { withFile, streamFile, brokenStream } from './arrays/byte-reader.ts'
import type { LocationProbe } from './source-format.ts'

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/**
 * The text of a table, piece by piece: UTF-8, UTF-16 with a byte order mark or recognised by its zero bytes, and
 * whatever is no UTF-8 as Windows-1252, which holds Latin-1.
 */
export async function* readTableText(
  probe: Pick<LocationProbe, 'path' | 'gzipped'>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(await findEncoding(probe))
  for await (const chunk of readChunks(probe)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

async function* readChunks({
  path,
  gzipped,
}: Pick<LocationProbe, 'path' | 'gzipped'>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of streamFile(path, { gzipped })) yield chunk
  } catch (error) {
    throw brokenStream(error, path)
  }
}

async function findEncoding(probe: Pick<LocationProbe, 'path' | 'gzipped'>): Promise<Encoding> {
  const head = await withFile(probe.path, probe, (reader) => reader.read(64))
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  // A header in Latin letters has a zero in every second byte.
  const zeros = (parity: number): boolean =>
    head.length >= 4 && head.every((byte, i) => i % 2 !== parity || byte === 0)
  if (zeros(1)) return 'utf-16le'
  if (zeros(0)) return 'utf-16be'
  return (await isUtf8(probe)) ? 'utf-8' : 'windows-1252'
}

async function isUtf8(probe: Pick<LocationProbe, 'path' | 'gzipped'>): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of readChunks(probe)) decoder.decode(chunk, { stream: true })
    decoder.decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
