import type { FileMetaData, RowGroup, SchemaTree } from 'hyparquet'
import { locatePages, type PageLocation, type Slices } from './pages.ts'

/** The pages of a row group's columns, by dotted path; of columns with repeated values there are none. */
export type LocatedColumns = Readonly<Record<string, readonly PageLocation[]>>

/**
 * Looks through all pages of some columns of a row group; rejects where they do not fit their column or each other. The
 * library that reads them trusts sizes and counts, and goes round in circles where a damaged file lies about them.
 */
export async function locateColumns(
  file: Slices & { readonly byteLength: number },
  {
    row_groups: groups,
    schema,
  }: { readonly row_groups: FileMetaData['row_groups']; readonly schema: SchemaTree },
  { group, columns }: { readonly group: number; readonly columns: readonly string[] },
): Promise<LocatedColumns> {
  const located: Record<string, readonly PageLocation[]> = {}
  const { columns: chunks, num_rows: rowCount } = groups[group]
  for (const { path, start, end } of chunkBytes({ columns: chunks }, columns)) {
    if (!(start >= 0 && end >= start && end <= file.byteLength)) {
      throw new Error(`column ${path.join('.')} lies outside the file`)
    }
    const { pages, rows } = await locatePages(file, { start, end })
    if (isRepeated(schema, path)) continue
    if (rows !== Number(rowCount)) {
      throw new Error(`column ${path.join('.')} has ${rows} rows of ${rowCount}`)
    }
    located[path.join('.')] = pages
  }
  return located
}

type ChunkBytes = { readonly path: readonly string[]; readonly start: number; readonly end: number }

function chunkBytes(
  { columns: chunks }: Pick<RowGroup, 'columns'>,
  columns: readonly string[],
): ChunkBytes[] {
  return chunks.flatMap(({ meta_data: meta }) => {
    if (meta === undefined || !columns.includes(meta.path_in_schema[0])) return []
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
    const end = start + Number(meta.total_compressed_size)
    return [{ path: meta.path_in_schema, start, end }]
  })
}

function isRepeated(schema: SchemaTree, path: readonly string[]): boolean {
  let node: SchemaTree | undefined = schema
  for (const name of path) {
    node = node?.children.find(({ element }) => element.name === name)
    if (node?.element.repetition_type === 'REPEATED') return true
  }
  return false
}
