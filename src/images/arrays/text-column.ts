import { DriftError } from '../../errors.ts'
import { withFile, type ByteReader } from './byte-reader.ts'
import { isIdx, readIdxHeader } from './idx-header.ts'
import { isNumberType, readNpyHeader, type NpyHeader, type TextType } from './npy-header.ts'
import { readNumbers } from './number-type.ts'

/** One text per image from a one-axis IDX or NPY file (gzip allowed), e.g. its labels. */
export async function readColumnFile(path: string, count: number): Promise<string[]> {
  const gzipped = /\.gz$/i.test(path)
  const head = await withFile(path, { gzipped }, (reader) => reader.read(4))
  return withFile(path, { gzipped }, async (reader) => {
    const header = isIdx(head)
      ? { ...(await readIdxHeader(reader, path)), fortranOrder: false }
      : await readNpyHeader(reader, path)
    return readColumn(reader, header, { location: path, count })
  })
}

/** One text per image from an array whose header has been read; `count` is what the images need. */
export async function readColumn(
  reader: ByteReader,
  { shape, type }: NpyHeader,
  { location, count }: { location: string; count: number },
): Promise<string[]> {
  if (shape.length !== 1 || shape[0] !== count) {
    throw new DriftError(
      'source.unreadable',
      `expected ${count} values, one per image, got ${shape.join('×') || 'a single value'} in ${location}`,
    )
  }
  const bytes = await reader.read(count * type.bytes)
  if (bytes.length < count * type.bytes) {
    throw new DriftError('source.unreadable', `${location} is truncated`)
  }
  if (isNumberType(type)) return Array.from(readNumbers(type, bytes), String)
  return Array.from({ length: count }, (_, row) =>
    readText(type, bytes.subarray(row * type.bytes, (row + 1) * type.bytes)),
  )
}

function readText(type: TextType, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes)
  if (type.kind === 'bytes') return buffer.toString('utf8').replace(/\0+$/, '')
  if (type.kind === 'unicode') {
    let text = ''
    for (let at = 0; at < buffer.length; at += 4) {
      text += String.fromCodePoint(
        type.bigEndian ? buffer.readUInt32BE(at) : buffer.readUInt32LE(at),
      )
    }
    return text.replace(/\0+$/, '')
  }
  const ticks = type.bigEndian ? buffer.readBigInt64BE() : buffer.readBigInt64LE()
  return dateText(ticks, type.unit ?? 'ns')
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  D: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
}

function dateText(ticks: bigint, unit: string): string {
  const scale = MILLISECONDS[unit]
  const date = new Date(scale === undefined ? NaN : Number(ticks) * scale)
  if (!Number.isNaN(date.getTime())) return date.toISOString()
  throw new DriftError('source.unreadable', `expected a date, got ${ticks} of unit ${unit}`)
}
