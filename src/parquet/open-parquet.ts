import { closeSync, openSync, readSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { type LocatedColumns, locateColumns } from './locate-columns.ts'
import type { PageLocation } from './pages.ts'

/** A column, or a group of columns. */
export type ParquetField = SchemaTree

/** Rows from `start` up to but without `end`. */
export type RowRange = { readonly start: number; readonly end: number }

/** A table on disk; only what is asked for is read. */
export type ParquetTable = {
  readonly fields: readonly ParquetField[]
  readonly rowCount: number
  /** The rows of each group: what is read at once. */
  readonly rowGroups: readonly RowRange[]
  /** All rows in pieces of some megabytes, each of whole pages: a group may be as large as the file. */
  pieces(columns: readonly string[]): AsyncIterable<RowRange>
  /** What the file says beside its rows. */
  readonly metadata: ReadonlyMap<string, string>
  /** Rows as objects, bytes as they are. */
  readRows(columns: readonly string[], range: RowRange): Promise<Record<string, unknown>[]>
  /** The values of each column. */
  readColumns(
    columns: readonly string[],
    range: RowRange,
  ): Promise<ReadonlyMap<string, ArrayLike<unknown>>>
}

/** A damaged footer may have lost the names that its type promises. */
function requireNames(fields: SchemaTree['children']): void {
  for (const { element, children } of fields) {
    if (typeof element.name !== 'string') throw new Error('a column without a name')
    requireNames(children)
  }
}

/** Opens a Parquet file, or what stands for one; rejects with the reader's own error where it is none. */
export async function openParquet(path: string | AsyncBuffer): Promise<ParquetTable> {
  const file = typeof path === 'string' ? await fileSlices(path) : path
  const metadata = await parquetMetadataAsync(file)
  const rowGroups = rangesOf(metadata)
  const reading = { file, metadata, compressors }
  const schema = parquetSchema(metadata)
  requireNames(schema.children)
  const { locate, locateAll } = createLocator(file, { metadata, schema, rowGroups })
  return {
    fields: schema.children,
    rowCount: Number(metadata.num_rows),
    rowGroups,
    metadata: new Map(
      (metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value]),
    ),
    pieces: async function* pieces(columns) {
      for (const [group, range] of rowGroups.entries()) {
        yield* cutIntoPieces(range, Object.values(await locate(group, columns)))
      }
    },
    readRows: async (columns, range) => {
      const { start: rowStart, end: rowEnd } = range
      const located = await locateAll(columns, range)
      const options = { ...reading, ...located, columns: [...columns], rowStart, rowEnd }
      return parquetReadObjects({ ...options, utf8: false })
    },
    readColumns: async (columns, range) => {
      const { start: rowStart, end: rowEnd } = range
      const located = await locateAll(columns, range)
      const parts = new Map<string, { readonly at: number; readonly data: ArrayLike<unknown> }[]>()
      await parquetRead({
        ...reading,
        ...located,
        columns: [...columns],
        // What is text says so.
        utf8: false,
        rowStart,
        rowEnd,
        // Whole pages, which begin before the range and end behind it.
        onChunk: ({ columnName, columnData, rowStart: at }) => {
          const own = parts.get(columnName) ?? []
          const data = columnData.slice(Math.max(0, rowStart - at), Math.max(0, rowEnd - at))
          if (data.length > 0) parts.set(columnName, [...own, { at, data }])
        },
      })
      return new Map([...parts].map(([name, chunks]) => [name, join(chunks)]))
    },
  }
}

/** Smaller reads take less time than a way to another thread and back, and there are thousands. */
const LARGE_READ = 1 << 18

async function fileSlices(path: string): Promise<AsyncBuffer> {
  const { size } = await stat(path)
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
      const read =
        bytes.length < LARGE_READ
          ? readNow(path, bytes, start)
          : await readLater(path, bytes, start)
      return read === bytes.length ? bytes.buffer : bytes.buffer.slice(0, read)
    },
  }
}

function readNow(path: string, bytes: Uint8Array, start: number): number {
  const file = openSync(path, 'r')
  try {
    return readSync(file, bytes, 0, bytes.length, start)
  } finally {
    closeSync(file)
  }
}

async function readLater(path: string, bytes: Uint8Array, start: number): Promise<number> {
  const file = await open(path)
  try {
    return (await file.read(bytes, 0, bytes.length, start)).bytesRead
  } finally {
    await file.close()
  }
}

function rangesOf({ row_groups: groups }: FileMetaData): RowRange[] {
  let behind = 0
  return groups.map(({ num_rows: size }) => {
    const start = behind
    behind += Number(size)
    return { start, end: behind }
  })
}

type Layout = {
  readonly metadata: FileMetaData
  readonly schema: SchemaTree
  readonly rowGroups: readonly RowRange[]
}

/** Finds the pages of row groups, those of the last one kept. */
function createLocator(file: AsyncBuffer, { metadata, schema, rowGroups }: Layout) {
  let last: { readonly key: string; readonly located: Promise<LocatedColumns> } | undefined
  const locate = async (group: number, columns: readonly string[]): Promise<LocatedColumns> => {
    const key = JSON.stringify([group, columns])
    if (last?.key !== key) {
      const groups = { row_groups: metadata.row_groups, schema }
      last = { key, located: locateColumns(file, groups, { group, columns }) }
    }
    return last.located
  }
  return {
    locate,
    /** What the library wants to know of the groups that a range lies in; a part of its options that it does not document. */
    locateAll: async (columns: readonly string[], { start, end }: RowRange) => {
      const pageLocationsByGroup: LocatedColumns[] = []
      for (const [group, range] of rowGroups.entries()) {
        if (range.start < end && start < range.end) {
          pageLocationsByGroup[group] = await locate(group, columns)
        }
      }
      return { pageLocationsByGroup }
    },
  }
}

/** Packed bytes of a piece. */
const PIECE_BYTES = 1 << 24

/** Cut where the largest column has pages; whole where it is small. */
function cutIntoPieces(
  { start, end }: RowRange,
  columns: readonly (readonly PageLocation[])[],
): RowRange[] {
  const sizeOf = (pages: readonly PageLocation[]): number =>
    pages.reduce((sum, page) => sum + page.compressed_page_size, 0)
  const [largest = []] = columns.toSorted((a, b) => sizeOf(b) - sizeOf(a))
  const cuts = [start]
  let bytes = 0
  for (const { compressed_page_size: size, first_row_index: first } of largest) {
    const row = start + Number(first)
    if (bytes > 0 && bytes + size > PIECE_BYTES && row > cuts[cuts.length - 1]) {
      cuts.push(row)
      bytes = 0
    }
    bytes += size
  }
  return cuts.map((cut, i) => ({ start: cut, end: cuts[i + 1] ?? end }))
}

function join(
  chunks: readonly { readonly at: number; readonly data: ArrayLike<unknown> }[],
): ArrayLike<unknown> {
  if (chunks.length === 1) return chunks[0].data
  return chunks.toSorted((a, b) => a.at - b.at).flatMap(({ data }) => Array.from(data))
}
