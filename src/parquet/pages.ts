/** Where the pages of a Parquet column lie, so that a row group need not be in memory whole. */

/** A page of values; `compressed_page_size` counts its header in. Named as the library that reads it wants it. */
export type PageLocation = {
  readonly offset: bigint
  readonly compressed_page_size: number
  readonly first_row_index: bigint
}

/** Bytes of a file. */
export type Slices = {
  slice(start: number, end: number): ArrayBuffer | Promise<ArrayBuffer>
}

/** A header with the smallest and largest value in it can be as large as two images. */
const HEADER_BYTES = 1 << 12
const MOST_HEADER_BYTES = 1 << 26

/** The data pages of a column, whose bytes are those from `start` to `end`, and their rows where no value is repeated. */
export async function locatePages(
  file: Slices,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<{ readonly pages: readonly PageLocation[]; readonly rows: number }> {
  const pages: PageLocation[] = []
  let row = 0
  for (let at = start; at < end;) {
    const header = await readHeader(file, at, end)
    const size = header.length + header.packedBytes
    if (size > end - at) throw new Error('a page reaches beyond its column')
    if (header.rows !== undefined) {
      pages.push({
        offset: BigInt(at),
        compressed_page_size: size,
        first_row_index: BigInt(row),
      })
      row += header.rows
    }
    at += size
  }
  return { pages, rows: row }
}

type PageHeader = {
  readonly length: number
  readonly packedBytes: number
  /** Undefined for what is no page of rows, such as a dictionary. */
  readonly rows: number | undefined
}

async function readHeader(file: Slices, at: number, end: number): Promise<PageHeader> {
  for (let length = HEADER_BYTES; ; length *= 16) {
    const bytes = await file.slice(at, Math.min(end, at + length))
    try {
      return parseHeader(new DataView(bytes))
    } catch (error) {
      const isCut = error instanceof RangeError && at + length < end
      if (!isCut || length >= MOST_HEADER_BYTES) throw error
    }
  }
}

/** Fields of `PageHeader` (parquet.thrift): packed size, and in either version's data page header its rows. */
function parseHeader(view: DataView): PageHeader {
  const reader = { view, at: 0 }
  const fields = readStruct(reader)
  const packedBytes = fields.get(3)
  if (typeof packedBytes !== 'number' || packedBytes < 0) throw new Error('a page without a size')
  const [first, second] = [fields.get(5), fields.get(8)]
  // Without repetition values are rows.
  const rows =
    first instanceof Map ? first.get(1) : second instanceof Map ? second.get(3) : undefined
  if (rows !== undefined && !(typeof rows === 'number' && rows >= 0)) {
    throw new Error('a page without a number of rows')
  }
  return { length: reader.at, packedBytes, rows }
}

type Reader = { readonly view: DataView; at: number }
type Fields = Map<number, number | Fields | undefined>

/** Types of Thrift's compact protocol. */
const TYPES = {
  stop: 0,
  yes: 1,
  no: 2,
  byte: 3,
  short: 4,
  int: 5,
  long: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
} as const

function readStruct(reader: Reader): Fields {
  const fields: Fields = new Map()
  for (let field = 0; ;) {
    const byte = reader.view.getUint8(reader.at++)
    const type = byte & 15
    if (type === TYPES.stop) return fields
    field = byte >> 4 === 0 ? zigzag(readVarint(reader)) : field + (byte >> 4)
    fields.set(field, readValue(reader, type))
  }
}

function readValue(reader: Reader, type: number): number | Fields | undefined {
  switch (type) {
    case TYPES.yes:
    case TYPES.no:
      return undefined
    case TYPES.byte:
      return reader.view.getInt8(reader.at++)
    case TYPES.short:
    case TYPES.int:
    case TYPES.long:
      return zigzag(readVarint(reader))
    case TYPES.double:
      return skip(reader, 8)
    case TYPES.binary:
      return skip(reader, readVarint(reader))
    case TYPES.list:
    case TYPES.set:
      return skipList(reader)
    case TYPES.struct:
      return readStruct(reader)
    default:
      throw new Error(`a page header with a field of type ${type}`)
  }
}

function skipList(reader: Reader): undefined {
  const byte = reader.view.getUint8(reader.at++)
  const count = byte >> 4 === 15 ? readVarint(reader) : byte >> 4
  const type = byte & 15
  for (let i = 0; i < count; i++) {
    if (type === TYPES.yes || type === TYPES.no) skip(reader, 1)
    else readValue(reader, type)
  }
  return undefined
}

/** Throws a RangeError beyond what was read of the file, as reading does. */
function skip(reader: Reader, bytes: number): undefined {
  reader.at += bytes
  if (reader.at > reader.view.byteLength) throw new RangeError('the header goes on')
  return undefined
}

/** Numbers of up to 53 bits. */
function readVarint(reader: Reader): number {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = reader.view.getUint8(reader.at++)
    value += (byte & 127) * factor
    if (byte < 128) return value
  }
}

function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
