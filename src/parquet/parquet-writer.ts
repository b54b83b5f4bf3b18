import type { SchemaElement } from 'hyparquet'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'

/** A column of numbers, or of texts or bytes that may be missing. */
export type ParquetColumn = {
  readonly name: string
  readonly type: 'float' | 'double' | 'int32' | 'text' | 'bytes'
}

/** A column's values; `undefined` where a text or bytes are missing. */
export type ParquetValues =
  | Float32Array
  | Float64Array
  | Int32Array
  | (string | undefined)[]
  | (Uint8Array | undefined)[]

/** A table that is being written, one group of rows after the other. */
export type ParquetWriting = {
  /** Values by column, equally many of each. */
  writeRows(values: ReadonlyMap<string, ParquetValues>): void
  /** Writes what the file says beside its rows, and ends it. */
  finish(metadata: Readonly<Record<string, string>>): void
}

/** Bytes of a page: of single numbers one of 4,096 rows, which who reads a part of a group reads alone. */
const PAGE_BYTES = 4 * 4096 + 1

const TYPES = {
  float: { type: 'FLOAT', repetition_type: 'REQUIRED' },
  double: { type: 'DOUBLE', repetition_type: 'REQUIRED' },
  int32: { type: 'INT32', repetition_type: 'REQUIRED' },
  text: {
    type: 'BYTE_ARRAY',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
    repetition_type: 'OPTIONAL',
  },
  bytes: { type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
} as const satisfies Readonly<Record<ParquetColumn['type'], Omit<SchemaElement, 'name'>>>

/** Starts a file of these columns; the same rows in the same groups are the same bytes. */
export function createParquetWriter(
  path: string,
  columns: readonly ParquetColumn[],
): ParquetWriting {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, ...TYPES[type] })),
    ],
    statistics: false,
    createdBy: 'pixeldrift',
  })
  return {
    writeRows: (values) => {
      const columnData = columns.map(({ name, type }) => ({
        name,
        data: values.get(name) ?? [],
        offsetIndex: false,
        // Numbers that hardly repeat gain nothing.
        ...(type !== 'text' &&
          type !== 'bytes' &&
          ({ encoding: 'PLAIN', codec: 'UNCOMPRESSED' } as const)),
      }))
      const rowGroupSize = columnData[0]?.data.length ?? 0
      void writer.write({ columnData, rowGroupSize, pageSize: PAGE_BYTES })
    },
    finish: (metadata) => {
      writer.kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }))
      void writer.finish()
    },
  }
}
