import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetRead,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

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

/** Opens a Parquet file; rejects with the reader's own error where it is none. */
export async function openParquet(path: string): Promise<ParquetTable> {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  let end = 0
  const rowGroups = metadata.row_groups.map(({ num_rows: size }) => {
    const start = end
    end += Number(size)
    return { start, end }
  })
  const reading = { file, metadata, compressors }
  return {
    fields: parquetSchema(metadata).children,
    rowCount: Number(metadata.num_rows),
    rowGroups,
    metadata: new Map(
      (metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value]),
    ),
    readRows: (columns, { start: rowStart, end: rowEnd }) =>
      parquetReadObjects({ ...reading, columns: [...columns], rowStart, rowEnd, utf8: false }),
    readColumns: async (columns, { start: rowStart, end: rowEnd }) => {
      const parts = new Map<string, { readonly at: number; readonly data: ArrayLike<unknown> }[]>()
      await parquetRead({
        ...reading,
        columns: [...columns],
        rowStart,
        rowEnd,
        onChunk: ({ columnName, columnData, rowStart: at }) => {
          const own = parts.get(columnName) ?? []
          parts.set(columnName, [...own, { at, data: columnData }])
        },
      })
      return new Map([...parts].map(([name, chunks]) => [name, join(chunks)]))
    },
  }
}

function join(
  chunks: readonly { readonly at: number; readonly data: ArrayLike<unknown> }[],
): ArrayLike<unknown> {
  if (chunks.length === 1) return chunks[0].data
  return chunks.toSorted((a, b) => a.at - b.at).flatMap(({ data }) => Array.from(data))
}
