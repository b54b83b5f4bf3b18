import { dirname } from 'node:path'
import { DriftError } from '../../errors.ts'
import { readDelimited, readLines } from '../delimited-text.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import { columnsOf, findFields, readRecord, type RecordFields } from '../record-fields.ts'
import type { LocationProbe, OpenOptions, SourceFormat } from '../source-format.ts'
import { findTablePath, PATH_COLUMNS } from '../table-path.ts'
import { readTableText } from '../table-text.ts'
import { readModelOutputs } from '../model-outputs/output-columns.ts'

const NAME = /\.(csv|tsv|jsonl|ndjson)(?:\.gz)?$/i

/**
 * A CSV, TSV or JSON-lines table with one row per image: a path (relative to the table's folder) and,
 * where present, id, label, timestamp, prediction and the outputs of the user's own model; other columns become
 * attributes.
 */
export const manifestFormat: SourceFormat = {
  kind: 'manifest',
  title: 'CSV or JSON-lines table of image paths',
  accepts: ['column'],
  recognises: ({ path, isFolder }) => !isFolder && NAME.test(path),
  open: async (probe, options) => {
    requireFile(probe)
    return itemSource({
      kind: 'manifest',
      location: probe.path,
      idsMayRepeat: true,
      pixelLimit: options.pixelLimit,
      hintIfEmpty:
        probe.bytes.size === 0
          ? 'The table is an empty file.'
          : 'The table has no rows below its header: one row per image is expected.',
      order: options.order,
      items: () => readManifest(probe, options),
    })
  },
}

/** What such a table names lies beside it. */
function requireFile({ bytes: { file, location } }: LocationProbe): void {
  if (file !== undefined) return
  throw new DriftError(
    'source.unreadable',
    `expected a table of image paths on this machine, got ${location}`,
    { hint: 'Give the s3:// prefix of the images, or a Parquet table that holds their bytes.' },
  )
}

/** One row's cells by column, or why they can't be told. */
type Row = { readonly place: string } & (
  | { readonly cells: Readonly<Record<string, unknown>> }
  | { readonly error: DriftError }
)

async function* readManifest(
  probe: LocationProbe,
  { column }: OpenOptions,
): AsyncGenerator<ImageItem> {
  const folder = dirname(probe.path)
  let found: { pathColumn: string; fields: RecordFields } | undefined
  for await (const row of readRows(probe)) {
    const { place } = row
    if ('error' in row) {
      yield { record: { id: place }, error: row.error }
      continue
    }
    const { cells } = row
    const columns = Object.keys(cells)
    // A line of JSON may bring columns that earlier lines lacked.
    if (found === undefined || !isSame(columns, found)) found = matchColumns(columns, column, place)
    const path = cells[found.pathColumn]
    if (typeof path !== 'string' || path.trim() === '') {
      const got = JSON.stringify(path) ?? 'nothing'
      const message = `expected a path in column ${found.pathColumn}, got ${got} in ${place}`
      yield { record: { id: place }, error: new DriftError('source.unreadable', message) }
      continue
    }
    const record = readRecord(found.fields, (name) => cells[name], {
      fallbackId: path.trim(),
      where: place,
    })
    const modelOutputs = readModelOutputs(found.fields, (name) => cells[name], place)
    yield { record, modelOutputs, ...findTablePath(folder, path) }
  }
}

function readRows(probe: LocationProbe): AsyncGenerator<Row> {
  const extension = NAME.exec(probe.path)?.[1]?.toLowerCase()
  if (extension === 'csv') return readTable(probe, ',')
  if (extension === 'tsv') return readTable(probe, '\t')
  return readJsonLines(probe)
}

async function* readTable(probe: LocationProbe, delimiter: string): AsyncGenerator<Row> {
  let header: readonly string[] | undefined
  let number = 0
  for await (const row of readDelimited(readTableText(probe), delimiter)) {
    number++
    const place = `${probe.path}, row ${number}`
    if (header === undefined) {
      header = readHeader(row, place)
      continue
    }
    yield { place, ...readCells(row, header, place) }
  }
}

/** Column names; one that stands twice would leave open which of the two is meant. */
function readHeader(row: readonly string[], place: string): readonly string[] {
  const names = row.map((name) => name.trim())
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) < i)
  if (twice === undefined) return names
  throw new DriftError(
    'source.unreadable',
    `expected columns of different names, got ${JSON.stringify(twice)} twice in ${place}`,
    { hint: 'Rename one of the two columns in the header.' },
  )
}

function readCells(
  row: readonly string[],
  header: readonly string[],
  place: string,
): { cells: Record<string, string> } | { error: DriftError } {
  // Spreadsheets end rows with empty cells.
  const surplus = row.slice(header.length).some((cell) => cell !== '')
  if (surplus || row.length < header.length) {
    const message = `expected ${header.length} cells like the header, got ${row.length} in ${place}`
    return { error: new DriftError('source.unreadable', message) }
  }
  // Columns without a name hold what nobody can ask for.
  const named = header.flatMap((name, i) => (name === '' ? [] : [[name, row[i]] as const]))
  return { cells: Object.fromEntries(named) }
}

async function* readJsonLines(probe: LocationProbe): AsyncGenerator<Row> {
  let number = 0
  for await (const line of readLines(readTableText(probe))) {
    number++
    if (line.trim() === '') continue
    const place = `${probe.path}, line ${number}`
    yield { place, cells: parseObject(line, place) }
  }
}

function parseObject(line: string, place: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    const message = `expected one JSON object a line, got ${JSON.stringify(line.slice(0, 60))} in ${place}`
    throw new DriftError('source.unreadable', message, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new DriftError(
    'source.unreadable',
    `expected a JSON object, got ${line.slice(0, 60)} in ${place}`,
  )
}

function matchColumns(
  columns: readonly string[],
  wanted: string | undefined,
  place: string,
): { pathColumn: string; fields: RecordFields } {
  const accepted = wanted === undefined ? PATH_COLUMNS : [wanted.toLowerCase()]
  const pathColumn = columns.find((column) => accepted.includes(column.toLowerCase()))
  if (pathColumn === undefined) {
    throw new DriftError(
      'source.unreadable',
      `expected a column ${accepted.join(', ')}; got ${columns.join(', ')} in ${place}`,
      { hint: 'Name the column that holds the image paths: --column, or the option column.' },
    )
  }
  return { pathColumn, fields: findFields(columns.filter((column) => column !== pathColumn)) }
}

function isSame(
  columns: readonly string[],
  { pathColumn, fields }: { pathColumn: string; fields: RecordFields },
): boolean {
  const known = new Set([pathColumn, ...columnsOf(fields)])
  return columns.includes(pathColumn) && columns.every((column) => known.has(column))
}
